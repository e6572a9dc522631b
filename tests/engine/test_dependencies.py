"""Jobs that wait for others: started when those are complete, told when that can't be, never in a circle."""

from __future__ import annotations

import asyncio

import pytest

from domain.asker import Asker
from domain.errors import AfterCircle, AfterItself, FerryError, NoSuchJob, NotWaiting
from domain.job import Job, JobStatus
from engine.events import DependencyFailed, Event, JobChanged
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import DEADLINE, Engine, compared

FORWARD = "messages.forwardMessages"
COMPLETED, FAILED = JobStatus.COMPLETED, JobStatus.FAILED


async def ordered(stage: Stage, engine: Engine, name: str, *after: Job) -> Job:
    """A job with a target of its own."""
    target = stage.rig.world.add_channel(name, stage.owner)
    return await engine.order(stage.owner, stage.source, target, after=[job.id for job in after])


async def told(engine: Engine, count: int) -> list[tuple[int, int]]:
    """Of which jobs, and for whose sake, it was told that they wait in vain."""
    async with asyncio.timeout(DEADLINE):
        while True:
            failed = [event for event in engine.seen if isinstance(event, DependencyFailed)]
            if len(failed) >= count:
                return [(event.job.id, event.after_id) for event in failed]
            await asyncio.sleep(0.01)


async def cancelled_twice(engine: Engine, job: Job) -> None:
    """By the person who did it, and by the run that ended through it."""
    async with asyncio.timeout(DEADLINE):
        while True:
            changed = [event.job for event in engine.seen if isinstance(event, JobChanged)]
            if [one.id for one in changed if one.status is JobStatus.CANCELLED] == [job.id, job.id]:
                return
            await asyncio.sleep(0.01)


async def test_twelve_jobs_in_chains_run_three_at_a_time_and_each_after_its_own(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 30)
    stage.rig.world.faults.append(Fault(FORWARD, "delay", seconds=0.02, times=100))
    running: set[int] = set()
    complete: set[int] = set()
    most, too_early = 0, []

    def watch(event: Event) -> None:
        nonlocal most
        if not isinstance(event, JobChanged):
            return
        job = event.job
        (running.add if job.status is JobStatus.RUNNING else running.discard)(job.id)
        most = max(most, len(running))
        if job.status is COMPLETED:
            complete.add(job.id)
        if job.status is JobStatus.RUNNING and not waits_for[job.id] <= complete:
            too_early.append(job.id)

    async with stage.engine(max_user=3, max_total=5) as engine:
        await engine.log_in(stage.owner)
        chains: list[list[Job]] = [[], [], [], []]
        for n in range(12):
            chain = chains[n % 4]
            chain.append(await ordered(stage, engine, f"Copy {n}", *chain[-1:]))
        jobs = [job for chain in chains for job in chain]
        waits_for = {job.id: set(job.after) for job in jobs}
        assert sorted(len(after) for after in waits_for.values()) == [0] * 4 + [1] * 8
        engine.events.subscribe(watch)
        engine.start()
        await asyncio.gather(*(engine.until(job, COMPLETED) for job in jobs))
        assert too_early == [] and most == 3
        for job in jobs:
            target = stage.rig.world.channels[job.target.peer.id]
            assert compared(stage.rig, stage.source, target).same


async def test_a_failed_dependency_is_told_and_blocks_only_its_own(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 30)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        first = await ordered(stage, engine, "First")
        blocked = await ordered(stage, engine, "Blocked", first)
        further = await ordered(stage, engine, "Further", blocked)
        other = await ordered(stage, engine, "Other")
        after_other = await ordered(stage, engine, "After other", other)
        target = ("channel", first.target.peer.id)
        stage.rig.world.faults.append(
            Fault(FORWARD, "error", code=403, message="CHAT_WRITE_FORBIDDEN", target=target)
        )
        engine.start()
        await engine.until(first, FAILED)
        await engine.until(after_other, COMPLETED)
        assert await told(engine, 1) == [(blocked.id, first.id)]
        for job in (blocked, further):
            assert (await engine.jobs.get(job.id)) == job, "it waits as before"
        awaited = await engine.service.awaited(blocked)
        assert [(job.id, job.status) for job in awaited] == [(first.id, FAILED)]
        await engine.service.retry(first.id, asker=Asker(stage.owner.id))
        await engine.until(further, COMPLETED)
        assert await engine.service.awaited(blocked) == []
        assert await told(engine, 1) == [(blocked.id, first.id)]


