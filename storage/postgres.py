"""The connection to PostgreSQL: one transaction that writes at a time, as with SQLite; a pool that reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, Connection, NullPool
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.advisory import Advisory, take_turn
from storage.schema import check_before_writing, upgrade

Result = TypeVar("Result")

#: Seconds. A server that has fallen silent must not hold up a job for ever.
CONNECT_TIMEOUT = 10.0
COMMAND_TIMEOUT = 30.0

#: What the server and the way to it may do to us. SQLAlchemy does not wrap all that asyncpg and asyncio say.
FAILURES = (DBAPIError, NoneFree, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

SESSION = {
    "application_name": "ferry",
    # A COMMIT that was answered stands, whatever the server's default is.
    "synchronous_commit": "on",
    # A client that has vanished with its machine gives its locks back within a minute.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "60000",
}


def lonely_engine(url: URL, *, name: str) -> AsyncEngine:
    """For a connection that belongs to nobody else and knows no transactions; `name` is what others see."""
    arguments = _connect_args(url, {**SESSION, "application_name": name})
    return create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments)


def _connect_args(url: URL, session: dict[str, str]) -> dict[str, object]:
    """What stands in the URL counts more, as with all that asyncpg reads there."""
    ours = {"timeout": CONNECT_TIMEOUT, "command_timeout": COMMAND_TIMEOUT, "server_settings": session}
    return {name: value for name, value in ours.items() if name not in url.query}


class Postgres:
    """One database of a server. Made by `Database.open`."""

    failures: tuple[type[Exception], ...] = FAILURES

    def __init__(self, url: URL) -> None:
        self._write_engine = create_async_engine(
            url, pool_timeout=COMMAND_TIMEOUT, connect_args=_connect_args(url, SESSION)
        )
        self._read_engine = self._write_engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._turn = asyncio.Lock()
        self._at_work: set[asyncio.Future[Any]] = set()

    async def prepare(self, *, server: str, shown_url: str) -> None:
        def work(connection: Connection) -> None:
            take_turn(connection, Advisory.TABLES)
            check_before_writing(connection, server=server, url=shown_url)
            upgrade(connection, server=server)

        await self.write(work)

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        async def in_turn() -> Result:
            async with self._turn:
                return await _transaction(self._write_engine, work)

        return await self._whole(in_turn())

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        return await self._whole(_transaction(self._read_engine, work))

    async def close(self) -> None:
        await asyncio.gather(*self._at_work, return_exceptions=True)
        await self._write_engine.dispose()

    async def _whole(self, transaction: Coroutine[Any, Any, Result]) -> Result:
        """To its end, even when who waits for it is cancelled: no connection is left in the middle."""
        task = asyncio.ensure_future(transaction)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return await asyncio.shield(task)


async def _transaction(engine: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
    connection = await engine.connect()
    try:
        async with connection.begin() as transaction:
            try:
                result = await connection.run_sync(work)
                await transaction.commit()
            except BaseException as error:
                await _give_up(connection, error)
                raise
            return result
    finally:
        await connection.close()


async def _give_up(connection: AsyncConnection, error: BaseException) -> None:
    """After trouble of the server the connection goes too: it may be half dead, or in mid-answer."""
    if not isinstance(error, Exception) or (
        isinstance(error, FAILURES) and not isinstance(error, (IntegrityError, DataError))
    ):
        await connection.invalidate()
