"""Jobs that wait for others: until those are completed, whoever changes what in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.account import Account
from domain.errors import AfterCircle, AfterItself, NoSuchJob, NotWaiting
from domain.job import Failure, Job, JobStatus, PauseReason
from storage.jobs import JobStore
from tests.storage.orders import NOW, order

ADA = 7


async def claimed(jobs: JobStore) -> int | None:
    job = await jobs.claim(now=NOW, max_user=100, max_total=100)
    return job.id if job else None


async def chain(jobs: JobStore, length: int) -> list[Job]:
    """Each waits for the one before."""
    made: list[Job] = []
    for _ in range(length):
        made.append(await jobs.add(replace(order(), after=tuple(job.id for job in made[-1:]))))
    return made


async def test_a_job_starts_once_all_it_waits_for_is_completed(jobs: JobStore, account: Account) -> None:
    first, second = [await jobs.add(order()) for _ in range(2)]
    third = await jobs.add(replace(order(), after=(second.id, first.id)))
    assert third.after == (first.id, second.id)
    assert {await claimed(jobs), await claimed(jobs)} == {first.id, second.id}
    assert await claimed(jobs) is None
    await jobs.move(second.id, JobStatus.COMPLETED)
    assert await claimed(jobs) is None
    assert await jobs.get(third.id) == replace(third, after=(first.id,))
    await jobs.move(first.id, JobStatus.COMPLETED)
    assert await jobs.get(third.id) == replace(third, after=())
    assert await claimed(jobs) == third.id


@pytest.mark.parametrize("end", [JobStatus.FAILED, JobStatus.CANCELLED])
async def test_only_completion_counts(jobs: JobStore, account: Account, end: JobStatus) -> None:
    first, _ = await chain(jobs, 2)
    await claimed(jobs)
    await jobs.move(first.id, end)
    assert await claimed(jobs) is None
    assert [job.after for job in await jobs.list()] == [(first.id,), ()]


async def test_what_was_completed_before_holds_up_nobody(jobs: JobStore, account: Account) -> None:
    first = await jobs.add(order())
    await claimed(jobs)
    await jobs.move(first.id, JobStatus.COMPLETED)
    second = await jobs.add(replace(order(), after=(first.id,)))
    assert second.after == ()
    assert await claimed(jobs) == second.id


async def test_who_waits_for_a_job(jobs: JobStore, account: Account) -> None:
    first, second, third = await chain(jobs, 3)
    fourth = await jobs.add(replace(order(), after=(first.id,)))
    assert await jobs.waiting_for(first.id) == [second, fourth]
    assert await jobs.waiting_for(second.id) == [third]
    await jobs.move(second.id, JobStatus.CANCELLED)
    assert await jobs.waiting_for(first.id) == [fourth]
    assert await jobs.waiting_for(99) == []


async def test_after_is_replaced(jobs: JobStore, account: Account) -> None:
    one, two, three = [await jobs.add(order()) for _ in range(3)]
    waiting = await jobs.set_after(three.id, [two.id, one.id, two.id], who=ADA)
    assert waiting == replace(three, after=(one.id, two.id))
    assert await jobs.set_after(three.id, [two.id], who=ADA) == replace(three, after=(two.id,))
    assert await jobs.set_after(three.id, [], who=ADA) == three
    assert [await claimed(jobs) for _ in range(3)] == [one.id, two.id, three.id]


async def test_circles_are_refused_near_and_far(jobs: JobStore) -> None:
    made = await chain(jobs, 4)
    with pytest.raises(AfterItself):
        await jobs.set_after(made[0].id, [made[1].id, made[0].id], who=ADA)
    for last in made[1:]:
        with pytest.raises(AfterCircle) as caught:
            await jobs.set_after(made[0].id, [last.id], who=ADA)
        assert caught.value.values == {"job_id": str(made[0].id), "after_id": str(last.id)}
    assert [await jobs.get(job.id) for job in made] == made
    assert len(await jobs.history(made[0].id)) == 1, "a refusal changes nothing"
    await jobs.set_after(made[3].id, [], who=ADA)
    opened = await jobs.set_after(made[0].id, [made[3].id], who=ADA)
    assert opened.after == (made[3].id,)


async def test_a_circle_through_what_is_completed_is_none(jobs: JobStore, account: Account) -> None:
    first, second = await chain(jobs, 2)
    for job in (first, second):
        assert await claimed(jobs) == job.id
        await jobs.move(job.id, JobStatus.COMPLETED)
    third = await jobs.add(replace(order(), after=(second.id,)))
    assert await claimed(jobs) == third.id


async def test_jobs_that_are_none_or_have_ended(jobs: JobStore, account: Account) -> None:
    job = await jobs.add(order())
    with pytest.raises(NoSuchJob, match="no job 99"):
        await jobs.set_after(job.id, [99], who=ADA)
    with pytest.raises(NoSuchJob, match="no job 98"):
        await jobs.set_after(98, [job.id], who=ADA)
    with pytest.raises(NoSuchJob, match="no job 97"):
        await jobs.add(replace(order(), after=(97,)))
    assert await jobs.list() == [job]
    other = await jobs.add(order())
    await jobs.move(job.id, JobStatus.CANCELLED)
    with pytest.raises(NotWaiting, match=f"Job {job.id} is cancelled"):
        await jobs.set_after(job.id, [other.id], who=ADA)


async def test_a_paused_job_waits_all_the_same(jobs: JobStore, account: Account) -> None:
    first, second = await chain(jobs, 2)
    await jobs.move(second.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER, failure=Failure("No."))
    resumed = await jobs.move(second.id, JobStatus.PENDING)
    assert resumed.after == (first.id,)
    assert [await claimed(jobs), await claimed(jobs)] == [first.id, None]
