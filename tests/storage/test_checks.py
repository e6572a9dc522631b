"""What checks ask the database, and the prints that they leave there for a while."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.checkpoint import Checkpoint
from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus, Progress
from domain.message import Skip, SkipReason
from storage.database import Database
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.prints import Print
from storage.progress import ProgressStore
from tests.storage.orders import order, running

MISSING, DELETED = FindingKind.MISSING, FindingKind.DELETED


@pytest.fixture
def findings(database: Database) -> FindingStore:
    return FindingStore(database)


async def about(jobs: JobStore, kind: JobKind, of: Job) -> Job:
    new = order()
    return await running(jobs, type(new)(**{**_fields(new), "kind": kind, "of_job": of.id}))


def _fields(new: object) -> dict[str, object]:
    return {name: getattr(new, name) for name in type(new).__dataclass_fields__}


async def write(progress: ProgressStore, job: Job, **what: object) -> None:
    checkpoint = Checkpoint(job_id=job.id, generation=job.generation, progress=Progress(), **what)
    await progress.checkpoint(checkpoint)


@pytest.mark.usefixtures("account")
async def test_whose_copies_stand_where(
    jobs: JobStore, progress: ProgressStore, findings: FindingStore
) -> None:
    one, two = await running(jobs), await running(jobs)
    await write(progress, one, copied=((1, 20), (2, 10)))
    await write(progress, two, copied=((1, 15),))
    marked = one.target.peer.marked_id
    assert list(await findings.checks.copies_in(marked)) == [10, 15, 20]
    assert await findings.checks.taken(marked, [9, 15, 20]) == {15, 20}
    assert await findings.checks.first_copy(one.id) == 10
    assert not await findings.checks.begins_below_zero(one.id)
    await write(progress, one, skips=(Skip(-5, SkipReason.SERVICE),))
    assert await findings.checks.begins_below_zero(one.id)


@pytest.mark.usefixtures("account")
async def test_what_repairs_skipped_and_kept_counts_for_the_job(
    jobs: JobStore, progress: ProgressStore, findings: FindingStore
) -> None:
    job, other = await running(jobs), await running(jobs)
    repair, stranger = await about(jobs, JobKind.REPAIR, job), await about(jobs, JobKind.REPAIR, other)
    kept = Finding(DELETED, 7, 70, "", FindingState.KEPT)
    await write(progress, job, skips=(Skip(1, SkipReason.REFUSED),))
    await write(progress, repair, skips=(Skip(2, SkipReason.DELETED),), findings=(kept,))
    await write(progress, stranger, skips=(Skip(3, SkipReason.DELETED),))
    lost = Finding(FindingKind.NOT_APPLIED, 4, 40, "reply: dice")
    await write(progress, job, findings=(lost,))
    assert await findings.checks.skipped(job.id, [1, 2, 3]) == {1, 2}
    assert await findings.checks.kept(job.id, [7, 8]) == {(DELETED, 7, 70)}
    assert await findings.checks.not_applied(job.id, [4]) == {4: ["reply: dice"]}


@pytest.mark.usefixtures("account")
async def test_findings_are_treated_one_after_the_other(
    jobs: JobStore, progress: ProgressStore, findings: FindingStore
) -> None:
    job = await running(jobs)
    verify = await about(jobs, JobKind.VERIFY, job)
    found = [Finding(MISSING, 1), Finding(MISSING, 2, 20), Finding(DELETED, 2, 20)]
    await write(progress, verify, findings=tuple(found))
    repair = await about(jobs, JobKind.REPAIR, job)
    assert await findings.checks.newest_verify(job.id, before=repair.id) is None
    await jobs.move(verify.id, JobStatus.COMPLETED)
    assert await findings.checks.newest_verify(job.id, before=repair.id) == verify.id
    assert await findings.checks.newest_verify(job.id, before=verify.id) is None
    both = [MISSING, DELETED]
    assert await findings.checks.untreated(verify.id, treated_by=repair.id, kinds=[MISSING]) == found[:2]
    treated = Finding(MISSING, 2, 20, "", FindingState.MENDED)
    await write(progress, repair, findings=(treated,))
    left = await findings.checks.untreated(verify.id, treated_by=repair.id, kinds=both)
    assert sorted(left, key=lambda f: f.source_id) == [found[0], found[2]]


@pytest.mark.usefixtures("account")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(1, 9)))
async def test_who_stands_before_or_behind_whom_he_should_not(
    jobs: JobStore, progress: ProgressStore, findings: FindingStore, places: Sequence[int]
) -> None:
    job = await running(jobs)
    await write(progress, job, copied=tuple(enumerate(places, 1)))
    wanted = [
        (source, place)
        for source, place in enumerate(places, 1)
        if any((other - source) * (there - place) < 0 for other, there in enumerate(places, 1))
    ]
    sources, targets = await findings.checks.out_of_order(job.id)
    assert list(zip(sources, targets, strict=True)) == wanted


@pytest.mark.usefixtures("account")
async def test_what_was_sent_late_is_in_nobodys_way(
    jobs: JobStore, progress: ProgressStore, findings: FindingStore
) -> None:
    job = await running(jobs)
    await write(progress, job, copied=((1, 10), (3, 30)))
    await write(progress, job, copied=((2, 40),), late=True)
    assert await findings.checks.out_of_order(job.id) == await findings.checks.out_of_order(job.id + 1)


@pytest.mark.usefixtures("account")
async def test_prints(jobs: JobStore, findings: FindingStore) -> None:
    job, prints = await running(jobs), findings.prints
    assert await prints.newest(job.id) is None
    lowest = -(2**63)
    await prints.put(job.id, [Print(5, 1), Print(3, 1), Print(4, lowest, 9), Print(2**50 + 1, 7)])
    assert await prints.first_of(job.id, [1, 2, lowest]) == {1: 3, lowest: 4}
    assert await prints.like(job.id, [1]) == [Print(3, 1), Print(5, 1)]
    assert await prints.noted(job.id) == [Print(4, lowest, 9)]
    assert await prints.noted(job.id, after=Print(4, lowest, 9)) == []
    await prints.put(job.id, [Print(4, lowest, 0)])
    assert await prints.noted(job.id) == []
    assert await prints.newest(job.id, below=2**50) == 5
    track = await prints.track(job.id, above=2**50, below=2**60)
    assert (list(track.ids), list(track.prints)) == ([2**50 + 1], [7])
    await prints.forget(job.id)
    assert await prints.newest(job.id) is None
