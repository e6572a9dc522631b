"""The engine without its bot, as a process that can be killed and be back in a tenth of a second.

`python -m tests.system.engine_child` loads the code once and then forks a life for each line of its standard
input, which tells settings, log file and socket; it answers with the process number. A life does what
cli.serving does, takes orders from its socket (a line of JSON each), and ends when that closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite  # noqa: F401 - what opening a database loads later, a life should find loaded
import alembic.command  # noqa: F401

from cli.logs import set_up_logging
from cli.wiring import Engine, open_accounts, open_engine
from config import Settings
from domain.asker import Asker
from domain.errors import FerryError
from domain.job import Job, JobKind, JobStatus
from domain.typed import Typed
from engine.events import Event, JobChanged

LINE = 1 << 24  # bytes of the longest order
ALL = 1_000_000  # jobs
LOOK_EVERY = 0.5  # seconds, where no event told


def main() -> None:
    """Forks lives until standard input closes. The dead need no burial: nobody asks how they ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            _live(**json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _live(*, settings: dict[str, str], log: str, socket: str, idle: bool) -> None:
    """Never returns: what stands further up the stack is the forking process's."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(file, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        set_up_logging(logging.INFO)
        asyncio.run(_serve(settings, socket, idle))
        code = 0
    except BaseException:
        logging.getLogger(__name__).exception("a life ended")
    finally:
        os._exit(code)


async def _serve(told: dict[str, str], socket: str, idle: bool) -> None:
    settings = Settings(_env_file=None, **{name.lower(): value for name, value in told.items()})  # type: ignore[arg-type]
    reader, writer = await asyncio.open_unix_connection(socket, limit=LINE)
    async with open_engine(settings) as engine:
        orders = Orders(engine, settings)
        if not idle:
            await orders.work()
        await engine.dispatcher.recover()
        async with asyncio.TaskGroup() as group:
            group.create_task(orders.begun(engine.dispatcher.run))
            desk = group.create_task(engine.desk.run())
            writer.write(b"{}\n")
            while (line := await reader.readline()) and (order := json.loads(line))["do"] != "stop":
                group.create_task(_obey(orders, order, writer))
            if not line:
                os._exit(1)  # who gave the orders is gone
            await engine.dispatcher.stop()
            desk.cancel()


async def _obey(orders: Orders, order: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    try:
        answer = {"result": await getattr(orders, order["do"])(**order["with"])}
    except FerryError as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    writer.write(json.dumps({"number": order["number"], **answer}).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands, as far as tests ask."""

    id: int
    status: str
    pause_reason: str | None
    failure: str
    copied: int
    skipped: int

    @classmethod
    def of(cls, job: Job) -> Standing:
        paused = str(job.pause_reason.value) if job.pause_reason else None
        failure = str(job.failure) if job.failure else ""
        return cls(job.id, str(job.status.value), paused, failure, job.progress.copied, job.progress.skipped)


class Orders:
    """What a life can be told to do; names and arguments are those of tests.system.lives.Life."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._changed: dict[int, asyncio.Event] = {}
        self._working = asyncio.Event()
        engine.events.subscribe(self._heard)

    async def begun(self, work: Callable[[], Awaitable[None]]) -> None:
        """Does `work` once it is told to."""
        await self._working.wait()
        await work()

    async def work(self) -> None:
        self._working.set()

    async def log_in(self, people: Sequence[tuple[int, str]]) -> None:
        async with open_accounts(self._settings) as accounts:
            for owner, session in people:
                async with accounts.login(session) as login:
                    await accounts.keep(await login.finish(), owner_id=owner)
        self._engine.look_for_work()

    async def order(self, owner: int, source: str, target: str, wishes: dict[str, Any]) -> int:
        kind = JobKind(wishes.pop("kind", JobKind.CLONE))
        typed = Typed(kind=kind, source=source, target=target, **wishes)
        return (await self._engine.jobs.order(typed, asker=Asker(owner))).id

    async def about(self, job: int) -> list[int]:
        """The jobs that belong to it: a channel's comments."""
        return [j.id for j in await self._engine.job_store.list(limit=ALL) if j.of_job == job]

    async def target(self, job: int) -> int | None:
        """The id of the channel that it copies to; None while that is still to be made."""
        found = await self._engine.job_store.get(job)
        assert found is not None
        return found.target.peer.id if found.target.is_made else None

    async def findings(self, job: int) -> list[str]:
        return [f"{f.kind}: {f.detail}" for f in await self._engine.finding_store.page(job)]

    async def resume(self, owner: int, job: int) -> None:
        await self._engine.jobs.resume(job, asker=Asker(owner))

    async def standing(self, job: int) -> dict[str, Any]:
        found = await self._engine.job_store.get(job)
        assert found is not None
        standing = Standing.of(found)
        return {name: getattr(standing, name) for name in Standing.__slots__}

    async def skips(self, job: int) -> list[tuple[int, str]]:
        """(source message, reason) of each."""
        return [(s.source_id, str(s.reason.value)) for s in await self._engine.progress_store.skips(job)]

    async def until_it_rests(self, job: int, seconds: float) -> dict[str, Any]:
        """Until nothing but a person moves it on; as it stands so many seconds after its start."""
        changed, deadline = self._changed.setdefault(job, asyncio.Event()), math.inf
        while True:
            changed.clear()
            now = await self._engine.job_store.get(job)
            assert now is not None
            if now.status not in (JobStatus.PENDING, JobStatus.RUNNING) or time.monotonic() > deadline:
                return await self.standing(job)
            if now.started_at is not None:  # others may have had to start first
                deadline = min(deadline, time.monotonic() + seconds)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_EVERY)

    def _heard(self, event: Event) -> None:
        if isinstance(event, JobChanged) and event.job.id in self._changed:
            self._changed[event.job.id].set()


if __name__ == "__main__":
    main()
