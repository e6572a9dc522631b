"""The one statement that takes a job and its slot together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, text

from domain.job import Change, Job, JobStatus, Priority
from storage.dependencies import jobs_from
from storage.history import note
from storage.tables import RUNNING, STARTABLE, WAITING, UtcDateTime, jobs

#: What else must be true of a job that stands in line, whichever line it is.
_MAY_START = """
    priority >= :min_priority AND id NOT IN :except_ids AND (:anyone OR id IN :only)
    AND EXISTS (SELECT 1 FROM accounts WHERE accounts.id = jobs.account_id AND accounts.state = 'ready')
"""


def _line(name: str, condition: str, may_start: str) -> str:
    """Two CTEs: the owners in a line, found by hopping through its index, and of each one his first job."""
    return f"""
    {name}_owners AS (
        SELECT min(owner_id) AS owner_id FROM jobs WHERE {condition}
        UNION ALL
        SELECT (SELECT min(owner_id) FROM jobs WHERE {condition} AND owner_id > {name}_owners.owner_id)
        FROM {name}_owners WHERE owner_id IS NOT NULL
    ),
    {name} AS (
        SELECT (
            SELECT id FROM jobs WHERE {condition} AND owner_id = {name}_owners.owner_id AND {may_start}
            ORDER BY priority DESC, id LIMIT 1
        ) AS id
        FROM {name}_owners LEFT JOIN busy ON busy.owner_id = {name}_owners.owner_id
        WHERE {name}_owners.owner_id IS NOT NULL AND coalesce(busy.running, 0) < :max_user
    )"""


#: Its order: priority, then the owner with the fewest running jobs, then age. There are two lines, of jobs
#: that wait for nothing and of jobs with a `resume_at`. Of each it looks at one job of every owner who has a
#: slot free, never at all that stand there.
_CLAIM = (
    text(
        f"""
    WITH RECURSIVE
    busy AS (SELECT owner_id, count(*) AS running FROM jobs WHERE {RUNNING} GROUP BY owner_id),
    {_line("ready", STARTABLE, _MAY_START)},
    {_line("rested", WAITING, "resume_at <= :now AND " + _MAY_START)}
    UPDATE jobs SET status = 'running', generation = generation + 1,
        started_at = coalesce(started_at, :now), resume_at = NULL, wait_reason = NULL
    WHERE id = (
        SELECT jobs.id FROM (SELECT id FROM ready UNION ALL SELECT id FROM rested) first
        JOIN jobs ON jobs.id = first.id
        LEFT JOIN busy ON busy.owner_id = jobs.owner_id
        WHERE (SELECT count(*) FROM jobs WHERE {RUNNING}) < :max_total
        ORDER BY jobs.priority DESC, coalesce(busy.running, 0), jobs.id LIMIT 1
    )
    RETURNING {", ".join(column.name for column in jobs.c)}
    """
    )
    .bindparams(
        bindparam("now", type_=UtcDateTime()),
        bindparam("except_ids", expanding=True),
        bindparam("only", expanding=True),
    )
    .columns(*jobs.c)
)


def claim(
    connection: Connection,
    *,
    now: datetime,
    max_user: int,
    max_total: int,
    except_ids: Collection[int],
    only: Collection[int] | None,
    min_priority: Priority,
) -> Job | None:
    """The job that is taken, with its line of history; None when none may start."""
    limits = {"now": now, "max_user": max_user, "max_total": max_total, "min_priority": int(min_priority)}
    choice = {"except_ids": list(except_ids), "anyone": only is None, "only": list(only or ())}
    row = connection.execute(_CLAIM, {**limits, **choice}).one_or_none()
    if row is None:
        return None
    note(connection, row.id, Change(at=now, was=JobStatus.PENDING, became=JobStatus.RUNNING, who=None))
    return jobs_from(connection, [row])[0]
