"""Answers that leave out messages which still stand in the source: those go out late, none is forgotten."""

from __future__ import annotations

import asyncio

from domain.job import JobStatus
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared

FORWARD = "messages.forwardMessages"
LEFT_OUT = [5, 6, 7]


def leave_out(stage: Stage) -> Fault:
    """A forward that overlooks LEFT_OUT, as an overloaded Telegram does (WORKER_BUSY_TOO_LONG_RETRY)."""

    def overlook() -> None:
        box = stage.rig.world.box_for(stage.owner.id, ("channel", stage.source.id))
        kept = {number: box.by_id.pop(number) for number in LEFT_OUT}
        asyncio.get_running_loop().call_soon(box.by_id.update, kept)  # right after this call

    return Fault(FORWARD, "pass", then=overlook)


async def test_what_an_answer_leaves_out_is_sent_next(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    stage.rig.world.faults.append(leave_out(stage))
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        job = await engine.until(job, JobStatus.COMPLETED)
        assert job.progress.copied == 250
    found = compared(stage.rig, stage.source, stage.target)
    assert (found.missing.count, found.doubled.count) == (0, 0)


async def test_late_messages_that_are_refused_together_survive_a_kill_between_their_parts(
    stage: Stage,
) -> None:
    """The cursor has passed them already: what is not in the journal would never be planned again."""
    stage.rig.post(stage.source, stage.owner, 250)
    held = Fault(FORWARD, "hold_before", discard=True)
    stage.rig.world.faults += [leave_out(stage), Fault(FORWARD, "error", message="MEDIA_EMPTY"), held]
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await held.hit.wait()
        await engine.die()
    held.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, JobStatus.COMPLETED)
        assert job.progress.copied == 250
    found = compared(stage.rig, stage.source, stage.target)
    assert (found.missing.count, found.doubled.count) == (0, 0)
