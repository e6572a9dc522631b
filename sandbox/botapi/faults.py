"""Trouble on order around one call: the world's faults as HTTP shows them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.botapi.errors import ApiError, flooded
from sandbox.world import Fault


class Dropped(Exception):
    """The connection is to break instead of an answer."""


async def through(fault: Fault | None, run: Callable[[], Awaitable[Any]], gone: asyncio.Event) -> Any:
    """The call's result after its fault, if any; `gone` is set when the client has hung up.

    Raises Dropped, or ApiError as the fault says (and whatever `run` raises).
    """
    if fault is None:
        return await run()
    if not fault.commits_first:
        fault.met()
        await _before(fault, gone)
        return await run()
    result = await run()
    fault.met()
    if fault.action == "drop_after":
        raise Dropped
    if fault.action == "error_after":
        raise ApiError(fault.code, fault.message)
    if fault.action != "after_answer":
        await fault.pause()
    return result


async def _before(fault: Fault, gone: asyncio.Event) -> None:
    match fault.action:
        case "pass":
            return
        case "drop_before":
            raise Dropped
        case "flood" | "slow_mode":
            raise flooded(fault.seconds)
        case "error":
            raise ApiError(fault.code, fault.message)
    await fault.pause()
    if fault.discard and gone.is_set():
        raise Dropped
