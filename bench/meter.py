"""Time, CPU and memory of this process, from `start` to `stop`."""

from __future__ import annotations

import asyncio
import time

import psutil

#: Seconds between two looks at the memory: often enough for a peak, too seldom to cost anything.
LOOK_EVERY = 0.1


class Meter:
    def __init__(self) -> None:
        self._process = psutil.Process()
        self._looking: asyncio.Task[None] | None = None
        self._began = self._cpu_began = 0.0
        self.seconds = self.cpu_seconds = 0.0
        self.peak_rss = 0
        self.marked_rss: list[int] = []

    def start(self) -> None:
        """What was done before (imports, connecting, logging in) does not count."""
        self._looking = asyncio.create_task(self._look())
        self._began, self._cpu_began = time.perf_counter(), time.process_time()

    def mark(self) -> None:
        """Notes the memory of this moment."""
        self.marked_rss.append(self._rss())
        self.peak_rss = max(self.peak_rss, self.marked_rss[-1])

    def stop(self) -> None:
        self.seconds = time.perf_counter() - self._began
        self.cpu_seconds = time.process_time() - self._cpu_began
        self.peak_rss = max(self.peak_rss, self._rss())
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while True:
            self.peak_rss = max(self.peak_rss, self._rss())
            await asyncio.sleep(LOOK_EVERY)

    def _rss(self) -> int:
        return int(self._process.memory_info().rss)
