"""`clone`: one job in the foreground, or through the service that runs on the same database."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from cli.display import display
from cli.endings import DONE, sentence, tell
from cli.following import follow, told
from cli.handing_over import Service, hand_over
from cli.logs import set_up_logging
from cli.service_signals import on_wake
from cli.settings import load_settings
from cli.wiring import Engine, open_database, open_engine
from config import Settings
from domain.errors import AlreadyCopied, AnotherService
from domain.job import Job
from domain.reference import parse_reference
from engine.orders import order_at_the_terminal
from storage.jobs import JobStore
from storage.lock import service_lock
from storage.orders import OrderStore
from storage.progress import ProgressStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    source: str
    target: str
    account_id: int | None
    again: bool


async def clone(wanted: Wanted) -> int:
    """The exit code: 0 only when everything was copied, now or before."""
    parse_reference(wanted.source), parse_reference(wanted.target)
    settings = load_settings()
    set_up_logging(logging.WARNING)
    try:
        if await service_lock(settings.database_url).holder() is None:
            try:
                return await _by_ourselves(wanted, settings)
            except AnotherService:
                pass  # it started a moment ago
        return await _through_the_service(wanted, settings)
    except AlreadyCopied as error:
        tell(sentence(error))
        return DONE
    except asyncio.CancelledError:
        tell("Stopped here. The same command goes on from where it stood.")
        raise


async def _by_ourselves(wanted: Wanted, settings: Settings) -> int:
    on_wake()
    only: set[int] = set()
    async with open_engine(settings, only=only) as engine:
        on_wake(engine.look_for_work)
        await engine.dispatcher.recover()
        job = await order_at_the_terminal(
            engine.jobs,
            source=wanted.source,
            target=wanted.target,
            account_id=wanted.account_id,
            again=wanted.again,
        )
        only.add(job.id)
        _say_where(job)
        async with asyncio.TaskGroup() as group:
            works = (engine.dispatcher.run, engine.desk.run, engine.outage.keep_lock)
            running = [group.create_task(work()) for work in works]
            code = await _followed(job.id, engine.job_store, engine.progress_store)
            await _others(engine, only - {job.id})
            await engine.dispatcher.stop()
            for task in running:
                task.cancel()
    return code


async def _through_the_service(wanted: Wanted, settings: Settings) -> int:
    async with open_database(settings) as database:
        jobs, service = JobStore(database), Service(service_lock(settings.database_url))
        tell("A Ferry already serves this database, so it gets the job; Ctrl-C here does not stop it.")
        job_id = await hand_over(
            orders=OrderStore(database),
            service=service,
            source=wanted.source,
            target=wanted.target,
            account_id=wanted.account_id,
            again=wanted.again,
        )
        if (job := await jobs.get(job_id)) is not None:
            _say_where(job)
        return await _followed(job_id, jobs, ProgressStore(database), service)


async def _followed(
    job_id: int, jobs: JobStore, progress: ProgressStore, service: Service | None = None
) -> int:
    with display() as shown:
        job = await follow(job_id, jobs=jobs, display=shown, check=service.check if service else _present)
    return told(job, await progress.skips(job_id))


async def _others(engine: Engine, handed_over: set[int]) -> None:
    """What other terminals ordered from us meanwhile: they have nobody else."""
    unfinished = [job for number in handed_over if (job := await engine.job_store.get(number))]
    if any(job.is_unfinished for job in unfinished):
        tell("Staying for what was ordered from other terminals; Ctrl-C stops it.")
    for job in unfinished:
        await _followed(job.id, engine.job_store, engine.progress_store)


def _say_where(job: Job) -> None:
    if job.progress.offset_id and job.is_unfinished:
        tell(f"Job {job.id} goes on behind message {job.progress.offset_id}.")


async def _present() -> None:
    """We work on it ourselves."""
