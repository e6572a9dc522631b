"""Who answers a message of a step in doubt answers its copy, although nothing but the journal knows of it."""

from __future__ import annotations

from domain.job import JobStatus
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared

FORWARD = "messages.forwardMessages"


async def test_killed_before_the_answers_were_planned(stage: Stage) -> None:
    """The next life plans the second page before the first one, which was in doubt, has arrived."""
    stage.rig.post(stage.source, stage.owner, 99)  # with the channel's own first message a page
    answers = [{"text": f"answer {n}", "reply_to": 50 + n} for n in range(3)]
    stage.rig.world.send(stage.owner.id, ("channel", stage.source.id), answers)
    fault = Fault(FORWARD, "hold_before", discard=True)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        await engine.die()
    fault.release()
    stage.rig.world.faults.append(Fault(FORWARD, "delay", seconds=0.2))
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
    found = compared(stage.rig, stage.source, stage.target)
    assert found.same, found
