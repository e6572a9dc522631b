"""Several jobs into one target: they take turns, and after a kill each finds its own copies."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from sandbox.world import Fault
from sandbox.world.random_ids import MODES
from tests.engine.conftest import Stage

FORWARD = "messages.forwardMessages"
MESSAGES = 450


def texts(stage: Stage, name: str) -> list[str]:
    """What stands in the target and begins with that name; half of each source is equal in both."""
    box = stage.rig.world.box_for(stage.owner.id, ("channel", stage.target.id))
    return [m.text for _, m in sorted(box.by_id.items()) if m.text.startswith(name)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_in_the_middle_each_job_finds_its_own(stage: Stage, mode: str, moment: str) -> None:
    world = stage.rig.world
    world.random_id_mode = mode
    second = world.add_channel("Second", stage.owner)
    for name, source in (("one", stage.source), ("two", second)):
        specs = [{"text": "both" if n % 2 else f"{name} {n}"} for n in range(MESSAGES)]
        world.send(stage.owner.id, ("channel", source.id), specs)
    held = Fault(FORWARD, moment, skip=4, discard=True)
    world.faults.append(held)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        jobs = [await engine.order(stage.owner, source, stage.target) for source in (stage.source, second)]
        engine.start()
        await held.hit.wait()
        await engine.die()
    held.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        for job in jobs:
            ended = await engine.until(job, JobStatus.COMPLETED)
            assert ended.progress.copied == MESSAGES
    for name in ("one", "two"):
        assert texts(stage, name) == [f"{name} {n}" for n in range(0, MESSAGES, 2)]
    assert len(texts(stage, "both")) == MESSAGES
