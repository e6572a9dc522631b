"""What happened to a job and by whom: one row for each change, in the transaction that makes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, insert, literal, select

from domain.job import Change, Failure, JobStatus
from storage.rows import change_from, failure_value
from storage.tables import job_history, jobs


def note(connection: Connection, job_id: int, change: Change) -> None:
    connection.execute(
        insert(job_history),
        {
            "job_id": job_id,
            "at": change.at,
            "was": change.was,
            "became": change.became,
            "who": change.who,
            "reason": failure_value(change.reason),
        },
    )


def note_all(
    connection: Connection,
    *guard: ColumnElement[bool],
    at: datetime,
    became: JobStatus,
    who: int | None,
    reason: Failure | None,
) -> None:
    """The change that all jobs under `guard` are about to make, while their old status still stands."""
    told = job_history.c
    wanted: Select[tuple[object, ...]] = select(
        jobs.c.id,
        literal(at, told.at.type),
        jobs.c.status,
        literal(became, told.became.type),
        literal(who, told.who.type),
        literal(failure_value(reason), told.reason.type),
    ).where(*guard)
    columns = ["job_id", "at", "was", "became", "who", "reason"]
    connection.execute(insert(job_history).from_select(columns, wanted))


def changes_of(connection: Connection, job_id: int) -> list[Change]:
    """Oldest first."""
    wanted = select(job_history).where(job_history.c.job_id == job_id).order_by(job_history.c.id)
    return [change_from(row) for row in connection.execute(wanted)]
