"""The pace of one scope (an account's sending or reading, one chat), learned from Telegram's orders to wait.

Pure: times are arguments, in seconds, and the state is a value. docs/decisions/0012 says how it learns.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from engine.window import Window

#: Telegram rounds its waits up to whole seconds: a wait's true end lies up to so much before the told one.
ROUNDING = 1.0
#: Passes remembered while nothing is known. Older ones thin out, so that they reach back for hours.
REMEMBERED = 64
#: Of what a window takes: whoever must wait again after less has not met a window that starts anew.
FRESH = 0.5
#: Periods that a rate has to hold. More than one: a window may begin shortly after the change.
HOLD = 1.25
#: Seconds from one wait to another that give an evenly drained bucket's rate well enough (ROUNDING / LEARN).
LEARN = 75.0
#: One part in so many may be blurred by calls under way when another was told to wait; else measure anew.
VAGUE = 4
#: Seconds without a wait after which the learning ends in any case.
QUIET = 100.0
#: A measure that was cut short gives its lower bound where that is so near to the upper one.
CERTAIN = 0.85
#: Of what might have passed: with less, nothing is known of the rate, for it was not what held calls back.
BUSY = 0.75
#: What a rate loses that was thought safe and was not: the first time, then twice as much each time.
BACK_OFF = 0.005
#: Once settled: after so many bursts like the first, a look whether more is allowed; doubled by each failure.
PROBE_AFTER, PROBE_SELDOM = 20, 5_000
#: How much more that is at first. While it holds, it doubles.
PROBE = 0.02


class Stage(StrEnum):
    FREE = "free"  #: Telegram never told us to wait
    TRYING = "trying"  #: a window that starts anew: its length and what it takes are being measured
    FILLING = "filling"  #: a bucket that drains evenly: what passes between two waits is its rate
    SETTLED = "settled"


@dataclass(slots=True)
class Pace:
    """`rate` is in messages per second, None for as fast as one can; nothing may go out before `until`."""

    stage: Stage = Stage.FREE
    #: a chat in slow mode: one call, then a wait
    one_each: bool = False
    rate: float | None = None
    until: float = 0.0
    #: what drains evenly has drained the more for a call that came late, so the next ones may make up for it
    even: bool = False
    window: Window = field(default_factory=Window)
    #: SETTLED: the rate believed to hold
    safe: float = 0.0
    #: the end of the wait that the measuring counts from, and the messages of the call that was told
    anchor: float = 0.0
    anchor_messages: int = 0
    #: messages of calls that were under way then: before or after the one that was told, nobody knows
    anchor_vague: int = 0
    #: messages
    passed_since_anchor: int = 0
    passed_since_wait: int = 0
    passed_since_change: int = 0
    #: FILLING: the lower bound that the last wait gave
    floor: float = 0.0
    #: when the rate was last changed
    changed_at: float = 0.0
    probing: bool = False
    probe: float = PROBE
    probe_after: int = PROBE_AFTER
    back_off: float = BACK_OFF
    #: FREE: (time, messages passed until then), oldest first
    passes: list[tuple[float, int]] = field(default_factory=list)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Names that this version does not know are left out."""
        known = {f.name: told[f.name] for f in fields(cls) if f.name in told}
        known["stage"] = Stage(known.get("stage", Stage.FREE))
        known["window"] = Window.from_json(known.get("window", {}))
        known["passes"] = [(at, total) for at, total in known.get("passes", [])]
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"stage": self.stage.value, "passes": [list(one) for one in self.passes]}

    def gap(self, messages: int) -> float:
        """Seconds from a call of so many messages to the next call."""
        return messages / self.rate if self.rate else 0.0

    def passed(self, now: float, messages: int) -> None:
        if now < self.until:  # under way already when another call was told to wait: of the time before
            self._late(messages)
            self._passed_late(messages)
            return
        self.passed_since_anchor += messages
        self.passed_since_wait += messages
        self.passed_since_change += messages
        if self.stage is Stage.FREE:
            self._remember(now, messages)
            return
        self.window.passed(now, messages)
        if now < self._next_change:
            return
        if self.passed_since_change < BUSY * (self.rate or 0) * (now - self.changed_at):
            self._idled(now)
        elif self.stage is Stage.TRYING:
            self._change(now, self.window.held(self.rate or 0))
        elif self.stage is Stage.SETTLED:
            self._probe(now)
        elif now - self.anchor > QUIET:
            self._settle(now, max(self.floor, self._least(now, messages)))
        else:
            self._fill_faster(now)

    def refused(self, now: float, messages: int, wait: float) -> None:
        """Telegram told a call of so many messages to wait."""
        if now < self.until:  # under way when another was told
            self.until = max(self.until, now + wait)
            self._late(messages)
            return
        self.until = now + wait
        match self.stage:
            case Stage.FREE:
                self._first_wait(now, messages, wait)
            case Stage.TRYING | Stage.SETTLED if self._is_even:
                self._start_filling(messages)
            case Stage.TRYING:
                self._try(self.window.refused(self.until, self.rate or 0))
            case Stage.FILLING:
                self._measure(messages)
            case Stage.SETTLED:
                self._unsettle(messages)
        self._change(self.until, self.rate)
        self.passed_since_wait = 0

    @property
    def _next_change(self) -> float:
        """When the rate has held long enough for a higher one to be tried."""
        match self.stage:
            case Stage.TRYING:
                return self.changed_at + HOLD * self.window.longest
            case Stage.FILLING:
                return self.changed_at + min(max(self.changed_at - self.anchor, ROUNDING), QUIET / 2)
            case _:
                return self.changed_at + self.probe_after * self.window.took / self.safe

    def _change(self, now: float, rate: float | None) -> None:
        self.rate, self.changed_at, self.passed_since_change = rate, now, 0

    def _idled(self, now: float) -> None:
        """Nothing was learned meanwhile; what was being filled has run empty."""
        if self.stage is Stage.FILLING:
            rate = self.rate or 0
            self._settle(now, self.floor if self.floor > CERTAIN * rate else rate)
        self._change(now, self.rate)

    # ---- nothing known yet

    def _remember(self, now: float, messages: int) -> None:
        total = self.passes[-1][1] if self.passes else 0
        self.passes.append((now, total + messages))
        if len(self.passes) > REMEMBERED:
            half = REMEMBERED // 2
            self.passes = self.passes[:half:2] + self.passes[half:]

    def _first_wait(self, now: float, messages: int, wait: float) -> None:
        """Which part of the past the wait is about, nobody tells: the one that allows the most is tried."""
        best, took, seconds = messages / (wait + ROUNDING), messages, wait + ROUNDING
        before = 0
        total = self.passes[-1][1] if self.passes else 0
        for at, until_then in self.passes:
            count, lasted = total - before, now - at + wait
            if count / lasted > best:
                best, took, seconds = count / lasted, count, lasted
            before = until_then
        self.window = Window.first(took, seconds, call=messages, is_single=self.one_each)
        self.passes = []
        self._anchor(messages)
        self._try(self.window.first_try)

    def _late(self, messages: int) -> None:
        if self.until == self.anchor or not self.passed_since_anchor:
            self.anchor_vague += messages

    def _passed_late(self, messages: int) -> None:
        self.passed_since_anchor += messages
        if self.stage is Stage.TRYING and not self.window.tries:
            self.window.took += messages
            self.rate = self.window.first_try

    def _anchor(self, messages: int) -> None:
        """At the end of a wait there is room for the call that was told, and for little more."""
        self.anchor, self.anchor_messages, self.passed_since_anchor = self.until, messages, 0
        self.anchor_vague = 0

    # ---- windows

    def _try(self, rate: float) -> None:
        self.stage, self.rate = Stage.TRYING, rate
        if self.window.is_known:
            self._settle(self.until, self.window.rate)

    # ---- evenly drained buckets

    @property
    def _is_even(self) -> bool:
        return not self.even and self.passed_since_wait < FRESH * self.window.took

    def _start_filling(self, messages: int) -> None:
        if self.stage is Stage.SETTLED:
            self.rate = self.safe
            self._anchor(messages)
        else:
            self._measure(messages)
        self.stage, self.even, self.floor = Stage.FILLING, True, 0.0

    def _measure(self, messages: int) -> None:
        """Full at the anchor and full now: what passed between is what drained, but for the rounding."""
        seconds = self.until - self.anchor
        drained = max(self.passed_since_anchor + messages - self.anchor_messages, 1)
        self.floor = (drained - self.anchor_vague) / (seconds + ROUNDING)
        if seconds >= LEARN:
            self._settle(self.until, self.floor)
        else:  # rather too high: the sooner it is full again, the sooner more is known
            self.rate = max(drained, messages) / max(seconds - ROUNDING, ROUNDING / 2)
            if self.anchor_vague * VAGUE >= drained:
                self._anchor(messages)

    def _fill_faster(self, now: float) -> None:
        """Not full after as long again: the rate was no upper bound, by what the rounding may have hidden."""
        self._change(now, (self.rate or 0) * (1 + 4 * ROUNDING / (now - self.anchor)))

    def _least(self, now: float, messages: int) -> float:
        """Not full yet: then at least so much has drained since the anchor."""
        before = self.passed_since_anchor - self.anchor_vague - max(messages, self.anchor_messages)
        return before / (now - self.anchor + ROUNDING)

    # ---- settled

    def _settle(self, now: float, rate: float) -> None:
        self._change(now, rate)
        self.stage, self.safe, self.probe, self.probing = Stage.SETTLED, rate, PROBE, False

    def _probe(self, now: float) -> None:
        """What was probed has held until now; a little more."""
        self.safe = self.rate or self.safe
        if self.probing:
            self.probe *= 2
        self.probing, self.back_off = True, BACK_OFF
        self._change(now, self.safe * (1 + self.probe))

    def _unsettle(self, messages: int) -> None:
        if self.probing:
            self.probe_after = min(self.probe_after * 2, PROBE_SELDOM)
            self._settle(self.until, self.safe)
            return
        self.safe *= 1 - self.back_off
        self.back_off = min(self.back_off * 2, 0.5)
        again = self.until - self.changed_at < LEARN
        self._settle(self.until, self.safe)
        if self.even:
            self._anchor(messages)
            self.stage = Stage.FILLING if again else Stage.SETTLED
