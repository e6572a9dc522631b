"""Verify and repair of single topics, of targets that are topics, and of chats that the job made."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind, FindingState
from domain.job import Job, JobStatus
from domain.typed import Typed
from sandbox.world import Fault
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.settings_stage import Forum, furnish
from tests.engine.workbench import mark

MISSING, SETTING = FindingKind.MISSING, FindingKind.SETTING


def place(chat_id: int, topic: int) -> str:
    return f"https://t.me/c/{chat_id}/{topic}"


async def topic_copied(bench: Checks, made: Forum, kind: str, *, general: bool = False) -> Job:
    """The first topic, or General, copied into what `kind` says."""
    stage = bench.stage
    source = place(stage.source.id, 1 if general else made.topics[0])
    if kind == "channel":
        stage.target = stage.rig.world.add_channel("Plain", stage.owner)
    target = mark(stage.target)
    if kind == "topic":
        target = place(stage.target.id, stage.rig.world.add_topic(stage.target, "Here", stage.owner).id)
    return await bench.ended(Typed(source=source, target=target))


@pytest.mark.parametrize("general", [False, True])
@pytest.mark.parametrize("kind", ["channel", "forum", "topic"])
async def test_a_single_topic(stage: Stage, kind: str, general: bool) -> None:
    made = furnish(stage)
    async with checks(stage) as bench:
        job = await topic_copied(bench, made, kind, general=general)
        assert await bench.found(job) == set()
        made.copies = copies = await bench.copies(job)
        pinned = made.pinned[0 if general else 1]
        assert pinned in copies
        made.unpin(pinned)
        planted = {(SETTING, pinned, copies[pinned])}
        if kind == "forum" and not general:
            made.change(copies[made.topics[0]], title="Another")
            planted.add((SETTING, made.topics[0], copies[made.topics[0]]))
        if kind == "topic":
            made.change(job.target.topic_id, title="Not the job's business")
        assert await bench.found(job) == planted
        assert set((await bench.states(await bench.repair(job))).values()) == {FindingState.MENDED}
        assert await bench.found(job) == set()


async def test_a_single_topic_whose_copy_is_gone(stage: Stage) -> None:
    made = furnish(stage)
    async with checks(stage) as bench:
        job = await topic_copied(bench, made, "forum")
        copies = await bench.copies(job)
        stage.rig.world.delete_topic(stage.owner.id, ("channel", stage.target.id), copies[made.topics[0]])
        assert await bench.found(job) == {(MISSING, n, copy) for n, copy in copies.items()}
        assert set((await bench.states(await bench.repair(job))).values()) == {FindingState.MENDED}
        assert await bench.found(job) == set()
        assert len([t for t in stage.target.topics.values() if t.title == "One"]) == 1


async def test_a_made_chat_keeps_its_own_title(stage: Stage) -> None:
    furnish(stage)
    async with checks(stage) as bench:
        new = Typed(source=mark(stage.source), new_target=True, new_title="Brand new", profile=True)
        job = await bench.ended(new)
        assert await bench.found(job) == set()
        stage.target = stage.rig.world.channels[job.target.peer.id]
        stage.target.about = "Somebody's joke"
        assert await bench.found(job) == {(SETTING, 0, 0)}
        assert await bench.states(await bench.repair(job)) == {(SETTING, 0): FindingState.MENDED}
        assert (stage.target.title, stage.target.about) == ("Brand new", "Talk")
        assert await bench.found(job) == set()


async def test_a_job_that_was_given_up_has_set_nothing_yet(stage: Stage) -> None:
    """Its pins come last; the first is under way when it is cancelled."""
    stage.rig.post(stage.source, stage.owner, 20)
    for number in (5, 6):
        stage.rig.world.pin(stage.owner.id, ("channel", stage.source.id), number)
    async with checks(stage) as bench:
        held = Fault("messages.updatePinnedMessage", "hold_after")
        stage.rig.world.faults.append(held)
        order = Typed(source=mark(stage.source), target=mark(stage.target))
        job = await bench.engine.service.order(order, asker=bench.asker)
        await held.hit.wait()
        await bench.engine.service.cancel(job.id, asker=bench.asker)
        held.release()
        job = await bench.engine.until(job, JobStatus.CANCELLED)
        assert await bench.found(job) == set()


async def test_two_forums_in_one_target(stage: Stage) -> None:
    """Either's pinned topics are in order, whichever come first."""
    furnish(stage)
    async with checks(stage) as bench:
        first = await bench.clone()
        second = await bench.clone(again=True)
        assert len(stage.target.pinned_topics) == 4
        assert await bench.found(first) == await bench.found(second) == set()
        stage.target.pinned_topics.reverse()
        for job in (first, second):
            assert await bench.found(job) == {(SETTING, 0, 0)}
            await bench.repair(job)
            assert await bench.found(job) == set()
