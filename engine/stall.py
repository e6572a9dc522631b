"""Counts a job's runs that led nowhere, and for how long it has been so."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import FerryError
from engine.retry import SOFT_LIMIT


@dataclass(slots=True)
class _Stall:
    done: int
    since: float
    kind: type[FerryError]
    runs: int = 1
    is_told: bool = False


class Stalls:
    """Kept in memory: after a restart every job gets its whole time again."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stalls: dict[int, _Stall] = {}

    def count(self, job_id: int, error: FerryError, *, done: int) -> tuple[int, timedelta]:
        """A run ended in `error` with `done` messages done in all.

        Returns how many runs in a row ended in this kind of error, and the time without any progress.
        """
        stall = self._stalls.get(job_id)
        if stall is None or stall.done != done:
            stall = self._stalls[job_id] = _Stall(done, self._clock(), type(error))
        elif stall.kind is type(error):
            stall.runs += 1
        else:
            stall.kind, stall.runs = type(error), 1
        return stall.runs, timedelta(seconds=self._clock() - stall.since)

    def is_due(self, job_id: int) -> bool:
        """Whether the owner should hear of it now; true once for each stall."""
        stall = self._stalls.get(job_id)
        if stall is None or stall.is_told or self._clock() - stall.since < SOFT_LIMIT.total_seconds():
            return False
        stall.is_told = True
        return True

    def waited(self, job_id: int, seconds: float) -> None:
        """An order to wait is no stall: its time does not count."""
        if (stall := self._stalls.get(job_id)) is not None:
            stall.since += seconds

    def forget(self, job_id: int) -> None:
        self._stalls.pop(job_id, None)
