"""Builds every object once, in the order of their needs, and takes them down again in written steps."""

from __future__ import annotations

import asyncio
import contextlib
import linecache
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config import Settings
from engine.accounts import AccountService
from engine.background import Background
from engine.collector import spare_the_collector
from engine.dependents import Dependents
from engine.dispatcher import Dispatcher
from engine.events import Events
from engine.jobs import JobService
from engine.limiter import Limiter
from engine.memory_gauge import MemoryGauge
from engine.memory_level import Levels, Thresholds
from engine.memory_optimizer import LOOK_EVERY, MemoryOptimizer
from engine.orders import OrderDesk
from engine.outage import Outage
from engine.runner import JobRunner
from engine.scheduler import Scheduler
from engine.state_manager import TaskStateManager
from engine.telegram.client import ApiKeys, ClientFactory, TelegramServer
from engine.telegram.pool import AccountPool
from engine.threads import take_short_turns
from engine.vault import Vault
from engine.workshop import Workshop
from storage.accounts import AccountStore
from storage.database import Database
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.location import database_file, is_file
from storage.lock import ServiceLock, service_lock
from storage.meta import MetaStore
from storage.orders import OrderStore
from storage.paces import PaceStore
from storage.progress import ProgressStore

#: Seconds that Telegram has to hear our goodbye. With the dispatcher's six, a stop takes less than ten.
GOODBYE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What the commands and the bot use of a running engine."""

    jobs: JobService
    job_store: JobStore
    progress_store: ProgressStore
    finding_store: FindingStore
    events: Events
    dispatcher: Dispatcher
    desk: OrderDesk
    memory: MemoryOptimizer
    outage: Outage
    scheduler: Scheduler

    async def watch_memory(self) -> None:
        """From now on jobs pause when memory gets short; those that must, before this returns."""
        await self.memory.look()
        self.scheduler.every(LOOK_EVERY, self.memory.look, name="memory")

    def look_for_work(self) -> None:
        """Another process has written something: an order, or a login that jobs were waiting for."""
        self.desk.kick()
        self.dispatcher.wake()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(settings.database_url, server=settings.server_name)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_accounts(settings: Settings) -> AsyncIterator[AccountService]:
    """For logging in. A running service is not disturbed: no account of the database is connected."""
    clients = _clients(settings)
    async with open_database(settings) as database:
        yield AccountService(
            accounts=AccountStore(database),
            jobs=JobStore(database),
            vault=await _vault(settings, database),
            clients=clients,
            events=Events(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What several of the engine's objects share."""

    settings: Settings
    database: Database
    jobs: JobStore
    progress: ProgressStore
    events: Events
    outage: Outage
    background: Background
    limiter: Limiter
    pool: AccountPool
    state: TaskStateManager
    memory: MemoryOptimizer
    scheduler: Scheduler


@asynccontextmanager
async def open_engine(settings: Settings, *, only: set[int] | None = None) -> AsyncIterator[Engine]:
    """An engine that is ready to run; with `only` it starts no other jobs than these.

    Raises AnotherService while another process serves the same database.
    """
    clients = _clients(settings)
    async with AsyncExitStack() as stack:
        # Each part brings its end along. The ends come in the opposite order: claim nothing more and let the
        # batches in flight finish; save; disconnect from Telegram; close the database; release the lock.
        lock = service_lock(settings.database_url)
        await lock.acquire()
        stack.push_async_callback(lock.release)
        database = await stack.enter_async_context(open_database(settings))
        parts = await _parts(settings, database, lock, clients, stack)
        dispatcher = _dispatcher(parts, only)
        stack.push_async_callback(dispatcher.stop)
        engine = _engine(parts, dispatcher, only)
        spare_the_collector()
        take_short_turns()
        yield engine


