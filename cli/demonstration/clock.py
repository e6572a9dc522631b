"""How long it took, without the time in which nothing could be copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Span = tuple[float, float]  # Unix seconds


def covered(spans: Iterable[Span]) -> float:
    """Seconds that lie in at least one of the spans."""
    total, until = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


@dataclass(slots=True)
class Clock:
    """`down` are the spans without a service, `waits` those in which the account was told to wait."""

    down: list[Span] = field(default_factory=list)
    waits: list[Span] = field(default_factory=list)

    def seconds_down(self, within: Span) -> float:
        return covered(_clipped(self.down, within))

    def seconds_waited(self, within: Span) -> float:
        return covered(_clipped(self.waits, within))

    def seconds_copying(self, within: Span) -> float:
        """The rest; being down during a wait counts once."""
        return within[1] - within[0] - covered(_clipped([*self.down, *self.waits], within))


def _clipped(spans: Iterable[Span], within: Span) -> list[Span]:
    clipped = [(max(begin, within[0]), min(end, within[1])) for begin, end in spans]
    return [(begin, end) for begin, end in clipped if begin < end]
