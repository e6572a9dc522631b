"""Runs a Python program that has a child which takes memory: `python ballasted.py PROGRAM ARGUMENTS …`.

Our standard input is the child's: the bytes that it is to hold, a line each. The program finds an empty one.
The child ends with its input, so that a killed program leaves none behind.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])
    from tests.engine.ballast import PROGRAM

    child = subprocess.Popen([sys.executable, "-S", "-c", PROGRAM], stdout=subprocess.DEVNULL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