async def test_a_cancelled_dependency_is_told_once_also_when_it_was_running(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 30)
    held = Fault(FORWARD, "hold_before")
    stage.rig.world.faults.append(held)
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        first = await ordered(stage, engine, "First")
        waiting = await ordered(stage, engine, "Waiting", first)
        engine.start()
        await held.hit.wait()
        await engine.service.cancel(first.id, asker=me)
        held.release()
        await cancelled_twice(engine, first)
        assert await told(engine, 1) == [(waiting.id, first.id)]
        lifted = await engine.service.set_after(waiting.id, [], asker=me)
        assert lifted.after == ()
        await engine.until(waiting, COMPLETED)
        assert await told(engine, 1) == [(waiting.id, first.id)]


async def test_a_job_starts_at_once_when_its_last_dependency_is_complete(stage: Stage) -> None:
    """At once: nobody waits here for the dispatcher's safety net, which looks after 30 s."""
    stage.rig.post(stage.source, stage.owner, 30)
    held = Fault(FORWARD, "hold_before")
    stage.rig.world.faults.append(held)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        first = await ordered(stage, engine, "First")
        await held.hit.wait()
        second = await ordered(stage, engine, "Second")
        await engine.until(second, COMPLETED)
        both = await ordered(stage, engine, "Both", first, second)
        assert both.after == (first.id,), "what is complete is no longer waited for"
        free = await ordered(stage, engine, "Free")
        await engine.until(free, COMPLETED)
        assert (await engine.jobs.get(both.id)) == both
        held.release()
        await engine.until(both, COMPLETED)


async def refused(engine: Engine, error: type[FerryError], job: Job, *after: int, asker: Asker) -> str:
    before = await engine.jobs.get(job.id)
    changes = await engine.jobs.history(job.id)
    with pytest.raises(error) as raised:
        await engine.service.set_after(job.id, after, asker=asker)
    assert await engine.jobs.get(job.id) == before
    assert await engine.jobs.history(job.id) == changes
    return str(raised.value)


async def test_bad_input_changes_nothing(stage: Stage) -> None:
    me, admin = Asker(stage.owner.id), Asker(1, is_admin=True)
    somebody = stage.rig.world.add_user("Somebody", phone="15550002")
    stage.source.members[somebody.id] = "member"
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        await engine.log_in(somebody)
        theirs_target = stage.rig.world.add_channel("Theirs", somebody)
        theirs = await engine.order(somebody, stage.source, theirs_target)
        first = await ordered(stage, engine, "First")
        second = await ordered(stage, engine, "Second", first)
        third = await ordered(stage, engine, "Third", second)
        assert "can't wait for itself" in await refused(engine, AfterItself, first, first.id, asker=me)
        await refused(engine, AfterItself, second, first.id, second.id, asker=me)
        assert f"Job {second.id} itself waits" in await refused(
            engine, AfterCircle, first, second.id, asker=me
        )
        await refused(engine, AfterCircle, first, third.id, asker=me)
        assert f"no job {theirs.id}" in await refused(engine, NoSuchJob, first, theirs.id, asker=me)
        assert "no job 99" in await refused(engine, NoSuchJob, third, second.id, 99, asker=me)
        await refused(engine, NoSuchJob, theirs, first.id, asker=me)
        with pytest.raises(NoSuchJob, match=f"no job {theirs.id}"):
            await ordered(stage, engine, "Never", theirs)
        assert len(await engine.jobs.list()) == 4
        changed = await engine.service.set_after(first.id, [theirs.id], asker=admin)
        assert changed.after == (theirs.id,)
        await engine.service.cancel(third.id, asker=me)
        await refused(engine, NotWaiting, third, first.id, asker=me)
