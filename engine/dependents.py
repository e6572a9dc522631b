"""Tells whose jobs wait for one that will not be completed: only a person can decide what becomes of them."""

from __future__ import annotations

from datetime import datetime

from domain.job import Job, JobStatus
from engine.background import Background
from engine.events import DependencyFailed, Event, Events, JobChanged
from storage.jobs import JobStore


class Dependents:
    """Listens from the moment it is made: one place for whatever made a job fail or cancelled it."""

    def __init__(self, *, jobs: JobStore, events: Events, background: Background) -> None:
        self._jobs, self._events, self._background = jobs, events, background
        #: job → when it ended, of which was told: the end of a run may tell once more what a person did
        self._told: dict[int, datetime | None] = {}
        events.subscribe(self._heard)

    def _heard(self, event: Event) -> None:
        if not isinstance(event, JobChanged):
            return
        job = event.job
        if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
            self._told.pop(job.id, None)
        elif job.id not in self._told or self._told[job.id] != job.finished_at:
            self._told[job.id] = job.finished_at
            self._background.start(self._tell(job), name=f"dependents of job {job.id}")

    async def _tell(self, job: Job) -> None:
        for waiting in await self._jobs.waiting_for(job.id):
            self._events.emit(DependencyFailed(waiting, job.id))
