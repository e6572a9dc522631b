"""Starts jobs the moment they may run: woken by events, one atomic claim for each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from datetime import UTC, datetime

import structlog

from domain.errors import DatabaseBroken, IllegalMove
from domain.job import Job, JobStatus
from engine.background import Background
from engine.events import Event, Events, JobChanged, JobResumed, MemoryChanged
from engine.memory_optimizer import MemoryOptimizer
from engine.outage import Outage
from engine.runner import JobRunner
from storage.jobs import JobStore

log = structlog.get_logger(__name__)

#: Seconds between looks that nothing asked for: what another process changed without waking us.
SAFETY_NET = 30.0
#: Seconds that running jobs have at the end to finish the batch in flight and write their checkpoint.
STOP_GRACE = 6.0


class Dispatcher:
    """`only` restricts it to some jobs (the command line's own)."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        runner: JobRunner,
        memory: MemoryOptimizer,
        outage: Outage,
        events: Events,
        background: Background,
        max_user: int,
        max_total: int,
        only: Collection[int] | None = None,
    ) -> None:
        self._jobs, self._runner, self._memory, self._outage = jobs, runner, memory, outage
        self._events, self._background = events, background
        self._max_user, self._max_total, self._only = max_user, max_total, only
        self._wake = asyncio.Event()
        self._stopping = False
        self._may_have_strays = False
        self._runs: dict[int, tuple[asyncio.Task[None], asyncio.Event]] = {}
        events.subscribe(self._heard)

    def wake(self) -> None:
        self._wake.set()

    async def recover(self) -> int:
        """Makes what an earlier process left running startable, and tells where each job goes on.

        Returns how many jobs that is.
        """
        recovered = await self._jobs.recover()
        for job in recovered:
            self._events.emit(JobResumed(job))
        if recovered:
            log.info("jobs_recovered", count=len(recovered))
        return len(recovered)

    async def run(self) -> None:
        """Claims and starts until `stop`."""
        while not self._stopping:
            self._wake.clear()
            looked_at = await self._start_what_may()
            if self._wake.is_set():
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(await self._until_next(looked_at)):
                    await self._wake.wait()

    async def stop(self) -> None:
        """Claims nothing more, lets each running job finish its step, and cancels what takes too long.

        A cancelled job keeps its step in the journal; the next start settles it.
        """
        self._stopping = True
        self._wake.set()
        tasks = [task for task, _ in self._runs.values()]
        for _, stop in self._runs.values():
            stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_GRACE)
            for task in late:
                log.warning("job_stopped_hard", run=task.get_name())
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_what_may(self) -> datetime:
        """Starts every job that may start; returns the moment at which there was none left."""
        while True:
            now = datetime.now(UTC)
            if self._stopping:
                return now
            job = await self._outage.outlast(lambda: self._claim(now))  # noqa: B023 - awaited at once
            if job is None:
                return now
            self._start(job)

    async def _claim(self, now: datetime) -> Job | None:
        if self._may_have_strays:
            await self._release_strays()
        try:
            return await self._jobs.claim(
                now=now,
                max_user=self._max_user,
                max_total=self._max_total,
                except_ids=list(self._runs),  # a paused job may still be finishing its last step
                only=self._only,
                min_priority=self._memory.min_priority,
            )
        except DatabaseBroken:
            self._may_have_strays = True
            raise

    async def _release_strays(self) -> None:
        """A claim whose COMMIT was not answered may have taken a job that nobody runs now."""
        for job in await self._jobs.list(statuses={JobStatus.RUNNING}, limit=self._max_total + 1):
            if job.id not in self._runs:
                with contextlib.suppress(IllegalMove):
                    await self._jobs.move(job.id, JobStatus.PENDING, only_from=JobStatus.RUNNING)
        self._may_have_strays = False

    def _start(self, job: Job) -> None:
        stop = asyncio.Event()
        task = self._background.start(self._run(job, stop), name=f"job {job.id}")
        self._runs[job.id] = (task, stop)
        self._events.emit(JobChanged(job))

    async def _run(self, job: Job, stop: asyncio.Event) -> None:
        try:
            # A pause that came between the claim and here was heard by nobody.
            fresh = await self._outage.outlast(lambda: self._jobs.get(job.id))
            if fresh is not None and fresh.status is JobStatus.RUNNING:
                await self._runner.run(job, stop)
        finally:
            del self._runs[job.id]
            self._wake.set()

    async def _until_next(self, looked_at: datetime) -> float:
        """Seconds until the next wait ends, at most SAFETY_NET.

        Waits that ended before `looked_at` are over: such a job lacks a slot, and the end of a run wakes us.
        """
        next_resume = await self._outage.outlast(lambda: self._jobs.next_resume(after=looked_at))
        if next_resume is None:
            return SAFETY_NET
        return min(max(0.0, (next_resume - datetime.now(UTC)).total_seconds()), SAFETY_NET)

    def _heard(self, event: Event) -> None:
        if isinstance(event, MemoryChanged):
            self._wake.set()
        elif not isinstance(event, JobChanged):
            return
        elif event.job.status is JobStatus.PENDING:
            self._wake.set()
        elif event.job.status is not JobStatus.RUNNING and event.job.id in self._runs:
            self._runs[event.job.id][1].set()
