"""The orders, given in the chat with the bot."""

from __future__ import annotations

import time
from collections.abc import Sequence

from cli.demonstration.failure import Obstacle
from cli.demonstration.screen import Screen
from cli.demonstration.stage import Stage
from cli.demonstration.waiting import until
from domain.job import Job
from domain.peer import CHANNEL_MARK
from sandbox.scenario import Pair

#: Seconds that the bot may take to say something.
PATIENCE = 30.0
#: Seconds after which a bot that talked but made no job has refused.
REFUSED_AFTER = 2.0


async def greet(stage: Stage, screen: Screen) -> None:
    """Returns once the bot answers. Raises Obstacle when it does not."""
    said = await stage.chat.say("/start")
    screen.say(stage.chat.name, "/start")

    async def answered() -> list[str]:
        stage.check()
        return await stage.chat.heard(after=said)

    answer = await until(answered, what="The bot did not answer", seconds=PATIENCE)
    screen.say("bot", _first_line(answer[0]))


async def order_all(stage: Stage, pairs: Sequence[Pair], screen: Screen) -> None:
    """Orders one job after the other, and returns once the bot has answered to all. Raises Obstacle.

    The bot keeps to Telegram's pace when it answers; the jobs need not wait for that.
    """
    before = await stage.chat.last_id()
    jobs = [await order(stage, pair, screen) for pair in pairs]
    for job in jobs:
        screen.say("bot", await _answer(stage, job, before))


async def order(stage: Stage, pair: Pair, screen: Screen) -> Job:
    """Returns once the job is made. Raises Obstacle with the bot's words when it refuses."""
    command = f"/clone {pair.source_ref} {pair.target_ref}"
    said = await stage.chat.say(command)
    screen.say(stage.chat.name, command)
    heard_at: float | None = None

    async def made() -> Job | None:
        nonlocal heard_at
        stage.check()
        if job := await _job_to(stage, pair):
            return job
        if heard := await stage.chat.heard(after=said):
            heard_at = heard_at or time.monotonic()
            if time.monotonic() - heard_at > REFUSED_AFTER:  # until then it may be about something else
                raise Obstacle(f"The bot refused: {heard[-1].rstrip('.')}")
        return None

    return await until(made, what=f"The bot did nothing about {command}", seconds=PATIENCE)


async def _answer(stage: Stage, job: Job, before: int) -> str:
    """The first line of the job's card."""
    beginning = f"Job {job.id} "

    async def card() -> str | None:
        stage.check()
        heard = await stage.chat.heard(after=before)
        return next((_first_line(text) for text in heard if text.startswith(beginning)), None)

    return await until(card, what=f"The bot did not show job {job.id}", seconds=PATIENCE)


async def _job_to(stage: Stage, pair: Pair) -> Job | None:
    target = CHANNEL_MARK - pair.target[1]
    jobs = await stage.jobs.list(limit=1_000)
    return next((job for job in jobs if job.target.peer.marked_id == target), None)


def _first_line(text: str) -> str:
    return text.splitlines()[0]
