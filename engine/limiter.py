"""Keeps calls back that Telegram would refuse anyway, and an account below the pace its owner allows.

Each account and method class, and each account in a slow chat, has a line of its own: what one is told, no
other feels.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypedDict

from domain.errors import MustWait
from domain.job import WaitReason
from engine.line import Line
from engine.pace import Pace
from storage.paces import PaceStore

#: Seconds that a running job waits for its turn; for more it gives its slot away and comes again.
PATIENCE = 5.0
#: What counts against the owner's bound.
SEND = "send"
#: Scopes of chats begin with it.
TO = "to:"
#: Seconds after the last order of a chat's slow mode until a call finds out whether it still holds.
SLOW_FOR = 600.0
#: Messages in a call: the most that Telegram takes, and the least that a learned pace cuts them down to.
MOST, LEAST = 100, 10
#: Calls a second at a learned pace. Small ones fill what Telegram allows, also what is no multiple of 100.
CALLS = 3

Scope = tuple[int, str]


class Call(TypedDict):
    """What the limiter wants to know of a call."""

    account_id: int
    target_id: int | None
    kind: str
    messages: int


class Limiter:
    """`pace` is messages per hour and account, 0 for as fast as Telegram lets it.

    `clock` gives wall clock seconds: what was told holds after a restart, too.
    """

    def __init__(
        self, *, pace: int, store: PaceStore | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._bound = pace / 3600 if pace else None
        self._store, self._clock = store, clock
        self._lines: dict[Scope, Line] = {}

    async def load(self) -> None:
        """Goes on with what earlier processes learned. Raises DatabaseBroken."""
        if self._store is not None:
            for scope, told in (await self._store.load()).items():
                self._lines[scope] = Line.from_json(
                    told, bound=self._bound_of(scope[1]), is_chat=scope[1].startswith(TO)
                )

    async def save(self) -> None:
        """Writes what has changed. Raises DatabaseBroken; then the next one writes it."""
        if self._store is None:
            return
        changed = {scope: line for scope, line in self._lines.items() if line.dirty}
        for line in changed.values():
            line.dirty = False
        try:
            await self._store.save({scope: line.as_json() for scope, line in changed.items()})
        except BaseException:
            for line in changed.values():
                line.dirty = True
            raise

    async def turn(
        self, *, job_id: int, account_id: int, target_id: int | None, kind: str = SEND, messages: int
    ) -> None:
        """Returns when this call may go out. Raises MustWait as `book` does, and DatabaseBroken.

        Where the owner set a bound, the call is written down before it goes out: a kill must not raise it.
        """
        call = Call(account_id=account_id, target_id=target_id, kind=kind, messages=messages)
        while (delay := self.book(job_id=job_id, **call)) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(delay)
        if self._bound_of(kind) is not None:
            await self.save()

    def book(
        self, *, job_id: int, account_id: int, target_id: int | None, kind: str = SEND, messages: int
    ) -> float:
        """0.0: the call goes out now. Otherwise the job has a place in line: come again in so many seconds.

        The place is kept until a second after its time. Raises MustWait when that is more than PATIENCE, the
        place kept as well: FLOOD or SLOW_MODE where an order of Telegram is the cause, else PACE.
        """
        lines = self._lines_of(account_id, target_id, kind)
        if all(line.is_free for line in lines):
            return 0.0
        now = self._clock()
        joined = []
        for line in lines:  # the chat's turn first: nobody stands in the account's line who could not go
            joined.append(line)
            if (seconds := line.join(job_id, messages, now)) > 0:
                for place in joined:
                    place.told(job_id, now + seconds)
                if seconds > PATIENCE:
                    raise MustWait(seconds=seconds, reason=_reason(line, now))
                return seconds
        for line in joined:
            line.go(job_id, messages, now)
        return 0.0

    def ahead(
        self, *, job_id: int, account_id: int, target_id: int | None, kind: str = SEND, messages: int
    ) -> float:
        """Seconds that the job's next such call would have to wait. Books nothing."""
        now = self._clock()
        return max(line.wait(job_id, now) for line in self._lines_of(account_id, target_id, kind))

    def room(self, *, account_id: int, target_id: int | None, kind: str = SEND) -> int:
        """How many messages the next call should hold at most: MOST, or less where a pace was learned.

        At a very slow pace and in a long line every call gives the job's slot away: there they should be few.
        """
        lines = self._lines_of(account_id, target_id, kind)
        rate = min((line.pace.rate for line in lines if line.pace.rate is not None), default=None)
        if rate is None or rate * PATIENCE < LEAST or len(lines[-1].waiting) > CALLS * PATIENCE:
            return MOST
        return max(LEAST, min(MOST, int(rate / CALLS)))

    def rate(self, *, account_id: int, target_id: int | None, kind: str = SEND) -> float | None:
        """Messages per second that the owner's bound and what was learned allow; None: there is no bound."""
        lines = self._lines_of(account_id, target_id, kind)
        rates = [line.pace.rate for line in lines] + [self._bound_of(kind)]
        return min((rate for rate in rates if rate is not None), default=None)

    def leave(self, job_id: int) -> None:
        """The job wants no turn any more: those behind it move up."""
        for line in self._lines.values():
            line.leave(job_id)

    def passed(self, *, account_id: int, target_id: int | None, kind: str = SEND, messages: int) -> None:
        """The call went through."""
        now = self._clock()
        for line in self._lines_of(account_id, target_id, kind):
            line.passed(now, messages)

    def told_to_wait(
        self, *, account_id: int, target_id: int | None, kind: str = SEND, messages: int, order: MustWait
    ) -> None:
        """Telegram's order: slow mode covers the account in this chat, all else its `kind` of calls."""
        scope = kind
        if order.reason is WaitReason.SLOW_MODE:
            assert target_id is not None  # no other chat has a slow mode
            scope = _chat(target_id)
            if len(self._lines_of(account_id, target_id, kind)) == 1:
                self._lines[account_id, scope] = Line(is_chat=True, pace=Pace(one_each=True))
        self._line(account_id, scope).refused(self._clock(), messages, order.seconds)

    def _lines_of(self, account_id: int, target_id: int | None, kind: str) -> list[Line]:
        """The chat's first. It has one only once it was slow, and only for a while: slow mode may end."""
        account = self._line(account_id, kind)
        if target_id is None or kind != SEND:
            return [account]
        chat = self._lines.get((account_id, _chat(target_id)))
        if chat is None or self._clock() - chat.pace.until > SLOW_FOR:
            return [account]
        return [chat, account]

    def _line(self, account_id: int, scope: str) -> Line:
        line = self._lines.get((account_id, scope))
        if line is None:
            line = self._lines[account_id, scope] = Line(bound=self._bound_of(scope))
        return line

    def _bound_of(self, scope: str) -> float | None:
        return self._bound if scope == SEND else None


def _chat(target_id: int) -> str:
    return f"{TO}{target_id}"


def _reason(line: Line, now: float) -> WaitReason:
    if line.is_chat:
        return WaitReason.SLOW_MODE
    return WaitReason.FLOOD if line.pace.until > now else WaitReason.PACE
