"""One job from order to end, and the ways in which a step can end in doubt."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from domain.message import SkipReason
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared
from tests.sandbox.waiting import until


async def test_everything_arrives_in_order(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 350)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        job = await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
        assert (job.progress.copied, job.progress.skipped, job.progress.total) == (350, 1, 351)
        assert await engine.store.map.count(job.id) == 350
        assert [skip.reason for skip in await engine.store.skips(job.id)] == [SkipReason.SERVICE]
        assert await engine.store.step_in_flight(job.id) is None


MODES = ["documented", "duplicate", "mapping_only", "forgotten"]
BROKEN = [
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "error_after", "code": 500, "message": "RPC_CALL_FAIL"},
]
REFUSED = [  # nothing is committed, so what Telegram remembers makes no difference
    {"action": "error", "code": 500, "message": "RPC_CALL_FAIL"},
    {"action": "error", "code": 500, "message": "RANDOM_ID_DUPLICATE"},
]
CASES = [(mode, trouble) for mode in MODES for trouble in BROKEN] + [("documented", t) for t in REFUSED]


@pytest.mark.parametrize(("mode", "trouble"), CASES)
async def test_a_step_in_doubt_is_settled(stage: Stage, mode: str, trouble: dict) -> None:
    stage.rig.world.random_ids.mode = mode
    stage.rig.world.send(stage.owner.id, ("channel", stage.source.id), [{"text": "ok"} for _ in range(150)])
    stage.rig.post(stage.source, stage.owner, 100)
    stage.rig.world.faults.append(Fault("messages.forwardMessages", skip=1, **trouble))
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        job = await engine.until(job, JobStatus.COMPLETED, JobStatus.PAUSED, JobStatus.FAILED)
        assert job.status is JobStatus.COMPLETED
        assert compared(stage.rig, stage.source, stage.target).same
        assert stage.rig.world.faults[0].hits == 1


async def test_a_job_never_sends_twice_at_once_but_reads_ahead(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 500)
    held = Fault("messages.forwardMessages", "hold_before")
    stage.rig.world.faults.append(held)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await held.hit.wait()
        await until(lambda: _pages(stage) >= 2)
        assert [call for call, _ in stage.rig.world.calls].count("messages.forwardMessages") == 1
        held.release()
        await engine.until(job, JobStatus.COMPLETED)


def _pages(stage: Stage) -> int:
    return [call for call, _ in stage.rig.world.calls].count("messages.getHistory")
