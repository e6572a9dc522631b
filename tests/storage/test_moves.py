"""Any sequence of moves, against the table of the domain and nothing else."""

from __future__ import annotations

import asyncio
import itertools
import random
from contextlib import suppress

import pytest

from domain.account import Account
from domain.errors import IllegalMove
from domain.job import ALLOWED, Job, JobStatus, PauseReason
from storage.database import Database
from storage.jobs import JobStore
from tests.storage.orders import NOW, order, running


def why(to: JobStatus) -> PauseReason | None:
    return PauseReason.OWNER if to is JobStatus.PAUSED else None


#: How a new job gets into each status.
PATHS: dict[JobStatus, list[JobStatus]] = {
    JobStatus.PENDING: [],
    JobStatus.RUNNING: [JobStatus.RUNNING],
    JobStatus.PAUSED: [JobStatus.PAUSED],
    JobStatus.COMPLETED: [JobStatus.RUNNING, JobStatus.COMPLETED],
    JobStatus.FAILED: [JobStatus.RUNNING, JobStatus.FAILED],
    JobStatus.CANCELLED: [JobStatus.CANCELLED],
}


@pytest.mark.parametrize(("status", "to"), list(itertools.product(JobStatus, repeat=2)))
async def test_every_move_is_allowed_or_changes_nothing(
    jobs: JobStore, status: JobStatus, to: JobStatus
) -> None:
    job = await jobs.add(order())
    for passed in PATHS[status]:
        job = await jobs.move(job.id, passed, pause_reason=why(passed))
    if to in ALLOWED[status]:
        moved = await jobs.move(job.id, to, pause_reason=why(to))
        assert (moved.status, moved.generation) == (to, job.generation)
        assert (moved.started_at is not None) == (job.started_at is not None or to is JobStatus.RUNNING)
        assert (moved.finished_at is not None) == (
            to in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}
        )
    else:
        with pytest.raises(IllegalMove):
            await jobs.move(job.id, to, pause_reason=why(to))
        assert await jobs.get(job.id) == job


async def test_a_pause_says_by_whom(jobs: JobStore) -> None:
    job = await jobs.add(order())
    with pytest.raises(ValueError, match="by whom"):
        await jobs.move(job.id, JobStatus.PAUSED)
    assert await jobs.get(job.id) == job


#: Nothing that ends a job for good, or everything would soon stand still.
BACK_AND_FORTH = [JobStatus.PENDING, JobStatus.RUNNING, JobStatus.PAUSED, JobStatus.FAILED]


async def test_whatever_happens_at_once_is_a_legal_history(
    url: str, database: Database, jobs: JobStore, account: Account
) -> None:
    """Two connections, as the service and the command line have."""
    second = await Database.open(url, server="telegram.org")
    stores, chance = [jobs, JobStore(second)], random.Random(11)
    made = [await jobs.add(order()) for _ in range(6)]
    successes = 0

    async def meddler() -> None:
        nonlocal successes
        for _ in range(25):
            to, store, job = chance.choice(BACK_AND_FORTH), chance.choice(stores), chance.choice(made)
            if to is JobStatus.RUNNING:
                claimed = await store.claim(now=NOW, max_user=3, max_total=3)
                successes += claimed is not None
                continue
            with suppress(IllegalMove):
                await store.move(job.id, to, pause_reason=why(to))
                successes += 1

    try:
        await asyncio.gather(*(meddler() for _ in range(8)))
    finally:
        await second.close()
    history = [change for job in made for change in (await jobs.history(job.id))[1:]]
    assert len(history) == successes
    assert successes > 40, "almost nothing happened: the test proves little"
    assert {(told.was, told.became) for told in history} <= {
        (was, became) for was, after in ALLOWED.items() for became in after
    }
    for job in made:
        told = await jobs.history(job.id)
        assert [change.was for change in told[1:]] == [change.became for change in told[:-1]], "a gap"
        now = await jobs.get(job.id)
        assert now is not None and now.status is told[-1].became


async def test_only_one_of_many_gets_to_end_a_job(jobs: JobStore, account: Account) -> None:
    job = await running(jobs)
    ends = [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED] * 5
    told = await asyncio.gather(*(jobs.move(job.id, to) for to in ends), return_exceptions=True)
    won = [answer for answer in told if isinstance(answer, Job)]
    # failed -> pending is the only way out of an end, so nobody else may win after one of them.
    assert len(won) == 1
    assert all(isinstance(answer, (Job, IllegalMove)) for answer in told)
    assert await jobs.get(job.id) == won[0]
    assert await jobs.claim(now=NOW, max_user=9, max_total=9) is None
