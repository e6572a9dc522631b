"""What checks remember of the messages they have seen: eight bytes of a digest each, until the check ends."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from storage.database import Database
from storage.tables import prints
from storage.upsert import Upsert

#: Values in one statement: with the job fewer than the parameters that every SQLite takes.
ASKED = 900
#: Rows fetched at a time from what may be a whole chat.
CHUNK = 5000

_PUT = Upsert(prints, change=lambda new: {"note": new.note})


@dataclass(frozen=True, slots=True, order=True)
class Print:
    """`note` is the check's own: what it found out about that message."""

    message_id: int
    print: int
    note: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    """Prints of many messages: 24 bytes each."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    prints: array[int] = field(default_factory=lambda: array("q"))
    notes: array[int] = field(default_factory=lambda: array("q"))


class PrintStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, job_id: int, found: Iterable[Print]) -> None:
        """Written again, a print has the new note."""
        rows = [
            {"job_id": job_id, "print": p.print, "message_id": p.message_id, "note": p.note} for p in found
        ]
        if rows:
            await self._database.write(lambda connection: connection.execute(_PUT.on(connection), rows))

    async def like(self, job_id: int, wanted: Collection[int]) -> list[Print]:
        """All with one of these prints, by message."""
        p, found, asked = prints.c, list[Print](), sorted(set(wanted))
        for start in range(0, len(asked), ASKED):
            some = select(p.message_id, p.print, p.note).where(
                p.job_id == job_id, p.print.in_(asked[start : start + ASKED])
            )
            found += await self._read(some)
        return sorted(found)

    async def first_of(self, job_id: int, wanted: Collection[int]) -> dict[int, int]:
        """print → the first message that has it."""
        p, found, asked = prints.c, dict[int, int](), sorted(set(wanted))
        for start in range(0, len(asked), ASKED):
            some = (
                select(p.print, func.min(p.message_id))
                .where(p.job_id == job_id, p.print.in_(asked[start : start + ASKED]))
                .group_by(p.print)
            )

            def read(connection: Connection, some: Select[Any] = some) -> list[tuple[int, int]]:
                return [(number, first) for number, first in connection.execute(some)]

            found |= dict(await self._database.read(read))
        return found

    async def noted(self, job_id: int, *, after: Print | None = None, limit: int = 500) -> list[Print]:
        """The next ones that have a note, by print and message."""
        p = prints.c
        wanted = select(p.message_id, p.print, p.note).where(p.job_id == job_id, p.note != 0)
        if after is not None:
            behind = (p.print > after.print) | ((p.print == after.print) & (p.message_id > after.message_id))
            wanted = wanted.where(behind)
        return await self._read(wanted.order_by(p.print, p.message_id).limit(limit))

    async def newest(self, job_id: int, *, above: int = 0, below: int = 2**62) -> int | None:
        """The newest message with a print whose number lies between these two."""
        p = prints.c
        wanted = select(func.max(p.message_id)).where(
            p.job_id == job_id, p.message_id > above, p.message_id < below
        )
        return await self._database.read(lambda connection: connection.execute(wanted).scalar())

    async def track(self, job_id: int, *, above: int, below: int) -> Track:
        """All whose numbers lie between these two, by message."""
        p = prints.c
        wanted = (
            select(p.message_id, p.print, p.note)
            .where(p.job_id == job_id, p.message_id > above, p.message_id < below)
            .order_by(p.message_id)
        )

        def read(connection: Connection) -> Track:
            found = Track()
            for number, content, note in connection.execute(wanted, execution_options={"yield_per": CHUNK}):
                found.ids.append(number)
                found.prints.append(content)
                found.notes.append(note)
            return found

        return await self._database.read(read)

    async def forget(self, job_id: int) -> None:
        gone = delete(prints).where(prints.c.job_id == job_id)
        await self._database.write(lambda connection: connection.execute(gone))

    async def _read(self, wanted: Select[Any]) -> list[Print]:
        def read(connection: Connection) -> list[Print]:
            return [Print(*row) for row in connection.execute(wanted)]

        return await self._database.read(read)
