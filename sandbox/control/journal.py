"""A world that also counts its calls, so that a day of them takes no more memory than an hour."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from sandbox.world import Fault, Peer, RpcFailure, World


class CountedWorld(World):
    """`call_counts`: calls by method since the start or the last clear; the Bot API's begin with "bot.".

    `flood_waits`: calls that met a full limit.
    """

    def __init__(self, clock: Callable[[], float] = time.time, secret: bytes = b"sandbox") -> None:
        super().__init__(clock, secret)
        self.call_counts: Counter[str] = Counter()
        self.flood_waits = 0

    def fault_for(self, method: str, user: int | None, target: Peer | None = None) -> Fault | None:
        self.call_counts[method] += 1
        return super().fault_for(method, user, target)

    def charge(self, method: str, account: int | None, target: Peer | None = None, messages: int = 1) -> None:
        try:
            super().charge(method, account, target, messages)
        except RpcFailure:
            self.flood_waits += 1
            raise
