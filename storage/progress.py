"""How far jobs are, message by message. `checkpoint` is the hot path: one transaction for each step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, select, update

from domain.checkpoint import Checkpoint
from domain.errors import LostLease
from domain.job import JobStatus, Progress
from domain.message import Skip
from domain.step import Step
from storage.advisory import Advisory, take_turn
from storage.database import Database
from storage.message_map import write_map
from storage.rows import progress_columns, step_from, step_payload
from storage.tables import jobs, message_map, skips, steps
from storage.upsert import Upsert

# Built once, so that SQLAlchemy finds their SQL by identity.
_ADVANCE = (
    update(jobs)
    .where(jobs.c.id == bindparam("of_job"), jobs.c.generation == bindparam("of_generation"))
    .values({name: bindparam(name) for name in progress_columns(Progress())})
)
_AUTOSAVE = _ADVANCE.where(jobs.c.step_number <= bindparam("step_number"))
_SKIP = Upsert(skips)
_JOURNAL = Upsert(steps, change=lambda new: {"number": new.number, "payload": new.payload})
_CLEAR = delete(steps).where(steps.c.job_id == bindparam("of_job"))


class ProgressStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def checkpoint(self, done: Checkpoint) -> None:
        """Writes all of `done` or nothing; writing it again changes nothing.

        Raises LostLease when the job has another generation by now.
        """
        payload = step_payload(done.step) if done.step else ""
        await self._database.write(lambda connection: _write_checkpoint(connection, done, payload))

    async def save(self, progress: Sequence[tuple[int, int, Progress]]) -> None:
        """The autosave: (job id, generation, progress) of each, in one transaction.

        What is older than the database (by generation or step number) is left alone.
        """
        if not progress:
            return
        rows = [
            {"of_job": job_id, "of_generation": generation, **progress_columns(known)}
            for job_id, generation, known in progress
        ]

        def work(connection: Connection) -> None:
            take_turn(connection, Advisory.JOBS)  # several rows at once, as whoever moves jobs in bulk
            connection.execute(_AUTOSAVE, rows)

        await self._database.write(work)

    async def step_in_flight(self, job_id: int) -> Step | None:
        wanted = select(steps.c.number, steps.c.payload).where(steps.c.job_id == job_id)
        row = await self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        return step_from(row.number, row.payload) if row else None

    async def other_steps(self, target_marked_id: int, *, except_job: int) -> list[Step]:
        """The steps in flight of other jobs with that target, cancelled ones left out."""
        wanted = (
            select(steps.c.number, steps.c.payload)
            .join(jobs, jobs.c.id == steps.c.job_id)
            .where(
                jobs.c.target_id == target_marked_id,
                jobs.c.id != except_job,
                jobs.c.status != JobStatus.CANCELLED,
            )
            .order_by(jobs.c.id)
        )
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [step_from(row.number, row.payload) for row in rows]

    async def taken_in_target(self, target_marked_id: int, *, after: int) -> set[int]:
        """The message ids above `after` in that chat that are some job's copies."""
        taken = (
            select(message_map.c.target_id)
            .join(jobs, jobs.c.id == message_map.c.job_id)
            .where(jobs.c.target_id == target_marked_id, message_map.c.target_id > after)
        )
        return await self._database.read(lambda connection: set(connection.execute(taken).scalars()))

    async def skips(self, job_id: int) -> list[Skip]:
        """In the order of the source."""
        wanted = (
            select(skips.c.source_id, skips.c.reason, skips.c.detail)
            .where(skips.c.job_id == job_id)
            .order_by(skips.c.source_id)
        )
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [Skip(*row) for row in rows]

    async def target_of(self, job_id: int, source_id: int) -> int | None:
        """The copy of a source message, if this job made one."""
        wanted = select(message_map.c.target_id).where(
            message_map.c.job_id == job_id, message_map.c.source_id == source_id
        )
        return await self._database.read(lambda connection: connection.execute(wanted).scalar())

    async def copied_count(self, job_id: int) -> int:
        """The rows of the job's message map."""
        wanted = select(func.count()).select_from(message_map).where(message_map.c.job_id == job_id)
        return await self._database.read(lambda connection: connection.execute(wanted).scalar_one())


def _write_checkpoint(connection: Connection, done: Checkpoint, payload: str) -> None:
    job = {"of_job": done.job_id}
    values = {**job, "of_generation": done.generation, **progress_columns(done.progress)}
    if connection.execute(_ADVANCE, values).rowcount == 0:
        raise LostLease(job_id=done.job_id)
    write_map(connection, done.job_id, done.copied)
    if done.skips:
        connection.execute(
            _SKIP.on(connection),
            [
                {
                    "job_id": done.job_id,
                    "source_id": skip.source_id,
                    "reason": skip.reason,
                    "detail": skip.detail,
                }
                for skip in done.skips
            ],
        )
    if done.step:
        step = {"job_id": done.job_id, "number": done.step.number, "payload": payload}
        connection.execute(_JOURNAL.on(connection), step)
    else:
        connection.execute(_CLEAR, job)
