"""At Telegram's own pace, on a server that enforces it: many jobs in one chat, private and group."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

from bot.traffic import Pace
from domain.job import JobStatus
from tests.bot.stage import Person, Seen, Stage

LATE = 0.07  # seconds that a request may be under way


def gaps(seen: list[Seen]) -> list[float]:
    return [after.at - before.at for before, after in pairwise(seen)]


async def watch(stage: Stage, seconds: float, people: list[Person]) -> None:
    """Everybody orders three jobs, and all of them go on like mad for that long."""
    await asyncio.gather(*(person.ask(f"/clone @{n} @b") for person in people for n in range(3)))
    for job_id in stage.engine.all:
        stage.engine.move(job_id, JobStatus.RUNNING)
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        for job_id in stage.engine.all:
            stage.engine.advance(job_id, 7)
        await asyncio.sleep(0.01)


async def test_jobs_share_their_chat_s_limit() -> None:
    async with Stage(Pace(), limits=True) as stage:
        stage.start()
        in_group, _ = stage.group(stage.bert, stage.alice)
        await watch(stage, 7, [stage.alice, in_group])
        for person in (stage.alice, in_group):
            edits = [one for one in person.seen if one.kind == "edit"]
            cards = [[one for one in edits if one.id == message.id] for message in person.messages]
            counts = sorted(len(card) for card in cards)
            assert len(counts) == 3 and counts[0] >= 1 and counts[-1] <= counts[0] + 1, "all in turn"
            assert min(gaps(edits)) > 1 - LATE
            assert all(gap > 3 - LATE for card in cards for gap in gaps(card))
        assert stage.api.refused == 0
