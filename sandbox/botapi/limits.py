"""How much a bot may send before Telegram answers 429.

Source: the Bots FAQ ("My bot is hitting limits"): in one chat no more than one message per second, where "we
may allow short bursts that go over this limit"; in a group no more than 20 messages per minute; in bulk no
more than about 30 messages per second. How long a short burst is stands nowhere: BURST is ours, and small on
purpose. What an album or a batch costs stands nowhere either: here every message of it counts, a call is let
in whole while the budget before it is not used up, and what it took too much has to be waited out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.world import Peer

BURST = 3  # messages at once in a quiet chat
CHAT_INTERVAL = 1.0  # seconds a message costs in one chat
GROUP_LIMIT, GROUP_SECONDS = 20, 60.0  # groups, supergroups and channels
BOT_LIMIT, BOT_SECONDS = 30, 1.0  # everything one bot sends


class Window:
    """At most `limit` messages in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self.spent: deque[tuple[float, int]] = deque()  # when, how many; never more than `limit` entries

    def wait(self, now: float) -> float:
        while self.spent and self.spent[0][0] + self.seconds <= now:
            self.spent.popleft()
        total, free = sum(n for _, n in self.spent), now
        for then, n in self.spent:
            if total < self.limit:
                break
            total, free = total - n, then + self.seconds
        return free - now

    def spend(self, now: float, cost: int) -> None:
        self.spent.append((now, cost))


class Meter:
    """One bot's budgets. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.paid: dict[Peer, float] = {}  # until when a chat's messages are paid for, at CHAT_INTERVAL each
        self.groups: dict[Peer, Window] = {}
        self.bulk = Window(BOT_LIMIT, BOT_SECONDS)

    def take(self, peer: Peer, cost: int) -> float:
        """0: the messages may go and are counted. Otherwise the seconds to wait, and nothing is counted."""
        now = self.clock()
        paid = max(self.paid.get(peer, now), now)
        windows = [self.bulk]
        if peer[0] != "user":
            windows.append(self.groups.setdefault(peer, Window(GROUP_LIMIT, GROUP_SECONDS)))
        wait = max(paid - now - (BURST - 1) * CHAT_INTERVAL, *(w.wait(now) for w in windows))
        if wait > 0:
            return wait
        self.paid[peer] = paid + cost * CHAT_INTERVAL
        for window in windows:
            window.spend(now, cost)
        return 0.0


def cost(method: str, request: Any) -> int:
    """Messages a call sends or edits; 0 for a call that is free."""
    if not method.startswith(("send", "copy", "forward", "editMessage")) or method == "sendChatAction":
        return 0
    if getattr(request, "chat_id", None) is None:
        return 0
    if method == "sendMediaGroup":
        return len(request.media)
    return len(request.message_ids) if method in ("copyMessages", "forwardMessages") else 1
