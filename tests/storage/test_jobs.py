"""Jobs as they are written, found and recovered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.account import Account
from domain.errors import IllegalMove, NoSuchJob
from domain.job import (
    Failure,
    JobKind,
    JobStatus,
    PauseReason,
    Priority,
    Progress,
    ReportPlace,
    WaitReason,
)
from domain.peer import Chat, Peer, PeerKind
from storage.jobs import JobStore
from tests.storage.orders import NOW, channel, order, running

SOURCE, TARGET = channel(1), channel(2)


async def test_a_job_comes_back_as_it_was_ordered(jobs: JobStore) -> None:
    source = Chat(Peer(PeerKind.CHANNEL, 1234567890, 2**63 - 1), "新闻 “News”", "news", 42)
    target = Chat(Peer(PeerKind.GROUP, 777), "Us")
    new = order(source=source, target=target, priority=Priority.URGENT)
    before = datetime.now(UTC)
    added = await jobs.add(new)
    assert (added.source, added.target, added.key) == (source, target, new.key)
    assert (added.owner_id, added.account_id, added.priority) == (7, 1, Priority.URGENT)
    assert added.progress == Progress(total=1000, last_target_id=40)
    assert (added.status, added.generation, added.report) == (JobStatus.PENDING, 0, None)
    assert before <= added.created_at <= datetime.now(UTC)
    assert await jobs.get(added.id) == added
    assert await jobs.get(added.id + 1) is None
    assert await jobs.get(10**20) is None


async def test_a_user_as_the_target(jobs: JobStore) -> None:
    saved = Chat(Peer(PeerKind.USER, 2**40, -5), "Saved Messages")
    assert (await jobs.add(order(target=saved))).target == saved


async def test_the_list_is_newest_first_and_narrowed(jobs: JobStore) -> None:
    made = [await jobs.add(order(owner)) for owner in (7, 8, 7, 7)]
    done = await jobs.move(made[2].id, JobStatus.CANCELLED)
    assert [job.id for job in await jobs.list()] == [job.id for job in reversed(made)]
    assert [job.id for job in await jobs.list(owner_id=7)] == [made[3].id, made[2].id, made[0].id]
    assert await jobs.list(owner_id=7, statuses=[JobStatus.CANCELLED]) == [done]
    assert await jobs.list(statuses=[]) == []
    assert [job.id for job in await jobs.list(limit=2)] == [made[3].id, made[2].id]


async def test_the_jobs_that_read_a_place(jobs: JobStore) -> None:
    async def reading(source: Chat = SOURCE, owner: int = 7) -> list[int]:
        return [job.id for job in await jobs.of_source(owner_id=owner, source=source)]

    assert await reading() == []
    first, second = [await jobs.add(order()) for _ in range(2)]
    topic = await jobs.add(order(source=channel(1, topic=5)))
    assert await reading() == [second.id, first.id]
    assert await reading(replace(channel(1), title="Renamed", username="new")) == [second.id, first.id]
    assert await reading(channel(1, topic=5)) == [topic.id]
    assert await reading(channel(2)) == []
    assert await reading(owner=8) == []
    await jobs.move(second.id, JobStatus.CANCELLED)
    assert await reading() == [first.id]


async def test_a_job_and_its_comments_are_written_together(jobs: JobStore) -> None:
    main = await jobs.add(order(), comments=replace(order(source=channel(3)), kind=JobKind.COMMENTS))
    [comments] = await jobs.about(main.id, JobKind.COMMENTS)
    assert (comments.of_job, comments.after) == (main.id, (main.id,))
    assert await jobs.about(main.id, JobKind.VERIFY) == []


async def test_a_wait_is_kept_and_cleared(jobs: JobStore, account: Account) -> None:
    job = await running(jobs)
    until = datetime(2026, 3, 1, 20, 0, 1, 250, tzinfo=timezone(timedelta(hours=8)))
    waiting = await jobs.move(
        job.id, JobStatus.PENDING, resume_at=until, wait_reason=WaitReason.FLOOD, generation=job.generation
    )
    assert (waiting.resume_at, waiting.wait_reason) == (until, WaitReason.FLOOD)
    assert waiting.resume_at is not None and waiting.resume_at.tzinfo is UTC
    assert await jobs.next_resume() == until
    failure = Failure("Look at {title}.", {"title": "“ü”"})
    paused = await jobs.move(job.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER, failure=failure)
    assert (paused.resume_at, paused.wait_reason) == (None, None)
    assert (paused.pause_reason, paused.failure) == (PauseReason.OWNER, failure)
    assert await jobs.next_resume() is None
    resumed = await jobs.move(job.id, JobStatus.PENDING)
    assert (resumed.pause_reason, resumed.failure, resumed.started_at) == (None, None, NOW)


async def test_the_next_wait_that_ends(jobs: JobStore, account: Account) -> None:
    for minutes in (5, 1, 9):
        job = await running(jobs)
        await jobs.move(job.id, JobStatus.PENDING, resume_at=NOW + timedelta(minutes=minutes))
    await jobs.add(order())
    first = NOW + timedelta(minutes=1)
    assert await jobs.next_resume() == first
    assert await jobs.next_resume(after=first - timedelta(microseconds=1)) == first
    assert await jobs.next_resume(after=first) == NOW + timedelta(minutes=5)
    assert await jobs.next_resume(after=NOW + timedelta(minutes=9)) is None


async def test_the_end_of_a_job_has_a_time_until_it_is_retried(jobs: JobStore, account: Account) -> None:
    job = await running(jobs)
    assert (job.started_at, job.finished_at) == (NOW, None)
    failed = await jobs.move(job.id, JobStatus.FAILED, failure=Failure("No."))
    assert failed.finished_at is not None and failed.failure == Failure("No.")
    retried = await jobs.move(job.id, JobStatus.PENDING)
    assert (retried.finished_at, retried.failure, retried.started_at) == (None, None, NOW)


async def test_a_move_that_is_too_late(jobs: JobStore, account: Account) -> None:
    job = await running(jobs)
    with pytest.raises(IllegalMove, match=f"Job {job.id} is running, so it can't be changed to completed"):
        await jobs.move(job.id, JobStatus.COMPLETED, generation=job.generation - 1)
    paused = await jobs.move(job.id, JobStatus.PAUSED, pause_reason=PauseReason.ACCOUNT)
    with pytest.raises(IllegalMove):
        await jobs.move(job.id, JobStatus.PENDING, only_if_paused_by=[PauseReason.OWNER, PauseReason.ADMIN])
    assert await jobs.get(job.id) == paused
    assert await jobs.move(job.id, JobStatus.PENDING, only_if_paused_by=[PauseReason.ACCOUNT])
    with pytest.raises(NoSuchJob):
        await jobs.move(job.id + 1, JobStatus.CANCELLED)


async def test_the_start_of_the_service_takes_up_what_had_begun(jobs: JobStore, account: Account) -> None:
    fresh = await jobs.add(order())
    cut, waiting, paused, done = [await running(jobs) for _ in range(4)]
    await jobs.move(waiting.id, JobStatus.PENDING, resume_at=NOW, wait_reason=WaitReason.PACE)
    await jobs.move(paused.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER)
    await jobs.move(done.id, JobStatus.COMPLETED)
    taken_up = await jobs.recover()
    assert [job.id for job in taken_up] == [cut.id, waiting.id]
    assert {(job.status, job.resumed_from) for job in taken_up} == {(JobStatus.PENDING, 0)}
    assert [job.resume_at for job in taken_up] == [None, NOW]
    assert taken_up[0].generation == cut.generation, "only a claim raises it"
    untouched = await jobs.list(statuses=set(JobStatus) - {JobStatus.PENDING})
    assert [(job.id, job.resumed_from) for job in untouched] == [(done.id, None), (paused.id, None)]
    assert await jobs.get(fresh.id) == fresh


async def test_where_the_bot_shows_a_job(jobs: JobStore) -> None:
    job = await jobs.add(order())
    await jobs.set_report(job.id, ReportPlace(-100123, 5))
    assert await jobs.get(job.id) == replace(job, report=ReportPlace(-100123, 5))
    with pytest.raises(NoSuchJob):
        await jobs.set_report(job.id + 1, ReportPlace(1, 1))


async def test_counts(jobs: JobStore, account: Account) -> None:
    assert await jobs.counts() == dict.fromkeys(JobStatus, 0)
    await jobs.add(order())
    await running(jobs)
    await jobs.move((await running(jobs)).id, JobStatus.COMPLETED)
    counts = await jobs.counts()
    assert counts.pop(JobStatus.CANCELLED) == 0
    assert {status for status, count in counts.items() if count == 1} == {
        JobStatus.PENDING,
        JobStatus.RUNNING,
        JobStatus.COMPLETED,
    }


async def test_a_moment_without_a_time_zone_is_refused(jobs: JobStore) -> None:
    job = await jobs.add(order())
    with pytest.raises(Exception, match="has no time zone"):
        await jobs.claim(now=datetime(2026, 1, 1), max_user=1, max_total=1)
    assert await jobs.get(job.id) == job
