"""Checkpoints: all or nothing, twice like once, and never by a process that lost the job."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from domain.account import Account
from domain.checkpoint import Checkpoint
from domain.errors import LostLease
from domain.job import Job, JobStatus, PauseReason, Progress
from domain.message import Skip, SkipReason
from storage.jobs import JobStore
from storage.progress import ProgressStore
from tests.storage.orders import channel, order, running, step


def done(job: Job, number: int, size: int = 3) -> Checkpoint:
    """Step `number` is done, all copied but its last message; the next one is in flight."""
    items = step(number, size).items
    return Checkpoint(
        job_id=job.id,
        generation=job.generation,
        progress=Progress(
            offset_id=items[-1].source_id,
            step_number=number,
            copied=number * (size - 1),
            skipped=number,
            total=1000,
            last_target_id=number * 5000 + size,
        ),
        copied=tuple((item.source_id, number * 5000 + i) for i, item in enumerate(items[:-1])),
        skips=(Skip(items[-1].source_id, SkipReason.REFUSED, "“no” 不"),),
        step=step(number + 1, size),
    )


async def everything(jobs: JobStore, progress: ProgressStore, job: Job) -> tuple[object, ...]:
    return (
        await jobs.get(job.id),
        await progress.skips(job.id),
        await progress.map.count(job.id),
        await progress.step_in_flight(job.id),
    )


async def test_a_checkpoint_writes_everything(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    job = await running(jobs)
    assert await progress.step_in_flight(job.id) is None
    await progress.checkpoint(
        Checkpoint(job_id=job.id, generation=job.generation, progress=job.progress, step=step(1))
    )
    assert await progress.step_in_flight(job.id) == step(1)
    written = done(job, 1)
    await progress.checkpoint(written)
    assert await jobs.get(job.id) == replace(job, progress=written.progress)
    assert await progress.step_in_flight(job.id) == step(2)
    assert await progress.skips(job.id) == list(written.skips)
    assert await progress.map.targets(job.id, [1001, 1002, 1003]) == {1001: 5000, 1002: 5001}
    assert await progress.map.count(job.id) == 2
    await progress.checkpoint(replace(done(job, 2), step=None))
    assert await progress.step_in_flight(job.id) is None
    assert await progress.map.count(job.id) == 4


async def test_a_step_keeps_all_it_says(jobs: JobStore, progress: ProgressStore, account: Account) -> None:
    job = await running(jobs)
    skips = (Skip(5, SkipReason.DELETED), Skip(6, SkipReason.REFUSED, "MEDIA_EMPTY \ud83d “x”"))
    wanted = replace(step(3, size=100), late=True, skips=skips, through_id=2**40)
    await progress.checkpoint(
        Checkpoint(job_id=job.id, generation=job.generation, progress=job.progress, step=wanted)
    )
    assert await progress.step_in_flight(job.id) == wanted


async def test_twice_is_like_once(jobs: JobStore, progress: ProgressStore, account: Account) -> None:
    job = await running(jobs)
    await progress.checkpoint(done(job, 1))
    once = await everything(jobs, progress, job)
    await progress.checkpoint(done(job, 1))
    assert await everything(jobs, progress, job) == once


async def test_who_lost_the_job_writes_nothing(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    first = await running(jobs)
    await jobs.move(first.id, JobStatus.PENDING)
    second = await running(jobs, order(9))
    [taken] = [job for job in await jobs.list(statuses=[JobStatus.PENDING]) if job.id == first.id]
    claimed = await jobs.claim(now=taken.created_at, max_user=9, max_total=9)
    assert claimed is not None and claimed.generation == first.generation + 1
    before = await everything(jobs, progress, first)
    with pytest.raises(LostLease, match=f"Job {first.id} was taken over"):
        await progress.checkpoint(done(first, 1))
    await progress.save([(first.id, first.generation, Progress(offset_id=9, step_number=9))])
    assert await everything(jobs, progress, first) == before
    await progress.checkpoint(done(claimed, 1))
    with pytest.raises(LostLease):
        await progress.checkpoint(replace(done(claimed, 2), job_id=second.id + 1))


async def test_what_was_sent_before_a_pause_is_still_written(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    job = await running(jobs)
    await jobs.move(job.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER)
    await progress.checkpoint(done(job, 1))
    paused = await jobs.get(job.id)
    assert paused is not None
    assert (paused.status, paused.progress.step_number) == (JobStatus.PAUSED, 1)


async def test_the_autosave_never_goes_back(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    one, two, three = [await running(jobs) for _ in range(3)]
    for job in (one, two):
        await progress.checkpoint(done(job, 4))
    newer = replace(done(one, 4).progress, total=2000)
    older = Progress(offset_id=1, step_number=3)
    await progress.save([])
    await progress.save(
        [
            (one.id, one.generation, newer),
            (two.id, two.generation, older),
            (three.id, three.generation - 1, newer),
        ]
    )
    found = [await jobs.get(job.id) for job in (one, two, three)]
    assert [job.progress for job in found if job] == [newer, done(two, 4).progress, three.progress]


async def test_what_stands_in_a_target_by_any_job(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    target = channel(2)
    mine = await running(jobs, order(target=target))
    theirs = await running(jobs, order(9, source=channel(3), target=channel(2, topic=6)))
    elsewhere = await running(jobs, order(target=channel(4)))
    for number, job in enumerate([mine, theirs, elsewhere], start=1):
        await progress.checkpoint(done(job, number))
    taken = progress.taken_in_target
    assert await taken(target.peer.marked_id, after=0) == {5000, 5001, 10000, 10001}
    assert await taken(target.peer.marked_id, after=5000) == {5001, 10000, 10001}
    assert await taken(target.peer.marked_id, after=10001) == set()
    assert await taken(channel(9).peer.marked_id, after=0) == set()


async def test_jobs_checkpoint_side_by_side(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    at_work = [await running(jobs) for _ in range(5)]

    async def copy(job: Job) -> None:
        for number in range(1, 21):
            await progress.checkpoint(done(job, number, size=100))

    await asyncio.gather(*map(copy, at_work))
    for job in at_work:
        known = await jobs.get(job.id)
        assert known is not None and known.progress == done(job, 20, size=100).progress
        assert await progress.map.count(job.id) == known.progress.copied == 20 * 99
        assert len(await progress.skips(job.id)) == known.progress.skipped == 20


async def test_a_cancelled_checkpoint_is_whole_or_absent(
    jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    job = await running(jobs)
    for number in range(1, 31):
        task = asyncio.create_task(progress.checkpoint(done(job, number)))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await progress.save([])
    await progress.checkpoint(done(job, 31))
    copied = await progress.map.count(job.id)
    assert copied == 2 * len(await progress.skips(job.id))
    assert await progress.map.targets(job.id, [31_001]) == {31_001: 155_000}
    assert await progress.step_in_flight(job.id) == step(32)
