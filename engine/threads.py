"""How long one thread may keep the interpreter from another."""

from __future__ import annotations

import sys

#: Seconds; Python's own is ten times that. A checkpoint in the writer's thread asks for the interpreter after
#: each call of SQLite, and five busy jobs made it wait that long each time: they are a tenth faster so.
TURN = 0.0005


def take_short_turns() -> None:
    """Called once, before any job runs."""
    sys.setswitchinterval(TURN)
