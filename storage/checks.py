"""What checks ask about whole jobs: whose copies stand where, what was skipped, kept or found before."""

from __future__ import annotations

from array import array
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus
from storage.database import Database
from storage.rows import job_from
from storage.tables import findings, jobs, message_map, skips

#: Rows fetched at a time from what may be a whole chat.
CHUNK = 5000


class CheckStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def job(self, job_id: int) -> Job | None:
        """The job that a check is about."""
        wanted = select(jobs).where(jobs.c.id == job_id)
        row = await self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        return None if row is None else job_from(row)

    async def first_copy(self, job_id: int) -> int:
        """The oldest message in the job's target that it made, or 0."""
        wanted = select(func.min(message_map.c.target_id)).where(message_map.c.job_id == job_id)
        return await self._database.read(lambda connection: connection.execute(wanted).scalar() or 0)

    async def copies_in(self, target_marked_id: int) -> array[int]:
        """Every message of that chat that is some job's copy, ascending: eight bytes each."""
        wanted = (
            select(message_map.c.target_id)
            .join(jobs, jobs.c.id == message_map.c.job_id)
            .where(jobs.c.target_id == target_marked_id)
            .order_by(message_map.c.target_id)
        )

        def read(connection: Connection) -> array[int]:
            rows = connection.execute(wanted, execution_options={"yield_per": CHUNK})
            return array("q", rows.scalars())

        return await self._database.read(read)

    async def taken(self, target_marked_id: int, ids: Collection[int]) -> set[int]:
        """Which of these messages of that chat are some job's copies."""
        wanted = (
            select(message_map.c.target_id)
            .join(jobs, jobs.c.id == message_map.c.job_id)
            .where(jobs.c.target_id == target_marked_id, message_map.c.target_id.in_(sorted(ids)))
        )
        return await self._database.read(lambda connection: set(connection.execute(wanted).scalars()))

    async def begins_below_zero(self, job_id: int) -> bool:
        """Whether the job has copied or skipped anything of the basic group that its source was."""

        def read(connection: Connection) -> bool:
            for table in (message_map, skips):
                wanted = select(table.c.source_id).where(table.c.job_id == job_id, table.c.source_id < 0)
                if connection.execute(wanted.limit(1)).first() is not None:
                    return True
            return False

        return await self._database.read(read)

    async def out_of_order(self, job_id: int) -> tuple[array[int], array[int]]:
        """(source ids, target ids) of the copies that stand before or behind one that they should not.

        By source id; those that stand out of order on purpose are left out. 16 bytes each.
        """
        m = message_map.c
        above = func.max(m.target_id).over(order_by=m.source_id, rows=(None, -1))
        below = func.min(m.target_id).over(order_by=m.source_id.desc(), rows=(None, -1))
        places = (
            select(m.source_id, m.target_id, above.label("above"), below.label("below"))
            .where(m.job_id == job_id, m.late.is_(False))
            .subquery()
        )
        p = places.c
        wanted = select(p.source_id, p.target_id).where((p.above > p.target_id) | (p.below < p.target_id))

        def read(connection: Connection) -> tuple[array[int], array[int]]:
            sources, targets = array("q"), array("q")
            for source, target in connection.execute(wanted.order_by(p.source_id)):
                sources.append(source)
                targets.append(target)
            return sources, targets

        return await self._database.read(read)

    async def skipped(self, job_id: int, source_ids: Collection[int]) -> set[int]:
        """Which of these the job or a repair of it has skipped."""
        if not source_ids:
            return set()
        wanted = (
            select(skips.c.source_id)
            .join(jobs, jobs.c.id == skips.c.job_id)
            .where(_job_or_repair(job_id), skips.c.source_id.in_(sorted(source_ids)))
        )
        return await self._database.read(lambda connection: set(connection.execute(wanted).scalars()))

    async def kept(self, job_id: int, source_ids: Collection[int]) -> set[tuple[FindingKind, int, int]]:
        """(kind, source id, target id) of what was left as it is on purpose, about these messages."""
        f = findings.c
        wanted = (
            select(f.kind, f.source_id, f.target_id)
            .join(jobs, jobs.c.id == f.job_id)
            .where(
                _job_or_repair(job_id),
                f.state == FindingState.KEPT,
                f.source_id.in_(sorted(source_ids)),
            )
        )

        def read(connection: Connection) -> set[tuple[FindingKind, int, int]]:
            return {(kind, source, target) for kind, source, target in connection.execute(wanted)}

        return await self._database.read(read)

    async def not_applied(self, job_id: int, source_ids: Collection[int]) -> dict[int, list[str]]:
        """What the job or a repair of it has told of copies that could not be made as they should be."""
        f = findings.c
        wanted = (
            select(f.source_id, f.detail)
            .join(jobs, jobs.c.id == f.job_id)
            .where(
                _job_or_repair(job_id),
                f.kind == FindingKind.NOT_APPLIED,
                f.source_id.in_(sorted(source_ids)),
            )
        )

        def read(connection: Connection) -> dict[int, list[str]]:
            told: dict[int, list[str]] = {}
            for number, detail in connection.execute(wanted):
                told.setdefault(number, []).append(detail)
            return told

        return await self._database.read(read)

    async def newest_verify(self, job_id: int, *, before: int) -> int | None:
        """The newest completed job that verified this one and was ordered before job `before`."""
        wanted = (
            select(jobs.c.id)
            .where(
                jobs.c.of_job == job_id,
                jobs.c.kind == JobKind.VERIFY,
                jobs.c.status == JobStatus.COMPLETED,
                jobs.c.id < before,
            )
            .order_by(jobs.c.id.desc())
            .limit(1)
        )
        return await self._database.read(lambda connection: connection.execute(wanted).scalar())

    async def untreated(
        self, found_by: int, *, treated_by: int, kinds: Collection[FindingKind], limit: int = 100
    ) -> list[Finding]:
        """The first open findings of one job of which another job has none of the same kind and messages."""
        f, done = findings.c, findings.alias()
        same = and_(
            done.c.job_id == treated_by,
            done.c.source_id == f.source_id,
            done.c.target_id == f.target_id,
            done.c.kind == f.kind,
        )
        wanted = (
            select(f.kind, f.source_id, f.target_id, f.detail, f.state)
            .where(f.job_id == found_by, f.state == FindingState.OPEN, f.kind.in_(sorted(kinds)))
            .where(~exists(select(done.c.job_id).where(same)))
            .order_by(f.source_id, f.target_id, f.kind)
            .limit(limit)
        )
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [Finding(*row) for row in rows]


def _job_or_repair(job_id: int) -> ColumnElement[bool]:
    return or_(jobs.c.id == job_id, and_(jobs.c.of_job == job_id, jobs.c.kind == JobKind.REPAIR))
