"""The other processes of a bench: started fresh for each measurement, ended whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from bench.task import Outcome, Task
from sandbox.info import SandboxInfo

#: Seconds that a child has to end when told to.
GRACE = 5.0
#: Bytes of a child's longest line.
LINE = 1 << 20


@asynccontextmanager
async def sandbox(directory: Path, *, channels: int, messages: int) -> AsyncIterator[SandboxInfo]:
    """A Telegram with `channels` full channels, as long as the context lasts."""
    async with _child("sandbox", str(directory), str(channels), str(messages)) as child:
        await _line(child)
        yield SandboxInfo.read(directory)


async def done(task: Task) -> Outcome:
    """What came of `task`, done in a process of its own. Raises RuntimeError when that failed."""
    async with _child() as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(asdict(task)).encode() + b"\n")
        await child.stdin.drain()
        return Outcome(**json.loads(await _line(child)))


@asynccontextmanager
async def _child(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.child",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE,
        start_new_session=True,  # Ctrl-C is for the bench, which then ends its children
    )
    try:
        yield child
    finally:
        await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        try:
            async with asyncio.timeout(GRACE):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def _line(child: asyncio.subprocess.Process) -> bytes:
    assert child.stdout is not None
    line = await child.stdout.readline()
    if not line:
        raise RuntimeError("a process of the bench ended early; its own words stand above")
    return line
