"""Facts about the database as a whole: which Telegram it belongs to, the salt of its key."""

from __future__ import annotations

from storage.database import Database
from storage.facts import keep_fact, read_fact
from storage.tables import meta
from storage.upsert import Upsert

_SET = Upsert(meta, change=lambda new: {"value": new.value})


class MetaStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        return await self._database.read(lambda connection: read_fact(connection, name))

    async def set(self, name: str, value: str) -> None:
        fact = {"name": name, "value": value}
        await self._database.write(lambda connection: connection.execute(_SET.on(connection), fact))

    async def keep(self, name: str, value: str) -> str:
        """Sets `name` unless it has a value already; returns the value that stands."""
        return await self._database.write(lambda connection: keep_fact(connection, name, value))
