"""Waiting for something with an end to patience."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from cli.demonstration.failure import Obstacle

Found = TypeVar("Found")


async def until(
    find: Callable[[], Awaitable[Found | None]], *, what: str, seconds: float, every: float = 0.1
) -> Found:
    """The first thing that `find` finds. Raises Obstacle, saying that `what` did not happen in time."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if found := await find():
                    return found
                await asyncio.sleep(every)
    except TimeoutError:
        raise Obstacle(f"{what} within {seconds:g} s") from None
