"""Pure: from percentages to a level of pressure that doesn't flap, and what each level allows."""

from __future__ import annotations

from dataclasses import dataclass

from domain.job import Priority
from domain.memory import MemoryLevel

#: A level is left only this many points below its threshold, and only after so many seconds there. What
#: a level stopped needs memory again: it must not bring the pressure straight back.
MARGIN = 5.0
CALM = 4.0

#: The least priority that may run.
_ALLOWED = {
    MemoryLevel.NORMAL: Priority.LOW,
    MemoryLevel.CLEANUP: Priority.LOW,
    MemoryLevel.WARNING: Priority.NORMAL,
    MemoryLevel.CRITICAL: Priority.HIGH,
    MemoryLevel.EMERGENCY: Priority.URGENT,
}


def least_priority(level: MemoryLevel) -> Priority:
    return _ALLOWED[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The percentages at which each level begins, ascending."""

    cleanup: float = 60
    warning: float = 70
    critical: float = 80
    emergency: float = 90

    def reached(self, percent: float) -> MemoryLevel:
        begins = (self.cleanup, self.warning, self.critical, self.emergency)
        return MemoryLevel(sum(percent >= threshold for threshold in begins))


class Levels:
    """Up at once, down one level at a time, each after `calm` seconds of calm."""

    def __init__(self, thresholds: Thresholds, *, calm: float = CALM) -> None:
        self._thresholds, self._calm = thresholds, calm
        self._calm_since: float | None = None
        self.level = MemoryLevel.NORMAL

    def feed(self, at: float, percent: float) -> MemoryLevel:
        """The level after a look at the moment `at` of a monotonic clock, in seconds."""
        reached = self._thresholds.reached(percent)
        if reached > self.level:
            self.level, self._calm_since = reached, None
        elif not self._is_calm(percent):
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = at
        elif at - self._calm_since >= self._calm:
            self.level = MemoryLevel(self.level - 1)
            self._calm_since = at if self._is_calm(percent) else None
        return self.level

    def _is_calm(self, percent: float) -> bool:
        """Far enough below for the next level down."""
        return self.level > 0 and self._thresholds.reached(percent + MARGIN) < self.level
