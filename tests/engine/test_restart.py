"""Killed at the worst moments: the next start settles what was in flight, whatever Telegram remembers."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from engine.events import JobResumed
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared

MODES = ["documented", "duplicate", "mapping_only", "forgotten"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_with_a_step_in_flight(stage: Stage, mode: str, moment: str) -> None:
    """`hold_before`: nothing of the step reaches the target; `hold_after`: all of it does, unanswered."""
    stage.rig.world.random_ids.mode = mode
    texts = [{"text": "ok" if n % 3 else f"post {n}"} for n in range(330)]
    stage.rig.world.send(stage.owner.id, ("channel", stage.source.id), texts)
    fault = Fault("messages.forwardMessages", moment, skip=1, discard=True)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        await engine.die()
        assert (await engine.store.step_in_flight(job.id)) is not None
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        (told,) = [event for event in engine.seen if isinstance(event, JobResumed)]
        assert told.job.resumed_from == 101  # 100 posts behind the channel's own first message
        engine.start()
        job = await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
        assert await engine.store.map.count(job.id) == 330


async def test_other_people_post_while_a_step_is_in_doubt(stage: Stage) -> None:
    stage.rig.world.random_ids.mode = "forgotten"
    stage.rig.post(stage.source, stage.owner, 200)
    guest = stage.rig.world.add_user("Guest")
    stage.target.members[guest.id] = "admin"
    fault = Fault("messages.forwardMessages", "hold_after")
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        stage.rig.world.send(guest.id, ("channel", stage.target.id), [{"text": "hello from me"}])
        await engine.die()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
        result = compared(stage.rig, stage.source, stage.target)
        assert result.foreign.count == 1
        assert not result.missing.count + result.doubled.count + result.out_of_order.count


async def test_messages_from_before_the_order_are_not_taken_for_copies(stage: Stage) -> None:
    same = [{"text": f"post {n}"} for n in range(120)]
    for chat in (stage.source, stage.target):
        stage.rig.world.send(stage.owner.id, ("channel", chat.id), same)
    before = 121
    stage.rig.world.faults.append(Fault("messages.forwardMessages", "drop_before"))
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target, target_after=before).same


async def test_a_clean_stop_leaves_nothing_in_doubt(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 450)
    fault = Fault("messages.forwardMessages", "delay", seconds=0.2, skip=1)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        await engine.dispatcher.stop()
        stopped = await engine.until(job, JobStatus.PENDING)
        assert stopped.progress.copied == 200  # the batch that was on its way is finished and recorded
        assert await engine.store.step_in_flight(job.id) is None
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
