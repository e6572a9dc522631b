"""Memory squeezed for real: a child of the service takes it, jobs pause by priority, all end complete."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from config import read_settings
from domain.job import OPERATOR, Job, JobStatus, PauseReason, Priority
from domain.typed import Typed
from storage.database import Database
from storage.jobs import JobStore
from storage.orders import OrderStore
from tests.sandbox.waiting import until
from tests.system.stage import FORWARD, Stage
from tests.system.terminal import DEADLINE, MAIN, Terminal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

BALLASTED = Path(__file__).with_name("ballasted.py")
#: The service alone takes some 250 MiB of it, most of that for the bot's library.
LIMIT = 700 * 2**20


class Squeezed:
    """The service of `terminal` with MEMORY_LIMIT, and the ballast in its tree."""

    def __init__(self, terminal: Terminal, process: Process) -> None:
        self._log, self._process = terminal.folder / "service.log", process
        self._tree = psutil.Process(process.pid)
        self.peak = 0
        self._looking = asyncio.create_task(self._look())

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, terminal: Terminal) -> AsyncIterator[Squeezed]:
        with (terminal.folder / "service.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(BALLASTED),
                str(MAIN),
                "run",
                stdin=PIPE,
                stderr=log,
                cwd=terminal.folder,
                env=terminal.having(MEMORY_LIMIT=f"{LIMIT >> 20}MiB").environment,
            )
        squeezed = cls(terminal, process)
        try:
            yield squeezed
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(DEADLINE):
                assert await process.wait() == 0, squeezed.log()
        finally:
            squeezed._looking.cancel()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def take(self, percent: int) -> None:
        """The ballast grows until about that much of the limit is in use; 0 takes it away."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"%d\n" % max(0, LIMIT * percent // 100 - self._in_use()))

    def log(self) -> str:
        return self._log.read_text()

    def levels(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == "memory_level_changed"]

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(psutil.Error):
                self.peak = max(self.peak, self._in_use())
            await asyncio.sleep(0.05)

    def _in_use(self) -> int:
        tree = [self._tree, *self._tree.children(recursive=True)]
        return sum(process.memory_info().rss for process in tree)


@contextlib.asynccontextmanager
async def opened(terminal: Terminal) -> AsyncIterator[Database]:
    """The service's own database, beside it."""
    settings = read_settings(terminal.folder / "no .env", given=terminal.environment)
    database = await Database.open(settings.database_url, server=settings.server_name)
    try:
        yield database
    finally:
        await database.close()


async def jobs_like(store: JobStore, *wanted: tuple[JobStatus, int]) -> list[Job]:
    """All jobs, oldest first, once each has the status and has copied more than the number."""
    found: list[Job] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DEADLINE):
            while True:
                found = sorted(await store.list(owner_id=OPERATOR), key=lambda job: job.id)
                stands = [(job.status, job.progress.copied) for job in found]
                if len(stands) == len(wanted) and all(
                    status is want and copied > least
                    for (status, copied), (want, least) in zip(stands, wanted, strict=True)
                ):
                    return found
                await asyncio.sleep(0.05)
    raise AssertionError(f"never came true; the jobs stand at {found}")


async def test_low_priorities_pause_and_everything_ends_complete(sandbox: Stage, terminal: Terminal) -> None:
    running, paused, completed = JobStatus.RUNNING, JobStatus.PAUSED, JobStatus.COMPLETED
    pairs = await sandbox.control.build(jobs=3, messages=3_000)
    await sandbox.control.set_fault(FORWARD, "delay", seconds=0.6, times=100_000)
    full = terminal.having(BOT_TOKEN=sandbox.info.bot_token)
    async with contextlib.AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(full))
        store, orders = JobStore(database), OrderStore(database)
        for pair in pairs:
            await orders.add(Typed(source=pair.source_ref, target=pair.target_ref))
        service = await stack.enter_async_context(Squeezed.running(full))
        low, _, high = await jobs_like(store, *[(running, 0)] * 3)
        await until(lambda: "bot_started" in service.log(), DEADLINE)  # it takes no more from here on
        await store.set_priority(low.id, Priority.LOW, who=None)
        await store.set_priority(high.id, Priority.HIGH, who=None)
        service.take(84)
        before = await jobs_like(store, (paused, 0), (paused, 0), (running, 0))
        assert [job.pause_reason for job in before[:2]] == [PauseReason.MEMORY] * 2
        done = before[2].progress.copied
        now = await jobs_like(store, (paused, 0), (paused, 0), (running, done + 100))
        for one, other in zip(before[:2], now[:2], strict=True):
            assert other.progress.copied - one.progress.copied <= 100  # the batch that was on its way
        service.take(0)
        await sandbox.control.clear_faults()
        await jobs_like(store, *[(completed, 0)] * 3)
        for pair in pairs:
            assert await sandbox.is_copied(pair)
        assert service.peak < LIMIT
        assert service.peak > LIMIT * 0.8
        came_back = [job for line in service.levels() for job in line["resumed"]]
        assert came_back == [now[1].id, now[0].id]
