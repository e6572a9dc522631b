"""Runs a Python program that is killed when its starter is gone: `python tether.py PROGRAM ARGUMENTS …`.

Standard input is a pipe that only the starter holds open, so its end means the starter's, however that came.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
from pathlib import Path


def _die_with(pipe: int) -> None:
    while os.read(pipe, 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def _take_stdin_away() -> int:
    """The pipe, on a number of its own; the program finds an empty standard input."""
    pipe, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return pipe


if __name__ == "__main__":
    threading.Thread(target=_die_with, args=(_take_stdin_away(),), daemon=True).start()
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
