"""The message map: which copy belongs to which source message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.job import JobKind
from storage.database import Database
from storage.tables import jobs, message_map
from storage.upsert import Upsert

#: Rows in one statement of SQLite, more than a step has. Every SQLite takes 999 parameters; a row is three.
MAP_ROWS = 300

_POSTGRES = (
    "INSERT INTO message_map (job_id, source_id, target_id)"
    " SELECT $1::bigint, * FROM unnest($2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING"
)


_REPLACE = Upsert(message_map, change=lambda new: {"target_id": new.target_id, "late": new.late})
#: Ids asked for in one statement: fewer than the parameters that every SQLite takes.
ASKED = 900


@dataclass(frozen=True, slots=True)
class Mapped:
    """One row; `late` says that the copy stands out of order on purpose."""

    source_id: int
    target_id: int
    late: bool = False


class MapStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def targets(self, job_id: int, source_ids: Collection[int]) -> dict[int, int]:
        """source id → target id of those that have a copy."""
        return {m.source_id: m.target_id for m in await self.of_sources(job_id, source_ids)}

    async def of_sources(self, job_id: int, source_ids: Collection[int]) -> list[Mapped]:
        return await self._among(message_map.c.job_id == job_id, source_ids)

    async def of_comments(self, job_id: int, source_ids: Collection[int]) -> list[Mapped]:
        """The rows of comments on the posts that job `job_id` copied."""
        about = select(jobs.c.id).where(jobs.c.of_job == job_id, jobs.c.kind == JobKind.COMMENTS)
        return await self._among(message_map.c.job_id.in_(about), source_ids)

    async def page(self, job_id: int, *, after: int, limit: int = 100) -> list[Mapped]:
        """The next rows behind source message `after`, ascending."""
        m = message_map.c
        wanted = select(m.source_id, m.target_id, m.late).where(m.job_id == job_id, m.source_id > after)
        wanted = wanted.order_by(m.source_id).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [Mapped(*row) for row in rows]

    async def count(self, job_id: int) -> int:
        wanted = select(func.count()).select_from(message_map).where(message_map.c.job_id == job_id)
        return await self._database.read(lambda connection: connection.execute(wanted).scalar_one())

    async def _among(self, whose: ColumnElement[bool], ids: Collection[int]) -> list[Mapped]:
        m, found = message_map.c, list[Mapped]()
        asked = sorted(ids)
        for start in range(0, len(asked), ASKED):
            wanted = select(m.source_id, m.target_id, m.late).where(
                whose, m.source_id.in_(asked[start : start + ASKED])
            )

            def read(connection: Connection, wanted: Select[Any] = wanted) -> list[Mapped]:
                return [Mapped(*row) for row in connection.execute(wanted)]

            found += await self._database.read(read)
        return sorted(found, key=lambda row: row.source_id)


def replace_in_map(
    connection: Connection, job_id: int, copied: Sequence[tuple[int, int]], *, late: bool
) -> None:
    """As write_map, but what stood there gives way."""
    rows = [{"job_id": job_id, "source_id": s, "target_id": t, "late": late} for s, t in copied]
    connection.execute(_REPLACE.on(connection), rows)


def write_map(connection: Connection, job_id: int, copied: Sequence[tuple[int, int]]) -> None:
    """All (source id, target id) pairs by one statement; those that stand there already are left alone.

    Row by row, the event loop would fight for the interpreter at each.
    """
    if not copied:
        return
    if connection.dialect.name == "postgresql":
        sources, targets = zip(*copied, strict=True)
        connection.exec_driver_sql(_POSTGRES, (job_id, list(sources), list(targets)))
        return
    for start in range(0, len(copied), MAP_ROWS):
        rows = copied[start : start + MAP_ROWS]
        values = tuple(value for source, target in rows for value in (job_id, source, target))
        connection.exec_driver_sql(_sqlite(len(rows)), values)


@cache
def _sqlite(rows: int) -> str:
    places = ", ".join(["(?, ?, ?)"] * rows)
    return f"INSERT INTO message_map (job_id, source_id, target_id) VALUES {places} ON CONFLICT DO NOTHING"
