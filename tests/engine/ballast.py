"""A process that takes real memory and gives it back."""

from __future__ import annotations

import subprocess
import sys
from types import TracebackType
from typing import Self

#: Reads a number of bytes a line; holds that many, each page of them written to, and says so.
PROGRAM = """
import mmap, sys
held = None
for line in sys.stdin:
    if held is not None:
        held.close()
    size = int(line)
    held = mmap.mmap(-1, size) if size else None
    for start in range(0, size, mmap.PAGESIZE):
        held[start] = 1
    print(size, flush=True)
"""


class Ballast:
    """A child of whoever makes it. It ends with its standard input: no test leaves one behind."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def take(self, size: int) -> None:
        """Holds `size` bytes from now on, no more and no less; returns once it does."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{size}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == f"{size}\n", "the ballast has ended"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()
