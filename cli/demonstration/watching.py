"""Looks at the jobs in the service's database, and reckons how fast they are."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.job import Job, JobStatus
from engine.live import Speed, ends_at
from storage.jobs import JobStore

#: More jobs than a demo has.
ALL = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One job as it is shown. `per_second` is 0 while it does not copy."""

    job: Job
    per_second: float
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scene:
    """All jobs at one moment, the first one first; `standstill` says why none of them can move, or ""."""

    rows: tuple[Row, ...]
    standstill: str

    @property
    def copied(self) -> int:
        return sum(row.job.progress.copied for row in self.rows)

    @property
    def total(self) -> int:
        return sum(max(row.job.progress.total, row.job.progress.done) for row in self.rows)

    @property
    def per_second(self) -> float:
        return sum(row.per_second for row in self.rows)


class Watcher:
    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._speeds: defaultdict[int, Speed] = defaultdict(Speed)

    async def jobs(self) -> list[Job]:
        """Oldest first."""
        return (await self._jobs.list(limit=ALL))[::-1]

    async def look(self, *, standstill: str) -> Scene:
        """What the database says, unless `standstill` says why it is out of date."""
        now = time.monotonic()
        rows = [self._row(job, now, standstill) for job in await self.jobs()]
        return Scene(tuple(rows), standstill)

    def _row(self, job: Job, now: float, standstill: str) -> Row:
        if standstill or job.status is not JobStatus.RUNNING:
            self._speeds.pop(job.id, None)  # what comes after a break is a new measurement
            return Row(job, 0.0, None)
        speed = self._speeds[job.id]
        speed.feed(now, job.progress.done)
        per_second = speed.per_second(now)
        left = job.progress.total - job.progress.done
        return Row(job, per_second, ends_at(datetime.now(UTC), left=left, per_second=per_second))


def in_motion(jobs: list[Job]) -> bool:
    """Whether any of them will still change by itself."""
    return any(job.status in (JobStatus.PENDING, JobStatus.RUNNING) for job in jobs)
