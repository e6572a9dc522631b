"""Messages deleted at the source just before a call was carried out whose answer then never came."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from domain.message import SkipReason
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared

MODES = ["documented", "duplicate", "mapping_only", "forgotten"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("left", [0, 1, 2])
async def test_of_equal_neighbours_the_one_that_still_stands_was_copied(
    stage: Stage, mode: str, left: int
) -> None:
    """Three equal texts, two of them vanish, one copy stands in the target: the third one's."""
    stage.rig.world.random_ids.mode = mode
    source = ("channel", stage.source.id)
    texts = [{"text": f"post {n}"} for n in range(5)] + [{"text": "ok"}] * 3 + [{"text": "the end"}]
    ids = [m.id for _, m in stage.rig.world.send(stage.owner.id, source, texts)]
    doomed = [i for n, i in enumerate(ids[5:8]) if n != left]
    fault = Fault("messages.forwardMessages", "hold_before")
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        stage.rig.world.delete(stage.owner.id, source, doomed)
        await engine.die()
    fault.release()  # it is carried out although nobody is there any more to hear the answer
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
        assert job.progress.copied == len(ids) - 2
        skips = [s.source_id for s in await engine.store.skips(job.id) if s.reason is SkipReason.DELETED]
        assert skips == doomed
