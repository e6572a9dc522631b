"""How fast a job is and how full the service: what is shown but never stored."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.job import JobStatus, Progress
from domain.memory import MemoryLevel

WINDOW = 30.0  # seconds
GRAIN = 0.5  # seconds; samples closer together than this are merged, so that memory stays small
FAR = timedelta(days=3650)  # an estimate beyond it says nothing


@dataclass(frozen=True, slots=True)
class Live:
    """The newest known progress, messages per second over the last 30 s, the end at that rate."""

    progress: Progress
    per_second: float
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """How many jobs there are and may run; this process's memory in bytes.

    `memory_percent` is how much is in use of the nearest limit: a container's, MEMORY_LIMIT, or the machine.
    """

    counts: dict[JobStatus, int]
    max_user: int
    max_total: int
    memory_rss: int
    memory_percent: float
    memory_level: MemoryLevel = MemoryLevel.NORMAL


class Speed:
    """One job's rate, from how many messages were done at which moment of a monotonic clock."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def feed(self, at: float, done: int) -> None:
        samples = self._samples
        if len(samples) > 1 and at - samples[-2][0] < GRAIN:
            samples.pop()
        samples.append((at, done))
        while len(samples) > 1 and samples[1][0] <= at - WINDOW:
            samples.popleft()

    def per_second(self, now: float) -> float:
        """Messages per second over the last 30 s, or since the first sample if that is younger."""
        if not self._samples:
            return 0.0
        since, base = self._samples[0]
        for at, done in self._samples:
            if at > now - WINDOW:
                break
            since, base = now - WINDOW, done
        seconds = now - since
        return (self._samples[-1][1] - base) / seconds if seconds > 0 else 0.0


def ends_at(now: datetime, *, left: int, per_second: float) -> datetime | None:
    """When `left` messages will be done at that rate; None if that can't be told."""
    if left < 0 or per_second <= 0 or left / per_second > FAR.total_seconds():
        return None
    return now + timedelta(seconds=left / per_second)
