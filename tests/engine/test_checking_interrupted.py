"""Repairs and deletions that people cancel, pause, or take the chat or the rights away from."""

from __future__ import annotations

import pytest

from domain.finding import FindingState
from domain.job import JobStatus
from sandbox.world import Fault
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.follow_scenes import adopt, contents, repair
from tests.engine.structure_stage import ENDED

FORWARD, SEND = "messages.forwardMessages", "messages.sendMessage"
EDIT, DELETE = "messages.editMessage", "channels.deleteMessages"


@pytest.mark.parametrize(
    ("call", "killed"), [(FORWARD, True), (SEND, True), (SEND, False), (EDIT, True), (DELETE, False)]
)
async def test_a_cancelled_repair_leaves_nothing_to_double(stage: Stage, call: str, killed: bool) -> None:
    """The next verify and the next repair take what it has done for what it is."""
    stage.rig.world.random_ids.mode = "forgotten"
    held = Fault(call, "hold_after")
    async with checks(stage) as bench:
        scene = await repair(bench)
        stage.rig.world.faults.append(held)
        job = await bench.engine.service.order(scene.order, asker=bench.asker)
        await held.hit.wait()
        if killed:
            await bench.engine.die()
        await bench.engine.service.cancel(job.id, asker=bench.asker)
        held.release()
    assert scene.order.of_job is not None
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        bench = Checks(stage, engine)
        cleaned = await engine.jobs.get(scene.order.of_job)
        assert cleaned is not None
        if await bench.found(cleaned):
            await bench.repair(cleaned)
        assert await bench.found(cleaned) == set()
        assert contents(stage, stage.source) == contents(stage, stage.target)


@pytest.mark.parametrize("call", [EDIT, DELETE, SEND])
async def test_a_target_that_is_deleted_while_it_is_mended(stage: Stage, call: str) -> None:
    def delete() -> None:
        stage.target.deleted = True

    async with checks(stage) as bench:
        scene = await repair(bench)
        stage.rig.world.faults.append(Fault(call, "drop_before", then=delete))
        job = await bench.engine.service.order(scene.order, asker=bench.asker)
        job = await bench.engine.until(job, *ENDED)
        assert job.status is JobStatus.FAILED and "“Copy”" in str(job.failure)


@pytest.mark.parametrize("call", [EDIT, DELETE])
async def test_rights_that_are_taken_away_while_it_is_mended(stage: Stage, call: str) -> None:
    """What it may not do any more is told of each."""
    async with checks(stage) as bench:
        scene = await repair(bench)
        refused = Fault(call, "error", code=400, message="CHAT_ADMIN_REQUIRED", times=9)
        stage.rig.world.faults.append(refused)
        states = await bench.states(await bench.ended(scene.order))
        assert set(states.values()) == {FindingState.MENDED, FindingState.FAILED}


async def test_protection_that_comes_on_while_it_is_mended(stage: Stage) -> None:
    def protect() -> None:
        stage.source.noforwards = True

    async with checks(stage) as bench:
        scene = await repair(bench)
        stage.rig.world.faults.append(Fault(FORWARD, "drop_before", then=protect))
        job = await bench.engine.service.order(scene.order, asker=bench.asker)
        job = await bench.engine.until(job, *ENDED)
        assert job.status is JobStatus.FAILED and "protects its content" in str(job.failure)
        stage.source.noforwards = False
        await bench.engine.service.resume(job.id, asker=bench.asker)
        job = await bench.engine.until(job, JobStatus.COMPLETED)
        assert await scene.judge(bench, job) == []


@pytest.mark.parametrize("side", ["source", "target"])
async def test_an_adoption_outlives_the_loss_of_a_chat(stage: Stage, side: str) -> None:
    """While both are read; it names the chat, and goes on once that is back."""
    lost = getattr(stage, side)

    def lose() -> None:
        lost.deleted = True

    async with checks(stage) as bench:
        scene = await adopt(bench)
        job = await bench.engine.service.order(scene.order, asker=bench.asker)
        stage.rig.world.faults.append(Fault("messages.getHistory", "drop_before", skip=1, then=lose))
        job = await bench.engine.until(job, *ENDED)
        assert job.status is JobStatus.FAILED and f"“{lost.title}”" in str(job.failure)
        lost.deleted = False
        await bench.engine.service.retry(job.id, asker=bench.asker)
        job = await bench.engine.until(job, JobStatus.COMPLETED)
        assert await scene.judge(bench, job) == []
