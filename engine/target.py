"""Who may send to, or settle in, a target: one job at a time, whatever account it uses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Target:
    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._wanting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """First come, first served."""
        self._wanting += 1
        try:
            async with self._lock:
                yield
        finally:
            self._wanting -= 1

    @property
    def others_want_it(self) -> bool:
        """Asked by who has the turn."""
        return self._wanting > 1
