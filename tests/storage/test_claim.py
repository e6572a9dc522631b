"""Who gets to run: one job for one claimer, within the limits, fairly."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta

from domain.account import Account
from domain.job import OPERATOR, Failure, Job, JobStatus, PauseReason, Priority, WaitReason
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from tests.storage.orders import NOW, order


async def claim(jobs: JobStore, max_user: int = 100, max_total: int = 100, **narrowed: object) -> Job | None:
    return await jobs.claim(now=NOW, max_user=max_user, max_total=max_total, **narrowed)  # type: ignore[arg-type]


async def claimed_in_order(jobs: JobStore, **limits: int) -> list[int]:
    order_of_claims = []
    while (job := await claim(jobs, **limits)) is not None:
        order_of_claims.append(job.id)
    return order_of_claims


async def test_a_claim_takes_the_job_under_a_new_generation(jobs: JobStore, account: Account) -> None:
    job = await jobs.add(order())
    first = await claim(jobs)
    assert first is not None
    assert (first.id, first.status, first.generation, first.started_at) == (job.id, JobStatus.RUNNING, 1, NOW)
    assert await claim(jobs) is None
    await jobs.move(job.id, JobStatus.PENDING, resume_at=NOW, wait_reason=WaitReason.SLOW_MODE)
    again = await jobs.claim(now=NOW + timedelta(hours=1), max_user=1, max_total=1)
    assert again is not None
    assert (again.generation, again.started_at, again.resume_at, again.wait_reason) == (2, NOW, None, None)
    assert await jobs.get(job.id) == again


async def test_a_wait_ends_at_its_very_moment(jobs: JobStore, account: Account) -> None:
    job = await jobs.add(order())
    await claim(jobs)
    until = NOW + timedelta(seconds=30)
    await jobs.move(job.id, JobStatus.PENDING, resume_at=until, wait_reason=WaitReason.FLOOD)
    just_before = until - timedelta(microseconds=1)
    assert await jobs.claim(now=just_before, max_user=1, max_total=1) is None
    assert await jobs.claim(now=until, max_user=1, max_total=1) is not None


async def test_priority_then_the_owner_with_fewest_running_then_age(jobs: JobStore, account: Account) -> None:
    ids = {}
    for name, owner, priority in [
        ("low", 7, Priority.LOW),
        ("7a", 7, Priority.NORMAL),
        ("7b", 7, Priority.NORMAL),
        ("7c", 7, Priority.NORMAL),
        ("8a", 8, Priority.NORMAL),
        ("operator a", OPERATOR, Priority.NORMAL),
        ("8b", 8, Priority.NORMAL),
        ("urgent", 8, Priority.URGENT),
    ]:
        ids[name] = (await jobs.add(order(owner, priority=priority))).id
    wanted = ["urgent", "7a", "operator a", "7b", "8a", "7c", "8b", "low"]
    assert await claimed_in_order(jobs) == [ids[name] for name in wanted]


async def test_limits(jobs: JobStore, account: Account) -> None:
    made = [(await jobs.add(order(owner))).id for owner in (7, 7, 7, 8, 8, OPERATOR, OPERATOR, OPERATOR)]
    assert await claimed_in_order(jobs, max_user=2, max_total=5) == [made[i] for i in (0, 3, 5, 1, 4)]
    assert await claim(jobs, max_user=0, max_total=100) is None
    await jobs.move(made[3], JobStatus.COMPLETED)
    assert await claimed_in_order(jobs, max_user=2, max_total=5) == [made[6]]


async def test_an_account_that_cannot_work_holds_its_jobs(jobs: JobStore, accounts: AccountStore) -> None:
    for user_id in (1, 2):
        await accounts.add(owner_id=None, user_id=user_id, name="", sealed_session=b"")
    stopped, works, gone = [await jobs.add(order(account=number)) for number in (1, 2, 3)]
    assert await jobs.stop_account(1, Failure("Stopped.")) != []
    await jobs.move(stopped.id, JobStatus.PENDING)
    assert await claimed_in_order(jobs) == [works.id]
    await jobs.revive_account(1)
    assert await claimed_in_order(jobs) == [stopped.id]
    assert await jobs.get(gone.id) == gone


async def test_a_narrowed_choice(jobs: JobStore, account: Account) -> None:
    first, second, third = [await jobs.add(order()) for _ in range(3)]
    assert await claim(jobs, only=[]) is None
    assert await claim(jobs, only=[second.id], except_ids=[second.id]) is None
    for job, narrowed in [(third, {"only": [third.id]}), (second, {"except_ids": {first.id}})]:
        found = await claim(jobs, **narrowed)
        assert found is not None and found.id == job.id


async def test_a_paused_job_is_not_claimed(jobs: JobStore, account: Account) -> None:
    job = await jobs.add(order())
    await jobs.move(job.id, JobStatus.PAUSED, pause_reason=PauseReason.MEMORY)
    assert await claim(jobs) is None


async def test_many_claimers_never_share_a_job_or_pass_a_limit(
    url: str, jobs: JobStore, account: Account
) -> None:
    """Two connections: between them the database alone decides, not our thread."""
    second = await Database.open(url, server="telegram.org")
    stores = [jobs, JobStore(second)]
    for number in range(48):
        await jobs.add(order(number % 6))
    chance = random.Random(3)
    at_work: list[Job] = []
    done: list[tuple[int, int]] = []
    try:
        while len(done) < 48:
            told = await asyncio.gather(
                *(store.claim(now=NOW, max_user=2, max_total=8) for store in stores * 10)
            )
            at_work += [job for job in told if job is not None]
            of_each = Counter(job.owner_id for job in at_work)
            assert len(at_work) <= 8 and max(of_each.values()) <= 2
            assert len(at_work) == 8 or len(done) > 30, "a slot stayed free while jobs could have run"
            chance.shuffle(at_work)
            ending = [at_work.pop() for _ in range(chance.randint(1, len(at_work)))]
            await asyncio.gather(*(stores[0].move(job.id, JobStatus.COMPLETED) for job in ending))
            done += [(job.id, job.generation) for job in ending]
    finally:
        await second.close()
    assert sorted(done) == [(number + 1, 1) for number in range(48)]
    assert await claim(jobs) is None
