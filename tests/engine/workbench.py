"""The whole engine in a test's own process, on a real SQLite file, against the sandbox on loopback."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from telethon.sessions import StringSession

from domain.account import Account
from domain.asker import Asker
from domain.job import Job, JobStatus
from engine.background import Background
from engine.dependents import Dependents
from engine.dispatcher import Dispatcher
from engine.events import Event, Events
from engine.jobs import JobService
from engine.limiter import Limiter
from engine.memory_gauge import MemoryGauge
from engine.memory_level import Levels, Thresholds
from engine.memory_optimizer import MemoryOptimizer
from engine.outage import Outage
from engine.runner import JobRunner
from engine.state_manager import TaskStateManager
from engine.telegram.client import ApiKeys, ClientFactory, TelegramServer
from engine.telegram.pool import AccountPool
from engine.vault import Vault
from engine.workshop import Workshop
from sandbox.compare import Comparison, compare
from sandbox.testing import API_HASH, API_ID, Rig
from sandbox.world import Channel, User
from storage.accounts import AccountStore
from storage.database import Database
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.lock import service_lock
from storage.meta import MetaStore
from storage.paces import PaceStore
from storage.progress import ProgressStore

DEADLINE = 20.0  # seconds for anything a test waits for
LOOK_EVERY = 0.05  # seconds, where no event tells


class Engine:
    """One life of the service's engine; a second one on the same file is a restart."""

    def __init__(self, rig: Rig, folder: Path, *, url: str = "", **options: Any) -> None:
        self._rig, self._folder, self._options = rig, folder, options
        self._url = url or f"sqlite+aiosqlite:///{folder}/ferry.db"
        self._stack = contextlib.AsyncExitStack()
        self.seen: list[Event] = []

    async def __aenter__(self) -> Engine:
        key = self._folder / "key.pem"
        key.write_text(self._rig.mtproto.key.public_pem)
        self.lock = service_lock(self._url)
        await self.lock.acquire()
        self._stack.push_async_callback(self.lock.release)
        self.database = await Database.open(self._url, server="sandbox:test")
        self._stack.push_async_callback(self.database.close)
        self.jobs, self.store = JobStore(self.database), ProgressStore(self.database)
        self.accounts = AccountStore(self.database)
        self.vault = await Vault.unlock("a secret of this test", MetaStore(self.database))
        self.events = Events()
        self.events.subscribe(self.seen.append)
        self._told = asyncio.Event()
        self.events.subscribe(lambda _: self._told.set())
        self.background = Background()
        self._stack.push_async_callback(self.background.close)
        Dependents(jobs=self.jobs, events=self.events, background=self.background)
        server = TelegramServer(self._rig.mtproto.host, self._rig.mtproto.port, 2, key)
        self.clients = ClientFactory(keys=ApiKeys(API_ID, API_HASH), server=server)
        limits = {"max_user": 5, "max_total": 10, **self._options}
        limiter = Limiter(pace=limits.pop("pace", 0), store=PaceStore(self.database))
        await limiter.load()
        self.pool = AccountPool(
            accounts=self.accounts, vault=self.vault, clients=self.clients, limiter=limiter
        )
        self._stack.push_async_callback(self.pool.close)
        self.outage = Outage(events=self.events, hold=self.lock.confirm)
        self.memory = limits.pop("memory", _unwatched)(self.jobs, self.events)
        self.state = TaskStateManager(store=self.store, events=self.events, outage=self.outage, batch_size=10)
        self.service = JobService(
            jobs=self.jobs,
            accounts=self.accounts,
            store=self.store,
            findings=FindingStore(self.database),
            pool=self.pool,
            state=self.state,
            memory=self.memory,
            events=self.events,
            **limits,
        )
        self.findings = FindingStore(self.database)
        workshop = Workshop(
            store=self.store,
            findings=self.findings,
            pool=self.pool,
            state=self.state,
            limiter=limiter,
            memory=self.memory,
            background=self.background,
        )
        runner = JobRunner(
            jobs=self.jobs,
            store=self.store,
            pool=self.pool,
            state=self.state,
            limiter=limiter,
            workshop=workshop,
            outage=self.outage,
            events=self.events,
        )
        self.dispatcher = Dispatcher(
            jobs=self.jobs,
            runner=runner,
            memory=self.memory,
            outage=self.outage,
            events=self.events,
            background=self.background,
            **limits,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.dispatcher.stop()
        await self._stack.aclose()

    def start(self) -> None:
        self.background.start(self.dispatcher.run(), name="dispatcher")

    async def die(self) -> None:
        """As near as one process comes to kill -9: every task ends where it stands, nothing is written."""
        await self.background.close()

    async def log_in(self, user: User, owner_id: int | None = None) -> Account:
        session = StringSession.save(self._rig.mtproto.session_for(user.id))
        return await self.accounts.add(
            owner_id=user.id if owner_id is None else owner_id,
            user_id=user.id,
            name=user.first_name,
            sealed_session=self.vault.seal(session),
        )

    async def order(self, owner: User, source: Channel, target: Channel, **options: Any) -> Job:
        return await self.service.create(
            asker=Asker(owner.id), source=mark(source), target=mark(target), **options
        )

    async def until(self, job: Job, *statuses: JobStatus) -> Job:
        return await self.when(job, lambda now: now.status in statuses)

    async def heard(self, kind: type[Event], **fields: object) -> None:
        """Returns once such an event has been told, about a job with these `fields` if any are given."""

        def fits(event: Event) -> bool:
            return isinstance(event, kind) and all(
                getattr(event.job, name) == value for name, value in fields.items()
            )

        told = asyncio.Event()
        self.events.subscribe(lambda event: told.set() if fits(event) else None)
        if not any(map(fits, self.seen)):
            async with asyncio.timeout(DEADLINE):
                await told.wait()

    async def when(self, job: Job, true_of: Callable[[Job], bool]) -> Job:
        """The job once `true_of` it; the test fails after the deadline, telling how the job stood."""
        now = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEADLINE):
                while True:
                    self._told.clear()
                    now = await self.jobs.get(job.id)
                    if now is not None and true_of(now):
                        return now
                    await self._told_or_later()
        raise AssertionError(f"never came true; the job stands at {now}")

    async def _told_or_later(self) -> None:
        """Until anything is told; not everything about a job is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._told.wait()


def _unwatched(jobs: JobStore, events: Events) -> MemoryOptimizer:
    """Nobody lets it look, so nothing ever waits for memory."""
    return MemoryOptimizer(gauge=MemoryGauge(), levels=Levels(Thresholds()), jobs=jobs, events=events)


def mark(chat: Channel) -> str:
    return str(-1_000_000_000_000 - chat.id)


def compared(rig: Rig, source: Channel, target: Channel, **options: Any) -> Comparison:
    return compare(rig.world, ("channel", source.id), ("channel", target.id), **options)
