"""Runs one claimed job and gives it the status that the run's end calls for."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from domain.errors import AccountStopped, FerryError, IllegalMove, LostLease, MustWait, OurFault, Unsettled
from domain.job import Failure, Job, JobStatus
from engine.events import Events, JobChanged, JobStalled
from engine.limiter import Limiter
from engine.outage import Outage
from engine.retry import Fail, Pause, RetryAt, decide
from engine.stall import Stalls
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from engine.workshop import Workshop
from storage.jobs import JobStore
from storage.progress import ProgressStore

log = structlog.get_logger(__name__)


class JobRunner:
    def __init__(
        self,
        *,
        jobs: JobStore,
        store: ProgressStore,
        pool: AccountPool,
        state: TaskStateManager,
        limiter: Limiter,
        workshop: Workshop,
        outage: Outage,
        events: Events,
    ) -> None:
        self._jobs, self._store, self._pool, self._state = jobs, store, pool, state
        self._limiter, self._workshop, self._outage, self._events = limiter, workshop, outage, events
        self._stalls = Stalls()

    async def run(self, job: Job, stop: asyncio.Event) -> None:
        """Works until the end, a stop or trouble; whatever happens, the job's row tells it afterwards."""
        self._state.begin(job)
        try:
            finished = await self._workshop.work(job, stop)
        except LostLease:
            log.warning("lease_lost", job_id=job.id)
        except FerryError as error:
            await self._after_error(job, error)
        except Exception:
            log.exception("job_crashed", job_id=job.id)
            await self._after_error(job, OurFault(job_id=job.id))
        else:
            self._stalls.forget(job.id)
            # Told to stop by a pause or a cancel, the job has its status already; by a shutdown, it has not.
            await self._move(job, JobStatus.COMPLETED if finished else JobStatus.PENDING)
        finally:
            self._state.end(job.id)

    async def _after_error(self, job: Job, error: FerryError) -> None:
        error.values.setdefault("job_id", "")
        error.values["job_id"] = str(job.id)
        if isinstance(error, AccountStopped):
            await self._stop_account(job, error)
            return
        attempt, stalled = 1, timedelta(0)
        if isinstance(error, MustWait):
            self._stalls.waited(job.id, error.seconds)
        else:
            attempt, stalled = self._stalls.count(job.id, error, done=self._state.progress(job.id).done)
        log.info("run_ended", job_id=job.id, error=str(error), attempt=attempt)
        now = datetime.now(UTC)
        match decide(error, attempt=attempt, now=now, stalled=stalled, chance=random.random()):
            case RetryAt(when=when, reason=reason):
                await self._move(job, JobStatus.PENDING, resume_at=when, wait_reason=reason)
                if self._stalls.is_due(job.id):
                    self._events.emit(JobStalled(job, error.as_failure()))
            case Pause(by=by):
                self._stalls.forget(job.id)
                await self._move(job, JobStatus.PAUSED, pause_reason=by, failure=await self._doubt(job))
            case Fail(failure=failure):
                self._stalls.forget(job.id)
                await self._move(job, JobStatus.FAILED, failure=failure)

    async def _doubt(self, job: Job) -> Failure:
        """What a person has to look for in the target."""
        left = await self._outage.outlast(lambda: self._store.step_in_flight(job.id))
        return Unsettled(
            count=len(left.items) if left else 0,
            offset_id=self._state.progress(job.id).last_target_id,
            title=job.target.title,
            job_id=job.id,
        ).as_failure()

    async def _stop_account(self, job: Job, error: AccountStopped) -> None:
        """No call of this account will succeed: all its jobs stop until a person has logged in again."""
        log.warning("account_stopped", account_id=job.account_id, error=str(error))
        await self._pool.drop(job.account_id)
        failure = error.as_failure()
        for stopped in await self._outage.outlast(lambda: self._jobs.stop_account(job.account_id, failure)):
            self._events.emit(JobChanged(stopped))

    async def _move(self, job: Job, to: JobStatus, **why: Any) -> None:
        """Ends the run. A job that somebody paused or cancelled meanwhile keeps the status they gave it."""

        async def moving() -> Job | None:
            try:
                return await self._jobs.move(
                    job.id, to, generation=job.generation, only_from=JobStatus.RUNNING, **why
                )
            except IllegalMove:
                # Or it was us, and the answer to the COMMIT was lost: then nobody has been told yet.
                log.info("status_set_already", job_id=job.id, wanted=to)
                return await self._jobs.get(job.id)

        moved = await self._outage.outlast(moving)
        if moved is None or moved.status is not JobStatus.PENDING:
            self._limiter.leave(job.id)
        if moved is not None:
            self._events.emit(JobChanged(moved))
