"""MemoryOptimizer: what Ferry does without when memory gets short, and how it comes back."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import time
from collections.abc import Callable, Collection

import structlog

from domain.errors import DatabaseBroken
from domain.job import Job, Priority
from domain.memory import MemoryLevel
from engine.events import Events, JobChanged, MemoryChanged
from engine.memory_gauge import MemoryGauge, Reading
from engine.memory_level import Levels, least_priority
from storage.jobs import JobStore

log = structlog.get_logger(__name__)

#: Seconds between two looks: a job reads a few MiB in one.
LOOK_EVERY = 1.0
#: Seconds after which a level that stays is cleaned up after once more.
CLEAN_EVERY = 30.0


class MemoryOptimizer:
    """Without `look` it changes nothing: a copy in the foreground has one job and nothing to stop for it.

    `caches` are emptied under pressure: whoever keeps what can be had again gives the way to forget it.
    """

    def __init__(
        self,
        *,
        gauge: MemoryGauge,
        levels: Levels,
        jobs: JobStore,
        events: Events,
        caches: Collection[Callable[[], None]] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gauge, self._levels, self._jobs, self._events = gauge, levels, jobs, events
        self._caches, self._clock = caches, clock
        self._cleaned_at = float("-inf")
        self._holds_jobs = True  # an earlier process may have left some: memory's pauses are all ours
        #: The newest look; None before the first.
        self.reading: Reading | None = None

    @property
    def level(self) -> MemoryLevel:
        return self._levels.level

    @property
    def min_priority(self) -> Priority:
        """No job below it may start."""
        return least_priority(self.level)

    @property
    def read_ahead(self) -> bool:
        """Whether a job may hold the next page while a batch is out."""
        return self.level < MemoryLevel.WARNING

    async def look(self) -> None:
        """One look and what follows from it; to be called every LOOK_EVERY, first before any job starts.

        What is to be paused or resumed is asked each time, so that a job ordered, claimed or resumed by hand
        meanwhile waits too, and what a broken database prevented is made up for.
        """
        before = self.level
        self.reading = await self._gauge.read()
        level = self._levels.feed(self._clock(), self.reading.percent)
        if level > before or (level and self._clock() - self._cleaned_at >= CLEAN_EVERY):
            await self._clean_up(level)
        paused, resumed = await self._settle_jobs()
        if level is not before:
            self._tell(before, paused, resumed)

    async def _settle_jobs(self) -> tuple[list[Job], list[Job]]:
        """Pauses and resumes what the level asks for, and tells of each job, the most urgent first."""
        paused: list[Job] = []
        resumed: list[Job] = []
        least = self.min_priority
        try:
            if least > Priority.LOW:
                self._holds_jobs = True
                paused = await self._jobs.pause_below(least)
            if self._holds_jobs:
                resumed = await self._jobs.resume_memory(down_to=least)
                self._holds_jobs = least > Priority.LOW
        except DatabaseBroken as error:
            log.warning("memory_waits_for_database", error=str(error))
        for job in [*paused, *resumed]:
            self._events.emit(JobChanged(job))
        return paused, resumed

    async def _clean_up(self, level: MemoryLevel) -> None:
        """Forgets caches and collects garbage, in portions; in an emergency gives free memory back."""
        self._cleaned_at = self._clock()
        for forget in self._caches:
            forget()
        for generation in range(3):
            gc.collect(generation)
            await asyncio.sleep(0)
        if level is MemoryLevel.EMERGENCY:
            await asyncio.to_thread(give_memory_back)

    def _tell(self, before: MemoryLevel, paused: list[Job], resumed: list[Job]) -> None:
        assert self.reading is not None, "it was just read"
        say = log.warning if self.level > max(before, MemoryLevel.CLEANUP) else log.info
        say(
            "memory_level_changed",
            pressure=self.level.name.lower(),
            percent=round(self.reading.percent, 1),
            limit=self.reading.limit,
            bound=str(self.reading.bound),
            paused=[job.id for job in paused],
            resumed=[job.id for job in resumed],
        )
        self._events.emit(
            MemoryChanged(
                self.level,
                self.reading.percent,
                paused=tuple(job.id for job in paused),
                resumed=tuple(job.id for job in resumed),
            )
        )


def give_memory_back() -> bool:
    """What was freed goes back to the system, where the C library can do that (glibc); whether any did."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(trim(0)) if trim is not None else False
