"""What is known of a window that starts anew: how long it lasts and how much it takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

#: Telegram rounds its waits up to whole seconds.
ROUNDING = 1.0
#: Part of its length by which the end of a window is to be known; of what passes, by which calls may be late.
CLOSE, LATE = 0.008, 0.005
#: Waits that may be spent on it.
TRIES = 3
#: Above what was measured, so that the window is full a while before it ends; doubled while that holds.
STEP = 0.07


@dataclass(slots=True)
class Window:
    """`took` is the most that one took. It lasts longer than `shortest` and at most `longest` seconds."""

    took: int = 0
    shortest: float = 0.0
    longest: float = 0.0
    #: the present one's first call went through then; 0 when there is none since the last wait
    opened: float = 0.0
    tries: int = 0
    #: it takes one call, whatever its size: a try could show nothing
    is_single: bool = False
    step: float = STEP
    #: messages of the smallest and the largest call since the first wait
    smallest: int = 0
    largest: int = 0

    @classmethod
    def first(cls, took: int, seconds: float, *, is_single: bool) -> Self:
        shortest = max(seconds - ROUNDING, ROUNDING / 2)
        return cls(took=took, shortest=shortest, longest=seconds, is_single=is_single)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(**{f.name: told[f.name] for f in fields(cls) if f.name in told})

    @property
    def is_known(self) -> bool:
        return self.is_single or self.tries >= TRIES or self.longest - self.shortest <= CLOSE * self.longest

    @property
    def rate(self) -> float:
        """Messages per second that hold whatever the phase is.

        Calls of one size fit the window as they did when it was measured. Others may straddle its end.
        """
        spare = 0 if self.smallest == self.largest and self.took % max(self.largest, 1) == 0 else self.largest
        return max(self.took - spare, self.took / 2) * (1 - LATE) / self.longest

    def next_try(self) -> float:
        """Fills it so that the told wait says whether it lasts longer than the middle of the two bounds."""
        if self.tries == 0:
            return self.took / self.longest * (1 + self.step)
        middle = (self.shortest + self.longest) / 2
        return self.took / max(middle - 2 * ROUNDING, middle / 2)

    def passed(self, now: float, messages: int) -> None:
        self.opened = self.opened or now
        self.smallest = min(self.smallest or messages, messages)
        self.largest = max(self.largest, messages)

    def refused(self, until: float, passed: int) -> None:
        """Full after so many, and over then or up to a second before."""
        self.tries += 1
        lasted = until - self.opened
        if not self.opened or lasted > self.longest + 2 * ROUNDING:
            return  # not the window that the last wait ended with
        self.took = max(self.took, passed) if self.tries > 1 else passed
        self.longest = min(self.longest, lasted)
        self.shortest = min(max(self.shortest, lasted - ROUNDING), self.longest)

    def held(self, rate: float) -> float:
        """A whole window at this rate was not full: a higher one."""
        self.took = max(self.took, int(rate * self.shortest))
        self.step *= 2
        return rate * (1 + self.step)
