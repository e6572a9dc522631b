"""What is known of a window that starts anew: how long it lasts and how much it takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

#: Telegram rounds its waits up to whole seconds.
ROUNDING = 1.0
#: Part of its length by which the end of a window is to be known; of what passes, by which calls may be late.
CLOSE, LATE = 0.008, 0.008
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
    #: the present one: its first call, its last one and what has passed
    opened: float = 0.0
    last: float = 0.0
    inside: int = 0
    #: messages of its smallest and its largest call
    smallest: int = 0
    largest: int = 0
    tries: int = 0
    #: it takes one call, whatever its size: a try could show nothing
    is_single: bool = False
    step: float = STEP

    @classmethod
    def first(cls, took: int, seconds: float, *, call: int, is_single: bool) -> Self:
        """`call`: messages of the call that was told to wait."""
        shortest = max(seconds - ROUNDING, ROUNDING / 2)
        return cls(
            took=took, shortest=shortest, longest=seconds, smallest=call, largest=call, is_single=is_single
        )

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(**{f.name: told[f.name] for f in fields(cls) if f.name in told})

    @property
    def is_known(self) -> bool:
        if self.is_single or self.tries >= TRIES:
            return True
        # Steps that were planned before the first wait are large ones; what is to come is not.
        is_mixed = self.largest > 2 * self.smallest
        return self.longest - self.shortest <= CLOSE * self.longest and not is_mixed

    @property
    def rate(self) -> float:
        """Messages per second that hold whatever the phase is.

        Calls of one size fit the window as they did when it was measured. Others may straddle its end.
        """
        spare = 0 if self.smallest == self.largest and self.took % self.largest == 0 else self.largest
        return max(self.took - spare, self.took / 2) * (1 - LATE) / self.longest

    @property
    def first_try(self) -> float:
        return self.took / self.longest * (1 + self.step)

    def passed(self, now: float, messages: int) -> None:
        if not self.opened or now - self.last > self.longest:  # the first after a wait, or after idling
            self.opened, self.inside, self.smallest, self.largest = now, 0, messages, messages
        self.last = now
        self.inside += messages
        self.smallest, self.largest = min(self.smallest, messages), max(self.largest, messages)

    def refused(self, until: float, rate: float) -> float:
        """Full, and over then or up to a second before. Gives the next rate to try.

        It fills the next one so that its told wait says which half of the two bounds its end lies in.
        """
        opened, self.opened = self.opened, 0.0
        lasted = until - opened
        if not opened or lasted > self.longest + 2 * ROUNDING:
            return rate  # not the one that opened then: but the next begins with the end of this wait
        self.took = max(self.took, self.inside) if self.tries else self.inside
        self.longest = min(self.longest, lasted)
        self.shortest = min(max(self.shortest, lasted - ROUNDING), self.longest)
        self.tries += 1
        middle = (self.shortest + self.longest) / 2
        return self.took / max(middle - 2 * ROUNDING, middle / 2)

    def held(self, rate: float) -> float:
        """A whole one at this rate was not full: a higher one."""
        self.took = max(self.took, int(rate * self.shortest))
        self.step *= 2
        return rate * (1 + self.step)
