"""One bot's updates and the long poll that fetches them."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.botapi.errors import ApiError
from sandbox.world import User

#: Updates kept for a bot that does not fetch them; the oldest go first. Telegram keeps them for 24 hours.
KEPT = 100_000
CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Inbox:
    """A bot's queue. The latest poll is the right one: whoever polled before is told 409, as at Telegram."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.queue: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.allowed: frozenset[str] | None = None  # None: all
        self.commands: dict[str, list[dict[str, Any]]] = {}  # per scope and language
        self.polls = 0  # long polls waiting
        self._next_id = 1
        self._poll = 0
        self._wake = asyncio.Event()

    def push(self, kind: str, payload: Callable[[], dict[str, Any]]) -> None:
        """`payload` is only rendered if the bot asked for this kind of update."""
        if self.allowed is None or kind in self.allowed:
            self.queue.append({"update_id": self._next_id, kind: payload()})
            self._next_id += 1
            self._wake.set()

    def close(self) -> None:
        """Ends a poll under way with 409."""
        self._poll += 1
        self._wake.set()

    async def fetch(
        self, offset: int | None, limit: int, seconds: float, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        """getUpdates, waiting up to `seconds`; cancelled when its client goes away. Raises ApiError 409."""
        self.close()
        mine = self._poll
        await asyncio.sleep(0)  # whoever waited wakes before this poll may empty or wait on the queue
        if allowed is not None:
            self.allowed = frozenset(allowed) or None
        self._confirm(offset or 0)
        deadline = asyncio.get_running_loop().time() + seconds
        while not self.queue and self._poll == mine:
            self._wake.clear()
            self.polls += 1
            try:
                async with asyncio.timeout_at(deadline):
                    await self._wake.wait()
            except TimeoutError:
                break
            finally:
                self.polls -= 1
        if self._poll != mine:
            raise ApiError(409, CONFLICT)
        return list(itertools.islice(self.queue, min(max(limit, 1), 100)))

    def _confirm(self, offset: int) -> None:
        """Forgets what lies before the offset; a negative one keeps only that many of the newest."""
        first = self._next_id + offset if offset < 0 else offset
        while self.queue and self.queue[0]["update_id"] < first:
            self.queue.popleft()
