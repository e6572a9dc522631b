"""The one statement that takes a job and its slot together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Update, func, literal, or_, select, update

from domain.account import AccountState
from domain.job import Change, Job, JobStatus, Priority
from storage.dependencies import jobs_from
from storage.history import note
from storage.tables import accounts, jobs


def claim_statement(
    *,
    now: datetime,
    max_user: int,
    max_total: int,
    except_ids: Collection[int],
    only: Collection[int] | None,
    min_priority: Priority = Priority.LOW,
) -> Update:
    """The UPDATE of the job that may start now.

    Its order: priority, then the owner with the fewest running jobs, then age.
    """
    candidate = jobs.alias("candidate")
    busy = (
        select(jobs.c.owner_id, func.count().label("running"))
        .where(jobs.c.status == JobStatus.RUNNING)
        .group_by(jobs.c.owner_id)
        .subquery("busy")
    )
    running = func.coalesce(busy.c.running, 0)
    running_overall = select(func.count()).where(jobs.c.status == JobStatus.RUNNING).scalar_subquery()
    first = (
        select(candidate.c.id)
        .join(accounts, accounts.c.id == candidate.c.account_id)
        .outerjoin(busy, busy.c.owner_id == candidate.c.owner_id)
        .where(
            candidate.c.status == JobStatus.PENDING,
            candidate.c.blockers == 0,
            candidate.c.priority >= int(min_priority),
            or_(candidate.c.resume_at.is_(None), candidate.c.resume_at <= now),
            accounts.c.state == AccountState.READY,
            running < max_user,
            running_overall < max_total,
        )
        .order_by(candidate.c.priority.desc(), running, candidate.c.id)
        .limit(1)
    )
    if except_ids:
        first = first.where(candidate.c.id.not_in(except_ids))
    if only is not None:
        first = first.where(candidate.c.id.in_(only))
    return (
        update(jobs)
        .where(jobs.c.id == first.scalar_subquery())
        .values(
            status=JobStatus.RUNNING,
            generation=jobs.c.generation + 1,
            started_at=func.coalesce(jobs.c.started_at, literal(now, jobs.c.started_at.type)),
            resume_at=None,
            wait_reason=None,
        )
    )


def take(connection: Connection, claiming: Update, *, now: datetime) -> Job | None:
    """The job that `claiming` took, with its line of history."""
    row = connection.execute(claiming.returning(*jobs.c)).one_or_none()
    if row is None:
        return None
    note(connection, row.id, Change(at=now, was=JobStatus.PENDING, became=JobStatus.RUNNING, who=None))
    return jobs_from(connection, [row])[0]
