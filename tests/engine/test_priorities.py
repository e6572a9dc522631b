"""Who goes first: four priorities, changed at any time before the end, `urgent` by admins alone."""

from __future__ import annotations

import pytest

from domain.asker import Asker
from domain.errors import NoSuchJob, NoSuchPriority, NotFailed, NotWaiting, UrgentIsForAdmins
from domain.job import Job, JobStatus, Priority
from domain.priority import parse_priority
from engine.events import Event, JobChanged
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, compared

FORWARD = "messages.forwardMessages"
ADMIN = Asker(1, is_admin=True)
RUNNING = JobStatus.RUNNING


async def ordered(stage: Stage, engine: Engine, count: int) -> list[Job]:
    """So many jobs, each with a target of its own."""
    targets = [stage.rig.world.add_channel(f"Copy {n}", stage.owner) for n in range(count)]
    return [await engine.order(stage.owner, stage.source, target) for target in targets]


def starts(engine: Engine) -> list[int]:
    """Fills with the jobs' numbers in the order in which they start."""
    started: list[int] = []

    def listen(event: Event) -> None:
        if isinstance(event, JobChanged) and event.job.status is RUNNING and event.job.id not in started:
            started.append(event.job.id)

    engine.events.subscribe(listen)
    return started


async def test_the_more_urgent_goes_first_and_among_equals_the_older(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 3)
    me = Asker(stage.owner.id)
    async with stage.engine(max_user=1, max_total=1) as engine:
        await engine.log_in(stage.owner)
        low, first, second, high, urgent = await ordered(stage, engine, 5)
        await engine.service.prioritise(low.id, Priority.LOW, asker=me)
        await engine.service.prioritise(high.id, Priority.HIGH, asker=me)
        await engine.service.prioritise(urgent.id, Priority.URGENT, asker=ADMIN)
        order = starts(engine)
        engine.start()
        await engine.until(low, JobStatus.COMPLETED)
        assert order == [job.id for job in (urgent, high, first, second, low)]


async def test_a_waiting_job_overtakes_and_a_running_one_is_not_disturbed(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    held = Fault(FORWARD, "hold_before")
    stage.rig.world.faults.append(held)
    me = Asker(stage.owner.id)
    async with stage.engine(max_user=1, max_total=1) as engine:
        await engine.log_in(stage.owner)
        running, older, younger = await ordered(stage, engine, 3)
        order = starts(engine)
        engine.start()
        await held.hit.wait()
        changed = await engine.service.prioritise(running.id, Priority.LOW, asker=me)
        assert (changed.status, changed.priority) == (RUNNING, Priority.LOW)
        assert (await engine.service.prioritise(younger.id, Priority.HIGH, asker=me)).id == younger.id
        held.release()
        await engine.until(older, JobStatus.COMPLETED)
        assert order == [running.id, younger.id, older.id]
        done = await engine.until(running, JobStatus.COMPLETED)
        assert done.progress.copied == 150 and done.generation == 1, "it ran through"


async def test_an_order_may_bring_its_priority(stage: Stage) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(UrgentIsForAdmins):
            await engine.order(stage.owner, stage.source, stage.target, priority=Priority.URGENT)
        assert await engine.jobs.list() == []
        job = await engine.order(stage.owner, stage.source, stage.target, priority=Priority.HIGH)
        assert job.priority is Priority.HIGH


async def test_bad_input_changes_nothing(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 3)
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        for error, priority, asker in (
            (UrgentIsForAdmins, Priority.URGENT, me),
            (NoSuchJob, Priority.HIGH, Asker(4711)),
        ):
            with pytest.raises(error):
                await engine.service.prioritise(job.id, priority, asker=asker)
        with pytest.raises(NoSuchJob):
            await engine.service.prioritise(99, Priority.HIGH, asker=ADMIN)
        assert (await engine.jobs.get(job.id)) == job
        engine.start()
        done = await engine.until(job, JobStatus.COMPLETED)
        with pytest.raises(NotWaiting, match=f"Job {job.id} is completed"):
            await engine.service.prioritise(job.id, Priority.HIGH, asker=me)
        assert (await engine.jobs.get(job.id)) == done


async def test_a_failed_job_is_tried_again_from_its_checkpoint(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    stage.rig.world.faults.append(Fault(FORWARD, "error", code=403, message="CHAT_WRITE_FORBIDDEN", skip=1))
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        with pytest.raises(NotFailed, match="only a failed job"):
            await engine.service.retry(job.id, asker=me)
        engine.start()
        failed = await engine.until(job, JobStatus.FAILED)
        assert failed.progress.copied == 100
        with pytest.raises(NoSuchJob):
            await engine.service.retry(job.id, asker=Asker(4711))
        again = await engine.service.retry(job.id, asker=me)
        assert (again.status, again.failure, again.progress.copied) == (JobStatus.PENDING, None, 100)
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
        with pytest.raises(NotFailed):
            await engine.service.retry(job.id, asker=me)


async def test_the_history_says_who_did_what(stage: Stage) -> None:
    me = Asker(stage.owner.id)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        await engine.service.prioritise(job.id, Priority.HIGH, asker=ADMIN)
        await engine.service.pause(job.id, asker=ADMIN)
        await engine.service.resume(job.id, asker=ADMIN)
        await engine.service.cancel(job.id, asker=me)
        told = await engine.service.history(job.id, asker=me)
        P, owner = JobStatus.PENDING, stage.owner.id
        assert [(change.was, change.became, change.who) for change in told] == [
            (None, P, owner),
            (P, P, 1),
            (P, JobStatus.PAUSED, 1),
            (JobStatus.PAUSED, P, 1),
            (P, JobStatus.CANCELLED, owner),
        ]
        assert [str(change.reason) for change in told[1:3]] == ["priority: high", "admin"]
        with pytest.raises(NoSuchJob):
            await engine.service.history(job.id, asker=Asker(4711))


@pytest.mark.parametrize(("typed", "priority"), [("low", 1), ("Normal", 2), (" HIGH ", 3), ("urgent", 4)])
def test_the_words(typed: str, priority: int) -> None:
    assert parse_priority(typed) == priority


@pytest.mark.parametrize("typed", ["", "asap", "3", "highest"])
def test_what_is_no_priority(typed: str) -> None:
    with pytest.raises(NoSuchPriority, match=f"“{typed}” is no priority. There are low, normal"):
        parse_priority(typed)
