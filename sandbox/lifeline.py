"""Ways to notice that whoever started this process is gone, so that no sandbox is left behind."""

from __future__ import annotations

import asyncio
from typing import IO, Any

import psutil

LOOK_EVERY = 0.5  # seconds


async def parent_gone(pid: int) -> None:
    """Returns once the process `pid` has ended; a number given to a new process does not deceive it."""
    try:
        parent = psutil.Process(pid)
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY)  # a stranger's end is no event on every system
    except psutil.NoSuchProcess:
        return


async def closed(pipe: IO[Any]) -> None:
    """Returns when the pipe, which the parent holds open, comes to its end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while await reader.read(4096):
            pass
    finally:
        transport.close()
