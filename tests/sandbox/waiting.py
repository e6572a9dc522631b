"""Waiting for a condition with a deadline, never for a length of time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], seconds: float = 8, *, every: float = 0.005) -> None:
    """Returns as soon as the condition holds; TimeoutError after `seconds`. Looks `every` so many seconds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for is a client's state, which sets no event
            await asyncio.sleep(every)
