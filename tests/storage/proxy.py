"""A line to PostgreSQL that can be made to fail: cut in the very moment of a COMMIT, or silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

COMMIT = b"COMMIT;"


class Proxy:
    """Forwards every byte until it is told otherwise."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._lines: set[asyncio.Task[None]] = set()
        self.loses_answer = False  # the next COMMIT arrives, its answer does not
        self.loses_commit = False  # the next COMMIT does not even arrive
        self.is_silent = False  # nothing passes, nothing is closed
        self.cut = 0  # lines cut at a COMMIT
        self._swallowed = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)
        server_reader, server_writer = await asyncio.open_unix_connection(str(self._socket))
        both = asyncio.gather(
            self._towards_server(reader, server_writer),
            self._towards_client(server_reader, writer),
        )
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await both
        finally:
            both.cancel()
            for end in (writer, server_writer):
                end.close()
                with suppress(ConnectionError):
                    await end.wait_closed()

    async def close(self) -> None:
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _towards_server(self, client: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await client.read(2**16):
            if COMMIT in data and (self.loses_answer or self.loses_commit):
                if self.loses_answer:
                    server.write(data)
                    await self._swallowed.wait()
                self.loses_answer = self.loses_commit = False
                self.cut += 1
                raise ConnectionError
            if not self.is_silent:
                server.write(data)
        raise ConnectionError

    async def _towards_client(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while data := await server.read(2**16):
            if self.loses_answer and data.startswith(b"C\x00\x00\x00\x0bCOMMIT"):
                self._swallowed.set()
            elif not self.is_silent:
                client.write(data)
        raise ConnectionError


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """The proxy, and `url` by way of it."""
    direct = make_url(url)
    proxy = Proxy(Path(str(direct.query["host"])) / ".s.PGSQL.5432")
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{direct.database}"
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