async def _parts(
    settings: Settings,
    database: Database,
    lock: ServiceLock,
    clients: ClientFactory,
    stack: AsyncExitStack,
) -> _Parts:
    limiter = Limiter(pace=settings.account_pace, store=PaceStore(database))
    await limiter.load()
    vault = await _vault(settings, database)
    pool = AccountPool(accounts=AccountStore(database), vault=vault, clients=clients, limiter=limiter)
    stack.push_async_callback(_say_goodbye, pool)
    background, events, scheduler = Background(), Events(), Scheduler()
    stack.push_async_callback(background.close)
    outage = Outage(events=events, hold=lock.confirm)
    jobs, progress = JobStore(database), ProgressStore(database)
    state = TaskStateManager(
        store=progress, events=events, outage=outage, batch_size=settings.task_batch_save_size
    )
    for name, work in (("autosave", state.autosave), ("paces", limiter.save)):
        save = partial(outage.try_once, work)
        stack.push_async_callback(save)
        scheduler.every(settings.task_save_interval, save, name=name)
    scheduler.start()
    stack.callback(scheduler.stop)
    return _Parts(
        settings=settings,
        database=database,
        jobs=jobs,
        progress=progress,
        events=events,
        outage=outage,
        background=background,
        limiter=limiter,
        pool=pool,
        state=state,
        memory=_memory(settings, jobs, events),
        scheduler=scheduler,
    )


def _memory(settings: Settings, jobs: JobStore, events: Events) -> MemoryOptimizer:
    thresholds = Thresholds(
        cleanup=settings.memory_cleanup_threshold,
        warning=settings.memory_warning_threshold,
        critical=settings.memory_critical_threshold,
        emergency=settings.memory_emergency_threshold,
    )
    return MemoryOptimizer(
        gauge=MemoryGauge(limit=settings.memory_limit),
        levels=Levels(thresholds),
        jobs=jobs,
        events=events,
        caches=[linecache.clearcache, re.purge],  # ours hold nothing: Telegram's entities are not collected
    )


def _dispatcher(parts: _Parts, only: set[int] | None) -> Dispatcher:
    workshop = Workshop(
        store=parts.progress,
        findings=FindingStore(parts.database),
        pool=parts.pool,
        state=parts.state,
        limiter=parts.limiter,
        memory=parts.memory,
        background=parts.background,
    )
    runner = JobRunner(
        jobs=parts.jobs,
        store=parts.progress,
        pool=parts.pool,
        state=parts.state,
        limiter=parts.limiter,
        workshop=workshop,
        outage=parts.outage,
        events=parts.events,
    )
    return Dispatcher(
        jobs=parts.jobs,
        runner=runner,
        memory=parts.memory,
        outage=parts.outage,
        events=parts.events,
        background=parts.background,
        max_user=parts.settings.max_user_tasks,
        max_total=parts.settings.max_concurrent_tasks,
        only=only,
    )


def _engine(parts: _Parts, dispatcher: Dispatcher, only: set[int] | None) -> Engine:
    service = JobService(
        jobs=parts.jobs,
        accounts=AccountStore(parts.database),
        store=parts.progress,
        findings=FindingStore(parts.database),
        pool=parts.pool,
        state=parts.state,
        memory=parts.memory,
        events=parts.events,
        max_user=parts.settings.max_user_tasks,
        max_total=parts.settings.max_concurrent_tasks,
    )

    def taken(job_id: int) -> None:
        """An order of another terminal: whatever we are restricted to, this one has nobody else."""
        if only is not None:
            only.add(job_id)
        dispatcher.wake()

    Dependents(jobs=parts.jobs, events=parts.events, background=parts.background)
    return Engine(
        jobs=service,
        job_store=parts.jobs,
        progress_store=parts.progress,
        finding_store=FindingStore(parts.database),
        events=parts.events,
        dispatcher=dispatcher,
        desk=OrderDesk(orders=OrderStore(parts.database), jobs=service, outage=parts.outage, taken=taken),
        memory=parts.memory,
        outage=parts.outage,
        scheduler=parts.scheduler,
    )


async def _vault(settings: Settings, database: Database) -> Vault:
    """Sealed with SECRET_KEY, or else with a key file beside the database, if that is a file."""
    secret: str | Path
    if not is_file(settings.database_url):
        settings.require("secret_key")
    if settings.secret_key is not None:
        secret = settings.secret_key.get_secret_value()
    else:
        secret = database_file(settings.database_url).with_suffix(".key")
    return await Vault.unlock(secret, MetaStore(database))


def _clients(settings: Settings) -> ClientFactory:
    keys, server = ApiKeys(*settings.api_keys()), None
    if settings.telegram_address and settings.telegram_dc and settings.telegram_server_key:
        host, port = settings.telegram_address
        server = TelegramServer(
            host=host, port=port, dc=settings.telegram_dc, key_path=settings.telegram_server_key
        )
    return ClientFactory(keys=keys, server=server)


async def _say_goodbye(pool: AccountPool) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE):
            await pool.close()
