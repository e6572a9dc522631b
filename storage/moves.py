"""The moves of a job's status: one guarded UPDATE with its line of history; nobody else writes `status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, literal, update

from domain.job import Failure, Job, JobStatus, PauseReason, WaitReason, may_become
from storage.dependencies import jobs_from, release
from storage.history import note_all
from storage.rows import failure_value
from storage.tables import jobs

_FINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What is not given is cleared: no old reason survives a move."""

    to: JobStatus
    resume_at: datetime | None = None
    wait_reason: WaitReason | None = None
    pause_reason: PauseReason | None = None
    failure: Failure | None = None
    who: int | None = None

    def __post_init__(self) -> None:
        if (self.to is JobStatus.PAUSED) != (self.pause_reason is not None):
            raise ValueError("a pause, and nothing else, says by whom")
        if self.resume_at and self.to is not JobStatus.PENDING:
            raise ValueError("only a pending job waits")

    @property
    def reason(self) -> Failure | None:
        """As the history tells it: the whole failure, or else the word of the pause or the wait."""
        word = self.pause_reason or self.wait_reason
        return self.failure or (Failure(word.value) if word else None)


def carry_out(connection: Connection, move: Move, *where: ColumnElement[bool]) -> list[Job]:
    """Moves the jobs under `where` that may be moved there. Returns those, oldest first."""
    now = datetime.now(UTC)
    guard = (jobs.c.status.in_(may_become(move.to)), *where)
    note_all(connection, *guard, at=now, became=move.to, who=move.who, reason=move.reason)
    values: dict[str, object] = {
        "status": move.to,
        "resume_at": move.resume_at,
        "wait_reason": move.wait_reason,
        "pause_reason": move.pause_reason,
        "failure": failure_value(move.failure),
        "finished_at": now if move.to in _FINAL else None,
    }
    if move.to is JobStatus.RUNNING:
        values["started_at"] = func.coalesce(jobs.c.started_at, literal(now, jobs.c.started_at.type))
    moving = update(jobs).where(*guard).values(values)
    moved = connection.execute(moving.returning(*jobs.c)).all()
    if move.to is JobStatus.COMPLETED:
        for row in moved:
            release(connection, row.id)
    return jobs_from(connection, sorted(moved, key=lambda row: row.id))  # RETURNING promises no order


def take_up(connection: Connection) -> list[Job]:
    """What was running is pending again. Returns all pending jobs that had begun, oldest first."""
    left = jobs.c.status == JobStatus.RUNNING
    note_all(connection, left, at=datetime.now(UTC), became=JobStatus.PENDING, who=None, reason=None)
    begun = (
        update(jobs)
        .where(jobs.c.status.in_([JobStatus.RUNNING, JobStatus.PENDING]), jobs.c.started_at.is_not(None))
        .values(status=JobStatus.PENDING, resumed_from=jobs.c.offset_id)
    )
    rows = connection.execute(begun.returning(*jobs.c)).all()
    return jobs_from(connection, sorted(rows, key=lambda row: row.id))
