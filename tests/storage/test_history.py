"""The history tells every change, from what to what, by whom and why; and changes in bulk tell it too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.account import Account
from domain.errors import IllegalMove, NoSuchJob, NotWaiting
from domain.job import OPERATOR, Failure, JobStatus, PauseReason, Priority, WaitReason
from storage.jobs import JobStore
from tests.storage.orders import NOW, order, running

PENDING, RUNNING, PAUSED = JobStatus.PENDING, JobStatus.RUNNING, JobStatus.PAUSED
FULL = Failure("{percent} % of the memory are used.", {"percent": "84"})

Line = tuple[JobStatus | None, JobStatus, int | None, str | None]


async def told(jobs: JobStore, job_id: int) -> list[Line]:
    return [
        (change.was, change.became, change.who, str(change.reason) if change.reason else None)
        for change in await jobs.history(job_id)
    ]


async def test_every_move_is_told_with_who_and_why(jobs: JobStore, account: Account) -> None:
    before = datetime.now(UTC)
    job = await jobs.add(order(7))
    await jobs.claim(now=before, max_user=1, max_total=1)
    await jobs.move(job.id, PENDING, resume_at=NOW + timedelta(days=1), wait_reason=WaitReason.FLOOD)
    await jobs.move(job.id, PAUSED, pause_reason=PauseReason.OWNER, who=7)
    await jobs.move(job.id, PENDING, who=7)
    await jobs.move(job.id, RUNNING)
    await jobs.move(job.id, JobStatus.FAILED, failure=Failure("Lost “{title}”.", {"title": "News"}))
    await jobs.move(job.id, PENDING, who=OPERATOR)
    assert await told(jobs, job.id) == [
        (None, PENDING, 7, None),
        (PENDING, RUNNING, None, None),
        (RUNNING, PENDING, None, "flood"),
        (PENDING, PAUSED, 7, "owner"),
        (PAUSED, PENDING, 7, None),
        (PENDING, RUNNING, None, None),
        (RUNNING, JobStatus.FAILED, None, "Lost “News”."),
        (JobStatus.FAILED, PENDING, OPERATOR, None),
    ]
    times = [change.at for change in await jobs.history(job.id)]
    assert before <= times[0] and times[-1] <= datetime.now(UTC)


async def test_what_was_refused_is_not_told(jobs: JobStore) -> None:
    job = await jobs.add(order())
    with pytest.raises(IllegalMove):
        await jobs.move(job.id, JobStatus.COMPLETED, who=7)
    assert await jobs.claim(now=NOW, max_user=0, max_total=0) is None
    assert len(await jobs.history(job.id)) == 1
    assert await jobs.history(99) == []


async def test_changes_in_bulk_are_told_for_each_job(jobs: JobStore, account: Account) -> None:
    fresh, at_work = await jobs.add(order()), await running(jobs)
    [taken_up] = await jobs.recover()
    assert taken_up.id == at_work.id
    await jobs.stop_account(account.id, Failure("Gone."))
    await jobs.revive_account(account.id)
    assert (await told(jobs, fresh.id))[1:] == [
        (PENDING, PAUSED, None, "Gone."),
        (PAUSED, PENDING, None, None),
    ]
    assert (await told(jobs, at_work.id))[2:] == [
        (RUNNING, PENDING, None, None),
        (PENDING, PAUSED, None, "Gone."),
        (PAUSED, PENDING, None, None),
    ]


async def test_memory_pauses_the_lower_and_resumes_the_highest_first(
    jobs: JobStore, account: Account
) -> None:
    made = {priority: await jobs.add(order(priority=priority)) for priority in Priority}
    by_owner = await jobs.add(order(priority=Priority.LOW))
    await jobs.move(by_owner.id, PAUSED, pause_reason=PauseReason.OWNER, who=7)
    low = await jobs.claim(now=NOW, max_user=9, max_total=9, only=[made[Priority.LOW].id])
    assert low is not None
    paused = await jobs.pause_below(Priority.HIGH, FULL)
    assert [job.id for job in paused] == [made[Priority.LOW].id, made[Priority.NORMAL].id]
    assert [(job.status, job.pause_reason, job.failure) for job in paused] == [
        (PAUSED, PauseReason.MEMORY, FULL)
    ] * 2
    assert (await told(jobs, low.id))[-1] == (RUNNING, PAUSED, None, str(FULL))
    assert await jobs.pause_below(Priority.HIGH) == []
    await jobs.pause_below(Priority.URGENT)
    resumed = await jobs.resume_memory(down_to=Priority.NORMAL)
    assert [job.id for job in resumed] == [made[Priority.HIGH].id, made[Priority.NORMAL].id]
    assert (await told(jobs, made[Priority.HIGH].id))[-2:] == [
        (PENDING, PAUSED, None, "memory"),
        (PAUSED, PENDING, None, None),
    ]
    [last] = await jobs.resume_memory(down_to=Priority.LOW)
    assert (last.id, last.generation) == (low.id, low.generation)
    left = await jobs.get(by_owner.id)
    assert left is not None and left.pause_reason is PauseReason.OWNER


async def test_a_priority_changes_while_the_job_waits_or_runs(jobs: JobStore, account: Account) -> None:
    first, second = [await jobs.add(order()) for _ in range(2)]
    risen = await jobs.set_priority(second.id, Priority.URGENT, who=1)
    assert risen.priority is Priority.URGENT
    assert await jobs.set_priority(second.id, Priority.URGENT, who=1) == risen
    claimed = await jobs.claim(now=NOW, max_user=9, max_total=1)
    assert claimed is not None and claimed.id == second.id
    assert (await jobs.set_priority(second.id, Priority.LOW, who=7)).status is RUNNING
    assert await told(jobs, second.id) == [
        (None, PENDING, 7, None),
        (PENDING, PENDING, 1, "priority: urgent"),
        (PENDING, RUNNING, None, None),
        (RUNNING, RUNNING, 7, "priority: low"),
    ]
    await jobs.set_after(first.id, [second.id], who=7)
    await jobs.set_after(first.id, [], who=7)
    assert [line[3] for line in await told(jobs, first.id)] == [None, f"after: {second.id}", "after: –"]


async def test_a_priority_of_what_has_ended_or_is_none(jobs: JobStore) -> None:
    job = await jobs.add(order())
    await jobs.move(job.id, JobStatus.CANCELLED)
    with pytest.raises(NotWaiting):
        await jobs.set_priority(job.id, Priority.HIGH, who=7)
    with pytest.raises(NoSuchJob):
        await jobs.set_priority(job.id + 1, Priority.HIGH, who=7)
    assert [line[1] for line in await told(jobs, job.id)] == [PENDING, JobStatus.CANCELLED]


async def test_no_claim_below_the_least_priority(jobs: JobStore, account: Account) -> None:
    for priority in (Priority.NORMAL, Priority.LOW, Priority.HIGH):
        await jobs.add(order(priority=priority))
    claimed = [
        await jobs.claim(now=NOW, max_user=9, max_total=9, min_priority=Priority.NORMAL) for _ in range(3)
    ]
    assert [job.priority if job else None for job in claimed] == [Priority.HIGH, Priority.NORMAL, None]
