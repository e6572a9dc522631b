"""How far jobs are, message by message. `checkpoint` is the hot path: one transaction for each step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from domain.checkpoint import Checkpoint
from domain.errors import LostLease
from domain.job import JobKind, JobStatus, Progress
from domain.message import BESIDE, Skip
from domain.step import Step
from storage.advisory import Advisory, take_turn
from storage.database import Database
from storage.findings import write_findings
from storage.message_map import MapStore, replace_in_map, write_map
from storage.rows import chat_columns, progress_columns, step_from, step_payload
from storage.tables import debts, jobs, message_map, skips, steps
from storage.upsert import Upsert

# Built once, so that SQLAlchemy finds their SQL by identity.
_ADVANCE = (
    update(jobs)
    .where(jobs.c.id == bindparam("this_job"), jobs.c.generation == bindparam("this_generation"))
    .values({name: bindparam(name) for name in progress_columns(Progress())})
)
_AUTOSAVE = _ADVANCE.where(jobs.c.step_number <= bindparam("step_number"))
_SKIP = Upsert(skips)
_JOURNAL = Upsert(steps, change=lambda new: {"number": new.number, "payload": new.payload})
_OWE = Upsert(debts)
_CLEAR = delete(steps).where(steps.c.job_id == bindparam("this_job"))


class ProgressStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.map = MapStore(database)

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
            {"this_job": job_id, "this_generation": generation, **progress_columns(known)}
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

    async def skips(self, job_id: int, *, after: int | None = None, limit: int | None = None) -> list[Skip]:
        """In the order of the source: all, or the next `limit` behind `after`."""
        wanted = (
            select(skips.c.source_id, skips.c.reason, skips.c.detail)
            .where(skips.c.job_id == job_id)
            .order_by(skips.c.source_id)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(skips.c.source_id > after)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [Skip(*row) for row in rows]

    async def debts(self, job_id: int, *, after: int, limit: int = 100) -> list[int]:
        """The next source messages behind `after` whose copies have links that are still to be mended."""
        wanted = (
            select(debts.c.source_id)
            .where(debts.c.job_id == job_id, debts.c.source_id > after)
            .order_by(debts.c.source_id)
            .limit(limit)
        )
        return await self._database.read(lambda connection: list(connection.execute(wanted).scalars()))


def _write_checkpoint(connection: Connection, done: Checkpoint, payload: str) -> None:
    job = {"this_job": done.job_id}
    values = {**job, "this_generation": done.generation, **progress_columns(done.progress)}
    if connection.execute(_ADVANCE, values).rowcount == 0:
        raise LostLease(job_id=done.job_id)
    if done.map_of is None and not done.late:
        write_map(connection, done.job_id, done.copied)
    elif done.copied:
        replace_in_map(connection, done.map_of or done.job_id, done.copied, late=done.late)
    if done.target is not None:
        made = chat_columns("target", done.target)
        connection.execute(update(jobs).where(jobs.c.id == done.job_id).values(**made))
    _write_debts(connection, done)
    write_findings(connection, done.job_id, done.findings)
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
    if done.step is not None:
        step = {"job_id": done.job_id, "number": done.step.number, "payload": payload}
        connection.execute(_JOURNAL.on(connection), step)
    else:
        connection.execute(_CLEAR, job)


def _write_debts(connection: Connection, done: Checkpoint) -> None:
    rows = [{"job_id": done.job_id, "source_id": number} for number in done.debts]
    if done.comment_debts:
        job_id = _comments_job(connection, done.map_of or done.job_id)
        if job_id is not None:
            rows += ({"job_id": job_id, "source_id": number + BESIDE} for number in done.comment_debts)
    if rows:
        connection.execute(_OWE.on(connection), rows)
    if done.paid:
        connection.execute(
            delete(debts).where(debts.c.job_id == done.job_id, debts.c.source_id.in_(done.paid))
        )


def _comments_job(connection: Connection, of_job: int) -> int | None:
    """The job that is still to copy all comments; those that try again what it skipped come later."""
    about = select(jobs.c.id, jobs.c.status).where(jobs.c.of_job == of_job, jobs.c.kind == JobKind.COMMENTS)
    first = connection.execute(about.order_by(jobs.c.id).limit(1)).one_or_none()
    if first is None or first.status in (JobStatus.COMPLETED, JobStatus.CANCELLED):
        return None
    return int(first.id)
