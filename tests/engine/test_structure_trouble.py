"""Trouble at the end of a copy: references that are too old, a target that is gone."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from domain.wishes import Wishes
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, add_job, chat_of, copied, say
from tests.engine.workbench import compared

PROFILE = Wishes(profile=True)


async def test_a_photo_is_asked_for_again_when_its_reference_is_too_old(stage: Stage) -> None:
    stage.source.photo = stage.rig.world.add_media("photo", b"\xff\xd8\xff" + b"p" * 300)
    fault = Fault("channels.editPhoto", "error", message="FILE_REFERENCE_EXPIRED")
    stage.rig.world.faults.append(fault)
    await copied(stage, stage.source, stage.target, wishes=PROFILE)
    assert compared(stage.rig, stage.source, stage.target, profile=True).same
    assert fault.hits == 1


@pytest.mark.parametrize("method", ["messages.updatePinnedMessage", "channels.editTitle"])
async def test_a_job_fails_when_its_target_is_deleted_at_the_end(stage: Stage, method: str) -> None:
    """Not even what had arrived is there any more: nobody may read that all is well."""
    (post,) = say(stage, stage.source, "one")
    stage.rig.world.pin(stage.owner.id, ("channel", stage.source.id), post)

    def delete() -> None:
        stage.target.deleted = True

    stage.rig.world.faults.append(Fault(method, "pass", then=delete))
    async with stage.engine() as engine:
        ends = chat_of(stage, stage.source), chat_of(stage, stage.target)
        job = await add_job(engine, stage, *ends, wishes=PROFILE)
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.FAILED
    assert "“Copy”" in str(job.failure)
