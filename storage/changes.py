"""A job is written down; later its priority and what it waits for may be changed until it ends."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from domain.errors import NoSuchJob, NotWaiting
from domain.job import UNFINISHED, Change, Failure, Job, JobStatus, NewJob, Priority
from storage.dependencies import count_blockers, jobs_from, link, replace
from storage.history import note
from storage.rows import chat_columns
from storage.tables import jobs
from storage.wishes import wishes_value


def add_job(connection: Connection, new: NewJob) -> Job:
    """Raises NoSuchJob for an `after` that is none."""
    now = datetime.now(UTC)
    adding = insert(jobs).values(
        owner_id=new.owner_id,
        account_id=new.account_id,
        key=new.key,
        priority=int(new.priority),
        status=JobStatus.PENDING,
        kind=new.kind,
        wishes=wishes_value(new.wishes),
        of_job=new.of_job,
        offset_id=new.offset_id,
        total=new.total,
        last_target_id=new.last_target_id,
        blockers=count_blockers(connection, new.after) if new.after else 0,
        created_at=now,
        **chat_columns("source", new.source),
        **chat_columns("target", new.target),
    )
    row = connection.execute(adding.returning(*jobs.c)).one()
    link(connection, row.id, new.after)
    note(connection, row.id, Change(at=now, was=None, became=JobStatus.PENDING, who=new.owner_id))
    return jobs_from(connection, [row])[0]


def change_priority(connection: Connection, job_id: int, priority: Priority, *, who: int | None) -> Job:
    job = _unfinished(connection, job_id)
    if job.priority is priority:
        return job
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(priority=int(priority)))
    return _told(connection, job, who, Failure("priority: {priority}", {"priority": priority.word}))


def change_after(connection: Connection, job_id: int, after: Collection[int], *, who: int | None) -> Job:
    job = _unfinished(connection, job_id)
    replace(connection, job_id, after)
    numbers = ", ".join(map(str, sorted(set(after)))) or "–"
    return _told(connection, job, who, Failure("after: {jobs}", {"jobs": numbers}))


def _unfinished(connection: Connection, job_id: int) -> Job:
    found = jobs_from(connection, connection.execute(select(jobs).where(jobs.c.id == job_id)).all())
    if not found:
        raise NoSuchJob(job_id=job_id)
    if found[0].status not in UNFINISHED:
        raise NotWaiting(job_id=job_id, status=found[0].status)
    return found[0]


def _told(connection: Connection, job: Job, who: int | None, what: Failure) -> Job:
    """The job as it is now, after `what` was written into its history."""
    note(
        connection,
        job.id,
        Change(at=datetime.now(UTC), was=job.status, became=job.status, who=who, reason=what),
    )
    return _unfinished(connection, job.id)
