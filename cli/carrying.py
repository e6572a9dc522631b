"""Carries an order out, in the foreground or through the service on the same database, and follows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from cli.display import display
from cli.endings import DONE, tell
from cli.following import follow
from cli.handing_over import Service, hand_over
from cli.logs import set_up_logging
from cli.results import ended
from cli.service_signals import on_wake
from cli.settings import load_settings
from cli.stores import Stores
from cli.wiring import Engine, open_database, open_engine
from config import Settings
from domain.errors import AnotherService
from domain.job import Job, JobKind, JobStatus
from domain.typed import Typed
from engine.orders import order_at_the_terminal
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.lock import service_lock
from storage.orders import OrderStore
from storage.progress import ProgressStore

#: Says how a job ended; gives the exit code.
Ending = Callable[[Job, Stores], Awaitable[int]]


async def carry(typed: Typed, ending: Ending = ended) -> int:
    """The worst exit code of the job and those that were written with it. Raises what refuses the order."""
    settings = load_settings()
    set_up_logging(logging.WARNING)
    try:
        if await service_lock(settings.database_url).holder() is None:
            try:
                return await _by_ourselves(typed, settings, ending)
            except AnotherService:
                pass  # it started a moment ago
        return await _through_the_service(typed, settings, ending)
    except asyncio.CancelledError:
        tell("Stopped here. The same command goes on from where it stood.")
        raise


async def _by_ourselves(typed: Typed, settings: Settings, ending: Ending) -> int:
    on_wake()
    only: set[int] = set()
    async with open_engine(settings, only=only) as engine:
        on_wake(engine.look_for_work)
        stores = Stores(jobs=engine.job_store, progress=engine.progress_store, findings=engine.finding_store)
        await engine.dispatcher.recover()
        asked = datetime.now(UTC)
        job = await order_at_the_terminal(engine.jobs, typed)
        ours = [job.id, *await _companions(job.id, stores)]
        only.update(ours)
        _say_where(job, asked)
        async with asyncio.TaskGroup() as group:
            works = (engine.dispatcher.run, engine.desk.run, engine.outage.keep_lock)
            running = [group.create_task(work()) for work in works]
            code = await _followed(ours, stores, ending)
            await _others(engine, only - set(ours), stores)
            await engine.dispatcher.stop()
            for task in running:
                task.cancel()
    return code


async def _through_the_service(typed: Typed, settings: Settings, ending: Ending) -> int:
    async with open_database(settings) as database:
        stores = Stores(
            jobs=JobStore(database), progress=ProgressStore(database), findings=FindingStore(database)
        )
        service = Service(service_lock(settings.database_url))
        tell("A Ferry already serves this database, so it gets the job; Ctrl-C here does not stop it.")
        asked = datetime.now(UTC)
        answered = await hand_over(typed, orders=OrderStore(database), service=service)
        assert answered.job_id is not None, "that is what was ordered"
        if (job := await stores.jobs.get(answered.job_id)) is not None:
            _say_where(job, asked)
        ours = [answered.job_id, *await _companions(answered.job_id, stores)]
        return await _followed(ours, stores, ending, service)


async def _companions(job_id: int, stores: Stores) -> list[int]:
    """The jobs that were written with it: a channel's comments."""
    return [job.id for job in await stores.jobs.about(job_id, JobKind.COMMENTS) if job.is_unfinished]


async def _followed(
    job_ids: list[int], stores: Stores, ending: Ending, service: Service | None = None
) -> int:
    """One after the other, up to the first that ends otherwise than complete."""
    worst = DONE
    for job_id in job_ids:
        with display() as shown:
            check = service.check if service else _present
            job = await follow(job_id, jobs=stores.jobs, display=shown, check=check)
        worst = max(worst, await ending(job, stores))
        if job.status is not JobStatus.COMPLETED:
            break
    return worst


async def _others(engine: Engine, handed_over: set[int], stores: Stores) -> None:
    """What other terminals ordered from us meanwhile: they have nobody else."""
    unfinished = [job for number in handed_over if (job := await engine.job_store.get(number))]
    if any(job.is_unfinished for job in unfinished):
        tell("Staying for what was ordered from other terminals; Ctrl-C stops it.")
    for job in unfinished:
        await _followed([job.id], stores, ended)


def _say_where(job: Job, asked: datetime) -> None:
    """A service may have begun a new one already."""
    is_old = job.created_at < asked and job.is_unfinished
    if is_old and job.progress.step_number and job.progress.offset_id > 0:
        tell(f"Job {job.id} goes on behind message {job.progress.offset_id}.")


async def _present() -> None:
    """We work on it ourselves."""
