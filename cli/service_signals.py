"""How commands wake the process that serves their database."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import psutil

WAKE = signal.SIGUSR1


def on_wake(react: Callable[[], None] | None = None) -> None:
    """Called before the lock is taken: whoever finds us there may signal us, and unhandled it would kill."""
    asyncio.get_running_loop().add_signal_handler(WAKE, react or _nothing)


def wake(pid: int | None) -> None:
    """Tells the holder of the lock that there is something new in the database.

    A number that stands in the lock file may be an old one: no process that is not a Ferry gets the signal.
    """
    try:
        if pid is not None and any(part.endswith("main.py") for part in psutil.Process(pid).cmdline()):
            os.kill(pid, WAKE)
    except (psutil.Error, ProcessLookupError, PermissionError):
        pass  # it looks by itself every half minute


def _nothing() -> None: ...
