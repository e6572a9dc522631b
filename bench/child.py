"""What runs in the processes of a bench: the sandbox, or a contender that does one task.

Standard input stays open as long as the bench lives; when it closes, the child ends too.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from bench.meter import Meter
from bench.task import Outcome, Task

Contender = Callable[[Task, Meter], Awaitable[int]]


def main(arguments: list[str]) -> None:
    """`sandbox DIRECTORY CHANNELS MESSAGES` serves; without arguments a task is read from standard input."""
    if arguments:
        _, directory, channels, messages = arguments
        asyncio.run(_sandbox(Path(directory), int(channels), int(messages)))
        return
    task = Task(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_the_bench, daemon=True).start()
    print(json.dumps(asdict(asyncio.run(_measured(task)))), flush=True)


async def _sandbox(directory: Path, channels: int, messages: int) -> None:
    """Plain posts, of which none answers or links to another. Prints a line when it serves."""
    from sandbox.process import Scenario, serve

    await serve(
        directory,
        scenario=Scenario(jobs=channels, messages=messages, replies=0, links=0),
        ready=lambda _: print("ready", flush=True),
        lifeline=True,
    )


async def _measured(task: Task) -> Outcome:
    meter = Meter()
    copied = await _contender(task.contender)(task, meter)
    return Outcome(
        copied=copied,
        seconds=meter.seconds,
        cpu_seconds=meter.cpu_seconds,
        peak_rss=meter.peak_rss,
        marked_rss=meter.marked_rss,
    )


def _contender(name: str) -> Contender:
    """Imported late: the memory of a loop must not hold the engine's code."""
    if name == "engine":
        from bench.whole_engine import engine

        return engine
    from bench import loops

    return {
        "bare": loops.bare,
        "single": loops.single,
        "single_replies": loops.single_replies,
        "read": loops.read,
    }[name]


def _end_with_the_bench() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
