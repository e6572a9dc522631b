"""Orders about a job that is there: who may give them, what they need, and what they then do."""

from __future__ import annotations

from typing import Any

import pytest

from domain.asker import AT_THE_TERMINAL, Asker
from domain.errors import AlreadyOrdered, NoPostRight, NoSuchJob, ProtectedSource
from domain.job import Job, JobKind, JobStatus
from domain.refusals import (
    NoJobBetween,
    NothingSkipped,
    NothingToCheck,
    NothingToDelete,
    NothingToMend,
    NotVerifiedYet,
    StillCopying,
)
from domain.typed import Typed
from domain.wishes import NewChatKind
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, compared, mark

FORWARD = "messages.forwardMessages"


async def about(engine: Engine, stage: Stage, job: Job, kind: JobKind, **said: Any) -> Job:
    typed = Typed(kind=kind, of_job=job.id, **said)
    return await engine.service.order(typed, asker=Asker(stage.owner.id))


async def copied(engine: Engine, stage: Stage, messages: int = 5) -> Job:
    stage.rig.post(stage.source, stage.owner, messages)
    await engine.log_in(stage.owner)
    engine.start()
    job = await engine.order(stage.owner, stage.source, stage.target)
    return await engine.until(job, JobStatus.COMPLETED)


async def test_a_verify_belongs_to_the_jobs_owner_and_uses_its_account(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await copied(engine, stage)
        with pytest.raises(NoSuchJob):
            await engine.service.order(Typed(kind=JobKind.VERIFY, of_job=job.id), asker=Asker(4711))
        verify = await engine.service.order(Typed(kind=JobKind.VERIFY, of_job=job.id), asker=AT_THE_TERMINAL)
        assert (verify.owner_id, verify.account_id, verify.of_job) == (job.owner_id, job.account_id, job.id)
        assert (verify.source, verify.target) == (job.source, job.target)
        await engine.until(verify, JobStatus.COMPLETED)
        names = {"source": mark(stage.source), "target": mark(stage.target)}
        second = await engine.service.order(Typed(kind=JobKind.VERIFY, **names), asker=Asker(stage.owner.id))
        assert second.of_job == job.id and second.id != verify.id
        with pytest.raises(NoJobBetween):
            await engine.service.order(
                Typed(kind=JobKind.VERIFY, source=names["target"], target=names["source"]),
                asker=Asker(stage.owner.id),
            )


async def test_what_cannot_be_checked_yet(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        waiting = await engine.order(stage.owner, stage.source, stage.target)
        with pytest.raises(StillCopying, match="pending"):
            await about(engine, stage, waiting, JobKind.VERIFY)
        cancelled = await engine.service.cancel(waiting.id, asker=Asker(stage.owner.id))
        with pytest.raises(NothingToCheck):
            await about(engine, stage, cancelled, JobKind.VERIFY)
        with pytest.raises(NotVerifiedYet):
            await about(engine, stage, cancelled, JobKind.REPAIR)
        with pytest.raises(NothingToDelete):
            await about(engine, stage, cancelled, JobKind.DEDUPE, delete=True)
        with pytest.raises(NothingSkipped):
            await about(engine, stage, cancelled, JobKind.CLONE, skipped=True)
        with pytest.raises(NoSuchJob):
            await engine.service.order(Typed(kind=JobKind.VERIFY, of_job=99), asker=Asker(stage.owner.id))


async def test_what_a_verify_found_is_repaired_once(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await copied(engine, stage)
        lost = await engine.store.map.targets(job.id, [3])
        stage.rig.world.delete(stage.owner.id, ("channel", stage.target.id), list(lost.values()))
        verify = await about(engine, stage, job, JobKind.VERIFY)
        await engine.until(verify, JobStatus.COMPLETED)
        stage.source.noforwards = True
        with pytest.raises(ProtectedSource):
            await about(engine, stage, job, JobKind.REPAIR)
        stage.source.noforwards = False
        repair = await about(engine, stage, verify, JobKind.REPAIR)  # its number means the same job
        assert repair.of_job == job.id
        assert repair.wishes.selection.ids == (3,)
        repair = await engine.until(repair, JobStatus.COMPLETED)
        assert repair.progress.copied == 1
        with pytest.raises(NothingToMend):
            await about(engine, stage, job, JobKind.REPAIR)


async def test_a_repair_needs_the_right_to_post(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await copied(engine, stage)
        lost = await engine.store.map.targets(job.id, [3])
        stage.rig.world.delete(stage.owner.id, ("channel", stage.target.id), list(lost.values()))
        await engine.until(await about(engine, stage, job, JobKind.VERIFY), JobStatus.COMPLETED)
        stage.target.members[stage.owner.id] = "member"
        with pytest.raises(NoPostRight):
            await about(engine, stage, job, JobKind.REPAIR)


async def test_copied_anew_into_a_new_chat(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await copied(engine, stage)
        anew = await about(engine, stage, job, JobKind.REPAIR, new_target=True, new_title="Mended")
        assert (anew.kind, anew.of_job, anew.target.title) == (JobKind.CLONE, None, "Mended")
        assert anew.wishes.new_chat is not None
        assert anew.wishes.new_chat.kind is NewChatKind.CHANNEL
        anew = await engine.until(anew, JobStatus.COMPLETED)
        assert anew.progress.copied == 5
        made = stage.rig.world.channels[anew.target.peer.id]
        assert made.title == "Mended"
        assert compared(stage.rig, stage.source, made).same


async def test_what_was_refused_is_tried_again(stage: Stage) -> None:
    fault = Fault(FORWARD, "error", message="MEDIA_INVALID", times=1000)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        job = await copied(engine, stage, messages=3)
        assert (job.progress.copied, job.progress.skipped) == (0, 4)
        stage.rig.world.faults.clear()
        again = await about(engine, stage, job, JobKind.CLONE, skipped=True)
        assert again.wishes.selection.ids == (2, 3, 4)
        again = await engine.until(again, JobStatus.COMPLETED)
        assert again.progress.copied == 3
        assert sorted(await engine.store.map.targets(job.id, [2, 3, 4])) == [2, 3, 4]
        with pytest.raises(NothingSkipped):
            await about(engine, stage, job, JobKind.CLONE, skipped=True)
        verify = await about(engine, stage, job, JobKind.VERIFY)
        await engine.until(verify, JobStatus.COMPLETED)
        assert await engine.findings.page(verify.id) == []


async def test_the_same_check_twice_is_one_job(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await copied(engine, stage)
        await engine.dispatcher.stop()
        verify = await about(engine, stage, job, JobKind.VERIFY)
        with pytest.raises(AlreadyOrdered, match=f"Job {verify.id} "):
            await about(engine, stage, job, JobKind.VERIFY)


async def test_a_listing_of_doubles_names_one_chat(stage: Stage) -> None:
    stage.source.noforwards = True  # it is looked at, not copied
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.service.order(
            Typed(kind=JobKind.DEDUPE, source=mark(stage.source)), asker=Asker(stage.owner.id)
        )
        assert job.source == job.target
        with pytest.raises(NothingToDelete):
            await about(engine, stage, job, JobKind.DEDUPE, delete=True)
