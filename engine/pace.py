"""The pace of one scope (an account's sending or reading, one chat), learned from Telegram's orders to wait.

Pure: times are arguments, in seconds, and the state is a value. docs/decisions/0012 says how it learns.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

#: Telegram rounds its waits up to whole seconds: a wait's true end lies up to so much before the told one.
ROUNDING = 1.0
#: Passes remembered while nothing is known. Older ones thin out, so that they reach back for hours.
REMEMBERED = 64
#: Of what passed before the first wait: whoever waits again after less has not met a window that starts anew.
FRESH = 0.5
#: Periods that a higher rate has to hold. More than one: a window may begin shortly after the change.
HOLD = 1.25
#: The first step up while trying, about half of what ROUNDING hides in a period of 30 s; then it doubles.
STEP = 0.016
#: Known well enough when the rate that held and the one that did not are so close.
CLOSE = 0.006
#: Seconds from one wait to another that give an evenly filled bucket's rate well enough (ROUNDING / LEARN).
LEARN = 75.0
#: Seconds without a wait after which the learning ends in any case.
QUIET = 100.0
#: What a rate loses that was thought safe and was not.
BACK_OFF = 0.98
#: Once settled: seconds to the first look whether more is allowed now, and the longest; each failure doubles.
PROBE_AFTER, PROBE_SELDOM = 600.0, 86_400.0
PROBE = 0.02


class Stage(StrEnum):
    FREE = "free"  #: Telegram never told us to wait
    TRYING = "trying"  #: a window that starts anew: from a rate that holds to one that does not, by halves
    FILLING = "filling"  #: a bucket that drains evenly: what passes between two waits is its rate
    SETTLED = "settled"


@dataclass(slots=True)
class Pace:
    """`rate` is in messages per second, None for as fast as one can; nothing may go out before `until`."""

    stage: Stage = Stage.FREE
    #: what drains evenly has drained the more for a call that came late, so the next ones may make up for it
    even: bool = False
    rate: float | None = None
    until: float = 0.0
    #: the highest rate believed to hold, and the lowest known not to
    low: float = 0.0
    high: float | None = None
    #: the first wait's messages and seconds
    capacity: int = 0
    period: float = 0.0
    #: the end of the wait that the measuring counts from, what has passed since, and since the last wait
    anchor: float = 0.0
    passed_since_anchor: int = 0
    passed_since_wait: int = 0
    #: FILLING: the lower bound that the last wait gave
    floor: float = 0.0
    #: when the rate was last changed, and the step up that is next
    changed_at: float = 0.0
    step: float = STEP
    probing: bool = False
    probe_every: float = PROBE_AFTER
    #: FREE: (time, messages passed until then), oldest first
    passes: list[tuple[float, int]] = field(default_factory=list)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Names that this version does not know are left out."""
        known = {f.name: told[f.name] for f in fields(cls) if f.name in told}
        known["stage"] = Stage(known.get("stage", Stage.FREE))
        known["passes"] = [(at, total) for at, total in known.get("passes", [])]
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"stage": self.stage.value}

    def gap(self, messages: int) -> float:
        """Seconds from a call of so many messages to the next call."""
        return messages / self.rate if self.rate else 0.0

    def passed(self, now: float, messages: int) -> None:
        self.passed_since_anchor += messages
        self.passed_since_wait += messages
        match self.stage:
            case Stage.FREE:
                self._remember(now, messages)
            case Stage.TRYING if now - self.changed_at >= HOLD * self.period:
                self._held(now)
            case Stage.FILLING if now - self.anchor > QUIET and now - self.changed_at > QUIET / 2:
                self._settle(now, max(self.floor, self._least(now, messages)))
            case Stage.SETTLED if now - self.changed_at >= self.probe_every:
                self._probe(now)

    def refused(self, now: float, messages: int, wait: float) -> None:
        """Telegram told a call of so many messages to wait."""
        if now < self.until:  # one that was under way when another was told
            self.until = max(self.until, now + wait)
            return
        self.until = now + wait
        match self.stage:
            case Stage.FREE:
                self._first_wait(now, messages, wait)
            case Stage.TRYING:
                self._not_held()
            case Stage.FILLING:
                self._measure()
            case Stage.SETTLED:
                self._unsettle()
        self.changed_at = self.until
        self.passed_since_wait = 0

    # ---- nothing known yet

    def _remember(self, now: float, messages: int) -> None:
        total = self.passes[-1][1] if self.passes else 0
        self.passes.append((now, total + messages))
        if len(self.passes) > REMEMBERED:
            half = REMEMBERED // 2
            self.passes = self.passes[:half:2] + self.passes[half:]

    def _first_wait(self, now: float, messages: int, wait: float) -> None:
        """Which part of the past the wait is about, nobody tells: the one that allows the most is tried."""
        self.rate, self.capacity, self.period = messages / (wait + 1), messages, wait + 1
        before = 0
        total = self.passes[-1][1] if self.passes else 0
        for at, until_then in self.passes:
            seconds, count = now - at + wait, total - before
            if count / seconds > self.rate:
                self.rate, self.capacity, self.period = count / seconds, count, seconds
            before = until_then
        self.low, self.passes = self.rate, []
        self.stage = Stage.TRYING
        self._anchor()
        self._try()

    def _anchor(self) -> None:
        self.anchor, self.passed_since_anchor = self.until, 0

    # ---- windows

    def _try(self) -> None:
        """The next higher rate, half way to one that did not hold; settles when the two are close."""
        if self.high is None:
            self.rate = self.low * (1 + self.step)
        elif self.high / self.low > 1 + CLOSE:
            self.rate = (self.low + self.high) / 2
        else:
            self.stage, self.rate = Stage.SETTLED, self.low

    def _held(self, now: float) -> None:
        self.low = self.rate or self.low
        self.step *= 2
        self.changed_at = now
        self._try()

    def _not_held(self) -> None:
        if self.passed_since_wait < FRESH * self.capacity:
            self.stage, self.even = Stage.FILLING, True
            self._measure()
            return
        self.high = self.rate
        self._try()

    # ---- evenly drained buckets

    def _measure(self) -> None:
        """Full at the anchor and full now: what passed between is what drained, but for the rounding."""
        seconds = self.until - self.anchor
        self.floor = self.passed_since_anchor / (seconds + ROUNDING)
        if seconds < LEARN:  # rather too high: the sooner it is full again, the sooner more is known
            self.rate = max(self.passed_since_anchor, 1) / max(seconds - ROUNDING / 2, ROUNDING / 2)
        else:
            self._settle(self.until, self.floor)

    def _least(self, now: float, messages: int) -> float:
        """Not full yet: then at least so much has drained since the anchor."""
        return (self.passed_since_anchor - messages) / (now - self.anchor + ROUNDING)

    # ---- settled

    def _settle(self, now: float, rate: float) -> None:
        self.stage, self.rate, self.low = Stage.SETTLED, rate, rate
        self.changed_at, self.step, self.probing = now, PROBE, False

    def _probe(self, now: float) -> None:
        """What was probed has held until now; a little more."""
        self.low = self.rate or self.low
        if self.probing:
            self.step *= 2
        self.probing, self.changed_at = True, now
        self.rate = self.low * (1 + self.step)

    def _unsettle(self) -> None:
        if self.probing:
            self.probe_every = min(self.probe_every * 2, PROBE_SELDOM)
            self._settle(self.until, self.low)
            return
        self.stage, self.rate = Stage.FILLING, self.low * BACK_OFF
        self.low = self.floor = self.rate
        self._anchor()
