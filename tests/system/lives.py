"""Starts and ends lives of the engine (see engine_child), and gives each its orders."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.world import Peer
from tests.system.engine_child import LINE, Standing

ROOT = Path(__file__).parents[2]
START = 30.0  # seconds; the first one also loads the code


class Refused(Exception):
    """The engine's error, by its name and sentence."""


class Lives:
    """`async with Lives(folder, settings) as lives`; all of them work on the same database."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._settings = folder, dict(settings)
        self._numbers = itertools.count(1)
        self._now: Life | None = None

    async def __aenter__(self) -> Self:
        self._mother: Process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.system.engine_child", stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._now is not None:
            await self._now.kill()
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        await self._mother.wait()

    @property
    def log(self) -> Path:
        return self._folder / "engine.log"

    async def start(self, *, idle: bool = False) -> Life:
        """A life that has recovered what the last one left and works on it; if `idle`, once it is told to."""
        socket = self._folder / f"life{next(self._numbers)}"
        came: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        server = await asyncio.start_unix_server(
            lambda *streams: came.put_nowait(streams), str(socket), limit=LINE
        )
        try:
            async with asyncio.timeout(START):
                pid = await self._born(
                    {"settings": self._settings, "log": str(self.log), "socket": str(socket), "idle": idle}
                )
                reader, writer = await came.get()
                self._now = Life(pid, reader, writer)
                if not await reader.readline():
                    raise RuntimeError(f"the engine ended at its start; see {self.log}")
        finally:
            server.close()
            socket.unlink(missing_ok=True)
        self._now.listen()
        return self._now

    async def _born(self, told: Mapping[str, Any]) -> int:
        assert self._mother.stdin is not None and self._mother.stdout is not None
        self._mother.stdin.write(json.dumps(told).encode() + b"\n")
        return int(await self._mother.stdout.readline())


class Life:
    """One process of the engine. Raises Refused for what it refuses, ConnectionError once it is dead."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._pid, self._reader, self._writer = pid, reader, writer
        with contextlib.suppress(ProcessLookupError):
            self._process = os.pidfd_open(pid)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._listening: asyncio.Task[None] | None = None

    def listen(self) -> None:
        self._listening = asyncio.create_task(self._listen())

    async def work(self) -> None:
        """Starts what may start."""
        await self._tell("work")

    async def log_in(self, *people: tuple[int, str]) -> None:
        """(owner and user, session string) of each; one who was logged out is back."""
        await self._tell("log_in", people=people)

    async def order(self, owner: int, source: str, target: str, **wishes: Any) -> int:
        """The new job's number; `wishes` as in domain.typed.Typed."""
        return int(await self._tell("order", owner=owner, source=source, target=target, wishes=wishes))

    async def about(self, job: int) -> Sequence[int]:
        """The numbers of the jobs that belong to it: a channel's comments."""
        return list(await self._tell("about", job=job))

    async def target(self, job: int) -> Peer | None:
        """The channel that it copies to; None while that is still to be made."""
        number = await self._tell("target", job=job)
        return None if number is None else ("channel", number)

    async def findings(self, job: int) -> Sequence[str]:
        return list(await self._tell("findings", job=job))

    async def resume(self, owner: int, job: int) -> None:
        await self._tell("resume", owner=owner, job=job)

    async def standing(self, job: int) -> Standing:
        return Standing(**await self._tell("standing", job=job))

    async def skips(self, job: int) -> Sequence[tuple[int, str]]:
        return [(number, reason) for number, reason in await self._tell("skips", job=job)]

    async def until_it_rests(self, job: int, seconds: float) -> Standing:
        """Completed, failed or paused; or as it stands so many seconds after its start."""
        return Standing(**await self._tell("until_it_rests", job=job, seconds=seconds))

    async def kill(self) -> None:
        """SIGKILL; afterwards it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        await self._gone()

    async def stop(self) -> None:
        """In written steps, as a service that is told to stop."""
        self._writer.write(json.dumps({"do": "stop"}).encode() + b"\n")
        await self._gone()

    async def _tell(self, do: str, **what: Any) -> Any:
        if self._listening is None or self._listening.done():
            raise ConnectionError("the engine is dead")
        number = next(self._numbers)
        self._waiting[number] = future = asyncio.get_running_loop().create_future()
        self._writer.write(json.dumps({"number": number, "do": do, "with": what}).encode() + b"\n")
        answer = await future
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    async def _listen(self) -> None:
        with contextlib.suppress(ConnectionError):
            while line := await self._reader.readline():
                answer = json.loads(line)
                if not (future := self._waiting.pop(answer["number"])).done():
                    future.set_result(answer)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the engine died"))
                future.exception()  # nobody may be waiting for it any more

    async def _gone(self) -> None:
        """Until the process has ended, which frees its locks; its connections end with it."""
        if (process := getattr(self, "_process", None)) is None:
            return
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(process, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(process)
            os.close(process)
            del self._process
        self._writer.close()
        if self._listening is not None:
            await self._listening
