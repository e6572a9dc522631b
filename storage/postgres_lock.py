"""The service's lock in PostgreSQL: an advisory lock, held by a connection that does nothing else.

A killed process takes its connection along, so the lock is free at once. But the server may drop a connection
that lives: then somebody else can have the lock while we believe that we do. Hence `confirm`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import URL, Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from domain.errors import AnotherService, DatabaseBroken
from storage.advisory import FERRY, Advisory
from storage.failures import said
from storage.location import shown
from storage.postgres import FAILURES, lonely_engine

#: Seconds for which `acquire` outlasts the session of a process that was killed just now.
_PATIENCE = 1.0
_MOMENT = 0.02
#: Seconds that an answer to `confirm` may take.
_ANSWER = 5.0

_KEY = (FERRY, int(Advisory.SERVICE))
_HOLDER = text(
    "SELECT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND l.classid = :ferry AND l.objid = :service AND l.objsubid = 2"
).bindparams(ferry=_KEY[0], service=_KEY[1])


class PostgresLock:
    def __init__(self, url: URL) -> None:
        self._shown_url = shown(url)
        # Who looks at the lock learns from the name whose it is.
        self._name = f"ferry {os.getpid()} {_place()} {secrets.token_hex(3)} {socket.gethostname()}"[:63]
        self._engine: AsyncEngine = lonely_engine(url, name=self._name)
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._is_closed = True
        self._is_wanted = False  # acquired and not yet released

    @property
    def is_lost(self) -> bool:
        return self._is_wanted and self._is_closed

    async def acquire(self) -> None:
        with self._failures():
            connection = await self._engine.connect()
            try:
                await self._take(connection)
                raw = await connection.get_raw_connection()
                assert raw.driver_connection is not None
                self._driver = raw.driver_connection
                self._driver.add_termination_listener(self._closed)
            except BaseException:
                await _hang_up(connection)
                raise
        self._connection, self._is_wanted = connection, True
        self._is_closed = self._driver.is_closed()

    async def confirm(self) -> None:
        if self._connection is not None and not self._is_closed:
            with contextlib.suppress(*FAILURES):
                async with asyncio.timeout(_ANSWER):
                    await self._connection.execute(select(1))
                    return
        await self._drop()
        await self.acquire()

    async def release(self) -> None:
        if self._connection is not None and not self._is_closed:
            with contextlib.suppress(*FAILURES):
                await self._connection.execute(select(func.pg_advisory_unlock(*_KEY)))
        self._is_wanted = False
        await self._drop()
        await self._engine.dispose()

    async def holder(self) -> int | None:
        if not self._is_closed:
            return os.getpid()
        with self._failures():
            async with self._engine.connect() as connection:
                found = await _holder(connection)
        if found is None:
            return None
        _, pid, place, *_ = f"{found.application_name} 0 0 ".split(" ")
        is_here = place == _place() and pid.isdigit() and psutil.pid_exists(int(pid))
        return int(pid) if is_here else 0

    async def _take(self, connection: AsyncConnection) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not await connection.scalar(select(func.pg_try_advisory_lock(*_KEY))):
            found = await _holder(connection)
            if found is not None and found.application_name == self._name:
                # Our own lost connection, of which the server does not know yet that it is.
                await connection.execute(select(func.pg_terminate_backend(found.pid)))
            if time.monotonic() > deadline:
                raise AnotherService(pid=_told(found))
            await asyncio.sleep(_MOMENT)

    async def _drop(self) -> None:
        connection, self._connection, self._is_closed = self._connection, None, True
        if connection is not None:
            await _hang_up(connection)

    def _closed(self, driver_connection: object) -> None:
        if driver_connection is self._driver:  # not an earlier one
            self._is_closed = True

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except FAILURES as error:
            raise DatabaseBroken(url=self._shown_url, reason=said(error)) from error


async def _hang_up(connection: AsyncConnection) -> None:
    with contextlib.suppress(*FAILURES):
        await connection.invalidate()
        await connection.close()


async def _holder(connection: AsyncConnection) -> Row[tuple[int, str]] | None:
    return (await connection.execute(_HOLDER)).first()


def _told(found: Row[tuple[int, str]] | None) -> str:
    """The process and its machine, as its session's name has them."""
    words = found.application_name.split(" ") if found else []
    return f"{words[1]} on {words[4]}" if len(words) == 5 else "unknown"


def _place() -> str:
    """Where process ids are comparable: this boot of this machine, in this container."""
    facts = [socket.gethostname()]
    for path in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with contextlib.suppress(OSError):
            facts.append(os.readlink(path) if Path(path).is_symlink() else Path(path).read_text())
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:8]
