"""The connection to SQLite: one thread that writes, a pool that reads.

A transaction is one function that runs from BEGIN to COMMIT in the writer's thread: cancelling the task that
waits for it cannot tear it, and a checkpoint costs one change of threads instead of twenty.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.errors import DatabaseBroken
from storage.location import database_file, parse_url
from storage.schema import check_before_writing, upgrade

Result = TypeVar("Result")

#: How long a writer waits for another process's transaction.
BUSY_TIMEOUT_MS = 5_000


class Database:
    """Made by `Database.open`. The stores beside this file are what the engine uses."""

    def __init__(self, *, url: URL) -> None:
        self._shown_url = url.render_as_string(hide_password=True)
        self._write_engine = _writing_engine(url)
        self._read_engine = _reading_engine(url)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage-writer")
        self._connection: Connection | None = None  # used in the writer's thread only

    @classmethod
    async def open(cls, url: str, *, server: str) -> Self:
        """The database at `url`, made or migrated as needed.

        `server` is "telegram.org" or "sandbox:<fingerprint of its key>"; the first one is kept for ever.
        Raises SettingError, DatabaseBroken, DatabaseTooNew, WrongServer; the database is then unchanged.
        """
        database = cls(url=parse_url(url))
        try:
            await database._in_thread(database._make_file, url)
            await database._in_thread(database._prepare, server)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, after its transaction was committed; rolled back if it raises.

        `work` runs in the writer's thread, nothing else writes meanwhile. If the waiting task is cancelled,
        the transaction happens wholly or not at all. Raises DatabaseBroken when the database fails.
        """
        return await self._in_thread(self._transaction, work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` finds in one consistent snapshot. Raises DatabaseBroken when the database fails."""
        try:
            async with self._read_engine.connect() as connection:
                return await connection.run_sync(work)
        except (DatabaseError, sqlite3.Error) as error:
            raise self._broken(error) from error

    async def close(self) -> None:
        """Waits for what is being written. Nothing may use the database afterwards."""
        await self._read_engine.dispose()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    async def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        except IntegrityError:
            raise  # a mistake of ours, not the database's
        except (DatabaseError, sqlite3.Error) as error:
            raise self._broken(error) from error

    def _transaction(self, work: Callable[[Connection], Result]) -> Result:
        connection = self._connect()
        with connection.begin():
            return work(connection)

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._write_engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _make_file(self, url: str) -> None:
        file = database_file(url)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise DatabaseBroken(url=self._shown_url, reason=error.strerror or error) from error

    def _prepare(self, server: str) -> None:
        connection = self._connect()
        with connection.begin():
            check_before_writing(connection, server=server, url=self._shown_url)
        _switch_to_wal(connection.connection.driver_connection)
        with connection.begin():
            upgrade(connection, server=server)

    def _broken(self, error: DatabaseError | sqlite3.Error) -> DatabaseBroken:
        return DatabaseBroken(
            url=self._shown_url, reason=error.orig if isinstance(error, DatabaseError) else error
        )


def _writing_engine(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="sqlite"), poolclass=NullPool)
    _set_up(engine, begin="BEGIN IMMEDIATE")  # never "database is locked" halfway through
    return engine


def _reading_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"))
    _set_up(engine.sync_engine, begin="BEGIN", query_only="ON")
    return engine


def _set_up(engine: Engine, *, begin: str, **pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        _pragmas(
            connection, foreign_keys="ON", synchronous="FULL", busy_timeout=str(BUSY_TIMEOUT_MS), **pragmas
        )

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _switch_to_wal(connection: Any) -> None:
    """Outside of transactions, and once: the file remembers it."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            return _pragmas(connection, journal_mode="WAL")
        except sqlite3.OperationalError:
            # SQLite itself does not wait here for another process that opens the new file just now.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _pragmas(connection: Any, **pragmas: str) -> None:
    cursor = connection.cursor()
    for name, value in pragmas.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()
