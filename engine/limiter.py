"""Keeps calls back that Telegram would refuse anyway, and an account below the pace its owner allows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from domain.errors import MustWait
from domain.job import WaitReason


class Limiter:
    """`pace` is messages per hour and account, 0 for as fast as Telegram lets it."""

    def __init__(self, *, pace: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace, self._clock = pace, clock
        self._flooded_until: defaultdict[int, float] = defaultdict(float)
        self._paced_until: defaultdict[int, float] = defaultdict(float)

    def check(self, account_id: int) -> None:
        """Raises MustWait when this account may not send now."""
        now = self._clock()
        if (left := self._flooded_until[account_id] - now) > 0:
            raise MustWait(seconds=left)
        if (left := self._paced_until[account_id] - now) > 0:
            raise MustWait(seconds=left, reason=WaitReason.PACE)

    def told_to_wait(self, account_id: int, order: MustWait) -> None:
        """Remembers Telegram's order, so that the account's other jobs do not run into it too."""
        if order.reason is WaitReason.FLOOD:
            until = self._clock() + order.seconds
            self._flooded_until[account_id] = max(until, self._flooded_until[account_id])

    def sent(self, account_id: int, messages: int) -> None:
        if self._pace:
            start = max(self._clock(), self._paced_until[account_id])
            self._paced_until[account_id] = start + messages * 3600 / self._pace
