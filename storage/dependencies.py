"""Jobs that start only once others are completed. `jobs.blockers` counts what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.errors import AfterCircle, AfterItself, NoSuchJob
from domain.job import Job, JobStatus
from storage.rows import job_from
from storage.tables import dependencies, jobs


def jobs_from(connection: Connection, rows: Sequence[Row[Any]]) -> list[Job]:
    """In the order of `rows`, each with what it waits for."""
    blocked = [row.id for row in rows if row.blockers]
    if not blocked:
        return [job_from(row) for row in rows]
    wanted = (
        select(dependencies)
        .join(jobs, jobs.c.id == dependencies.c.after_id)
        .where(
            dependencies.c.job_id.between(min(blocked), max(blocked)),  # a list might be too long for SQL
            jobs.c.status != JobStatus.COMPLETED,
        )
        .order_by(dependencies.c.after_id)
    )
    missing: dict[int, tuple[int, ...]] = {}
    for job_id, after_id in connection.execute(wanted):
        missing[job_id] = (*missing.get(job_id, ()), after_id)
    return [job_from(row, missing.get(row.id, ()) if row.blockers else ()) for row in rows]


def count_blockers(connection: Connection, after: Collection[int]) -> int:
    """How many of `after` are not completed. Raises NoSuchJob."""
    found = connection.execute(select(jobs.c.id, jobs.c.status).where(jobs.c.id.in_(after))).all()
    for missing in sorted(set(after) - {row.id for row in found}):
        raise NoSuchJob(job_id=missing)
    return sum(row.status is not JobStatus.COMPLETED for row in found)


def link(connection: Connection, job_id: int, after: Collection[int]) -> None:
    rows = [{"job_id": job_id, "after_id": after_id} for after_id in sorted(set(after))]
    if rows:
        connection.execute(insert(dependencies), rows)


def replace(connection: Connection, job_id: int, after: Collection[int]) -> None:
    """The job waits for `after` and nothing else. Raises AfterItself, AfterCircle, NoSuchJob."""
    if job_id in after:
        raise AfterItself(job_id=job_id)
    blockers = count_blockers(connection, after)
    for after_id in sorted(after):
        if job_id in _waited_for(connection, after_id):
            raise AfterCircle(job_id=job_id, after_id=after_id)
    connection.execute(delete(dependencies).where(dependencies.c.job_id == job_id))
    link(connection, job_id, after)
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(blockers=blockers))


def release(connection: Connection, completed_id: int) -> None:
    """One blocker less for each job that waited for this one."""
    waiting = select(dependencies.c.job_id).where(dependencies.c.after_id == completed_id)
    connection.execute(update(jobs).where(jobs.c.id.in_(waiting)).values(blockers=jobs.c.blockers - 1))


def _waited_for(connection: Connection, job_id: int) -> set[int]:
    """Everything that must be completed before `job_id` is, near and far."""
    unmet = (
        select(dependencies.c.job_id, dependencies.c.after_id)
        .join(jobs, jobs.c.id == dependencies.c.job_id)
        .where(jobs.c.status != JobStatus.COMPLETED)
        .subquery("unmet")
    )
    reached = select(unmet.c.after_id).where(unmet.c.job_id == job_id).cte("reached", recursive=True)
    further = select(unmet.c.after_id).join(reached, unmet.c.job_id == reached.c.after_id)
    return set(connection.execute(select(reached.union(further).c.after_id)).scalars())
