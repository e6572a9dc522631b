"""Pause, resume, cancel, limits: who may, when it takes effect, and that nothing is lost by it."""

from __future__ import annotations

import asyncio

import pytest

from domain.asker import Asker
from domain.errors import IllegalMove, NoSuchJob, PausedByAdmin
from domain.job import Job, JobStatus, PauseReason
from engine.events import Event, JobChanged
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, compared

FORWARD = "messages.forwardMessages"
ADMIN = Asker(1, is_admin=True)


async def test_a_pause_ends_after_the_batch_in_flight_and_a_resume_goes_on_from_there(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 400)
    held = Fault(FORWARD, "hold_before", skip=1)
    stage.rig.world.faults.append(held)
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await held.hit.wait()
        paused = await engine.service.pause(job.id, asker=me)
        assert (paused.status, paused.pause_reason) == (JobStatus.PAUSED, PauseReason.OWNER)
        await engine.service.resume(job.id, asker=me)
        await engine.service.pause(job.id, asker=me)
        held.release()
        stopped = await engine.when(job, lambda now: now.progress.copied == 200)
        assert stopped.status is JobStatus.PAUSED
        with pytest.raises(IllegalMove):
            await engine.service.pause(job.id, asker=me)
        await engine.service.resume(job.id, asker=me)
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same


async def test_a_cancelled_job_sends_nothing_more(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 400)
    held = Fault(FORWARD, "hold_before", skip=1)
    stage.rig.world.faults.append(held)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await held.hit.wait()
        await engine.service.cancel(job.id, asker=Asker(stage.owner.id))
        held.release()
        job = await engine.when(job, lambda now: now.progress.copied == 200)
        assert job.status is JobStatus.CANCELLED
        assert [call for call, _ in stage.rig.world.calls].count(FORWARD) == 2
        with pytest.raises(IllegalMove):
            await engine.service.resume(job.id, asker=Asker(stage.owner.id))


async def test_nobody_sees_or_touches_anothers_job(stage: Stage) -> None:
    stranger = Asker(4711)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        for verb in ("get", "pause", "resume", "cancel", "skips"):
            with pytest.raises(NoSuchJob):
                await getattr(engine.service, verb)(job.id, asker=stranger)
        assert await engine.service.list(asker=stranger) == []
        assert await engine.service.list(asker=stranger, everyone=True) == []
        assert [j.id for j in await engine.service.list(asker=ADMIN, everyone=True)] == [job.id]


async def test_what_an_admin_paused_only_an_admin_resumes(stage: Stage) -> None:
    second = stage.rig.world.add_channel("Second", stage.owner)
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        first = await engine.order(stage.owner, stage.source, stage.target)
        other = await engine.order(stage.owner, stage.source, second)
        await engine.service.pause(other.id, asker=me)
        assert await engine.service.pause_all(asker=ADMIN) == 1
        with pytest.raises(PausedByAdmin):
            await engine.service.resume(first.id, asker=me)
        assert await engine.service.resume_all(asker=ADMIN) == 1
        assert (await engine.service.get(first.id, asker=me)).status is JobStatus.PENDING
        assert (await engine.service.get(other.id, asker=me)).pause_reason is PauseReason.OWNER
        for verb in (engine.service.pause_all, engine.service.resume_all):
            with pytest.raises(PermissionError):
                await verb(asker=me)


async def test_no_more_run_at_once_than_the_limits_say_and_all_get_done(stage: Stage) -> None:
    world = stage.rig.world
    second = world.add_user("Second", phone="15550002")
    running: set[int] = set()
    most = {"all": 0, "one": 0}
    owners: dict[int, int] = {}

    def watch(event: Event) -> None:
        if not isinstance(event, JobChanged):
            return
        owners[event.job.id] = event.job.owner_id
        (running.add if event.job.status is JobStatus.RUNNING else running.discard)(event.job.id)
        most["all"] = max(most["all"], len(running))
        for owner in (stage.owner.id, second.id):
            most["one"] = max(most["one"], sum(owners[job] == owner for job in running))

    world.faults.append(Fault(FORWARD, "delay", seconds=0.02, times=1000))
    async with stage.engine(max_user=3, max_total=5) as engine:
        engine.events.subscribe(watch)
        orders: list[tuple[Job, object]] = []
        for owner in (stage.owner, second):
            await engine.log_in(owner)
            source = world.add_channel(f"Source of {owner.id}", owner)
            stage.rig.post(source, owner, 120)
            for number in range(10):
                target = world.add_channel(f"Copy {number} of {owner.id}", owner)
                orders.append((await engine.order(owner, source, target), (source, target)))
        engine.start()
        await asyncio.gather(*(ended(engine, job) for job, _ in orders))
        for _, (source, target) in orders:
            assert compared(stage.rig, source, target).same
        assert most == {"all": 5, "one": 3}


async def ended(engine: Engine, job: Job) -> None:
    await engine.until(job, JobStatus.COMPLETED)
