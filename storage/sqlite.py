"""The connection to SQLite: one thread that writes, a pool that reads.

A transaction is one function that runs from BEGIN to COMMIT in the writer's thread: cancelling the task that
waits for it cannot tear it, and a checkpoint costs one change of threads instead of twenty.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.schema import check_before_writing, upgrade

Result = TypeVar("Result")

#: How long a writer waits for another process's transaction.
BUSY_TIMEOUT_MS = 5_000

#: What the file and the disk below it may do to us.
FAILURES = (DBAPIError, sqlite3.Error, OSError)


class Sqlite:
    """One file. Made by `Database.open`."""

    failures: tuple[type[Exception], ...] = FAILURES

    def __init__(self, url: URL) -> None:
        self._file = Path(str(url.database))
        self._write_engine = _writing_engine(url)
        self._read_engine = _reading_engine(url)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage-writer")
        self._connection: Connection | None = None  # used in the writer's thread only

    async def prepare(self, *, server: str, shown_url: str) -> None:
        await self._in_thread(self._make_file)
        await self._in_thread(self._make_tables, server, shown_url)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        return await self._in_thread(self._transaction, work)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        async with self._read_engine.connect() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._read_engine.dispose()
        await self._in_thread(self._disconnect)
        self._thread.shutdown()

    async def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _transaction(self, work: Callable[[Connection], Result]) -> Result:
        try:
            connection = self._connect()
            with connection.begin():
                return work(connection)
        except FAILURES:
            self._disconnect()  # whatever state it is in, the next transaction begins with a new one
            raise

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._write_engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*FAILURES):  # nothing is left to be lost
                connection.close()

    def _make_file(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))

    def _make_tables(self, server: str, shown_url: str) -> None:
        connection = self._connect()
        with connection.begin():
            check_before_writing(connection, server=server, url=shown_url)
        _switch_to_wal(connection.connection.driver_connection)
        with connection.begin():
            upgrade(connection, server=server)


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
