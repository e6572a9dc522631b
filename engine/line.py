"""The queue before one scope: jobs take turns, each call as far behind the one before as the pace asks for.

Pure like the pace: times are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from engine.pace import Pace, Stage

#: Seconds that a job's turn is kept for it when it does not come.
GRACE = 1.0
#: Of a gap: so much too late a call may be without the next ones being later, too.
LATE = 0.02
#: Seconds of rest once a pace is known: what was full to the brim while it was measured must not stay so.
REST = 1.0


@dataclass(slots=True)
class _Waiting:
    messages: int
    due: float


@dataclass(slots=True)
class Line:
    """`bound` is the most messages per second that the account's owner allows, None for no such bound."""

    bound: float | None = None
    is_chat: bool = False
    pace: Pace = field(default_factory=Pace)
    #: the next call may go out then
    ready_at: float = 0.0
    #: jobs in the order of their turns
    waiting: dict[int, _Waiting] = field(default_factory=dict)
    #: differs from what is saved
    dirty: bool = False

    @classmethod
    def from_json(cls, told: dict[str, Any], *, bound: float | None, is_chat: bool) -> Self:
        return cls(bound=bound, is_chat=is_chat, pace=Pace.from_json(told["pace"]), ready_at=told["ready_at"])

    def as_json(self) -> dict[str, Any]:
        return {"pace": self.pace.as_json(), "ready_at": self.ready_at}

    @property
    def is_free(self) -> bool:
        """Nothing keeps calls back and nobody waits."""
        return self.bound is None and self.pace.rate is None and not self.waiting

    def wait(self, job_id: int, now: float) -> float:
        """Seconds until this job's turn, or until it would be its turn if it came now."""
        at = max(now, self.ready_at, self.pace.until)
        for other, place in self.waiting.items():
            if other == job_id:
                break
            if place.due + GRACE >= now:
                at += self._gap(place.messages)
        return at - now

    def join(self, job_id: int, messages: int, now: float) -> float:
        """Gives the job a place at the end if it has none; seconds until its turn."""
        gone = [other for other, place in self.waiting.items() if place.due + GRACE < now]
        for other in gone:
            if other != job_id:
                del self.waiting[other]
        seconds = self.wait(job_id, now)
        if job_id in self.waiting:
            self.waiting[job_id].messages = messages
        else:
            self.waiting[job_id] = _Waiting(messages, now + seconds)
        return seconds

    def told(self, job_id: int, due: float) -> None:
        """The job was told to come then."""
        self.waiting[job_id].due = due

    def go(self, job_id: int, messages: int, now: float) -> None:
        """The job's call goes out now."""
        self.waiting.pop(job_id, None)
        gap = self._gap(messages)
        late = 0.0 if self.bound is not None else gap * (1 if self.pace.even else LATE)
        self.ready_at = max(self.ready_at, now - late) + gap
        self.dirty = True

    def leave(self, job_id: int) -> None:
        self.waiting.pop(job_id, None)

    def passed(self, now: float, messages: int) -> None:
        was = self.pace.stage
        self.pace.passed(now, messages)
        self._rest(was)
        self.dirty = True

    def refused(self, now: float, messages: int, seconds: float) -> None:
        was = self.pace.stage
        self.pace.refused(now, messages, seconds)
        self.dirty = True
        # The call did not go through and keeps back nobody; but the owner's bound is kept whatever happens.
        self.ready_at = self.pace.until if self.bound is None else max(self.ready_at, self.pace.until)
        self._rest(was)
        at = self.ready_at
        for place in self.waiting.values():
            place.due = max(place.due, at)
            at += self._gap(place.messages)

    def _rest(self, was: Stage) -> None:
        if self.pace.even and self.pace.stage is Stage.SETTLED and was is not Stage.SETTLED:
            self.ready_at += REST

    def _gap(self, messages: int) -> float:
        """Seconds from a call of so many messages to the next one."""
        gap = self.pace.gap(messages)
        return gap if self.bound is None else max(gap, messages / self.bound)
