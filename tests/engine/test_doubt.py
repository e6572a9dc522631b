"""A job is handed to a person for doubts only."""

from __future__ import annotations

from domain.job import JobStatus
from engine.retry import DOUBTS
from sandbox.world import Fault
from tests.engine.conftest import Stage

FORWARD = "messages.forwardMessages"


async def test_waiting_often_is_no_doubt(stage: Stage) -> None:
    """Many orders to wait, then one lost connection: the job goes on by itself."""
    stage.rig.post(stage.source, stage.owner, 20)
    stage.rig.world.faults.append(Fault(FORWARD, "flood", seconds=0, times=DOUBTS + 2))
    stage.rig.world.faults.append(Fault(FORWARD, "drop_after"))
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        job = await engine.until(job, JobStatus.COMPLETED, JobStatus.PAUSED)
        assert job.status is JobStatus.COMPLETED
