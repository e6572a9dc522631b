"""The database, whichever of the two it is: transactions as functions, and every failure as one error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DataError, IntegrityError

from domain.errors import DatabaseBroken
from storage.failures import said
from storage.location import parse_url, shown
from storage.sqlite import Sqlite

Result = TypeVar("Result")


class Kind(Protocol):
    """SQLite or PostgreSQL. A failed connection is given up; the next call makes a new one."""

    #: What leaves its methods when the database fails.
    failures: tuple[type[Exception], ...]

    async def prepare(self, *, server: str, shown_url: str) -> None: ...

    async def write(self, work: Callable[[Connection], Result]) -> Result: ...

    async def read(self, work: Callable[[Connection], Result]) -> Result: ...

    async def close(self) -> None: ...


class Database:
    """Made by `Database.open`. The stores beside this file are what the engine uses."""

    def __init__(self, *, url: URL) -> None:
        self._shown_url = shown(url)
        self._kind = _kind(url)

    @classmethod
    async def open(cls, url: str, *, server: str) -> Self:
        """The database at `url`, made or migrated as needed.

        `server` is "telegram.org" or "sandbox:<fingerprint of its key>"; the first one is kept for ever.
        Raises SettingError, DatabaseBroken, DatabaseTooNew, WrongServer; the database is then unchanged.
        """
        database = cls(url=parse_url(url))
        try:
            await database._kind.prepare(server=server, shown_url=database._shown_url)
        except database._kind.failures as error:
            await database.close()
            raise database._broken(error) from error
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, after its transaction was committed; rolled back if it raises.

        Nothing else of this process writes meanwhile. If the waiting task is cancelled, the transaction
        happens wholly or not at all. Raises DatabaseBroken when the database fails; whether it was committed
        is then not known, and the next call tries with a new connection.
        """
        try:
            return await self._kind.write(work)
        except (IntegrityError, DataError):
            raise  # a mistake of ours, not the database's
        except self._kind.failures as error:
            raise self._broken(error) from error

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` finds in one consistent snapshot. Raises DatabaseBroken when the database fails."""
        try:
            return await self._kind.read(work)
        except DataError:
            raise
        except self._kind.failures as error:
            raise self._broken(error) from error

    async def close(self) -> None:
        """Waits for what is being written. Nothing may use the database afterwards."""
        await self._kind.close()

    def _broken(self, error: Exception) -> DatabaseBroken:
        return DatabaseBroken(url=self._shown_url, reason=said(error))


def _kind(url: URL) -> Kind:
    if url.get_backend_name() == "sqlite":
        return Sqlite(url)
    from storage.postgres import Postgres  # late: its driver costs every start a tenth of a second

    return Postgres(url)
