"""How much memory is in use, of how much there is for us."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from engine.memory_cgroup import MEMBERSHIP, MOUNT, groups


class Bound(StrEnum):
    """Whose limit a reading is about."""

    CONTAINER = "container"  #: set by whoever started the container: the kernel kills beyond it
    SETTING = "setting"  #: MEMORY_LIMIT
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes in use and bytes there are."""

    used: int
    limit: int
    bound: Bound

    @property
    def percent(self) -> float:
        """May exceed 100: MEMORY_LIMIT is held by us, not by the kernel."""
        return 100 * self.used / self.limit


class MemoryGauge:
    """`limit`, in bytes, is for this process and its children; `membership` and `mount` are the kernel's.

    The limits that somebody set count, and of those the one that is nearest. The whole machine counts only
    where there is none: on a machine whose other programs fill it, Ferry would wait for ever.
    """

    def __init__(
        self, *, limit: int | None = None, membership: Path = MEMBERSHIP, mount: Path = MOUNT
    ) -> None:
        self._limit, self._membership, self._mount = limit, membership, mount
        self._process = psutil.Process()

    async def read(self) -> Reading:
        """In a thread: finding the children takes a look at every process of the machine."""
        return await asyncio.to_thread(self.read_now)

    def read_now(self) -> Reading:
        machine = psutil.virtual_memory()
        readings = [
            Reading(group.used, group.limit, Bound.CONTAINER)
            for group in groups(self._membership, self._mount)
            if 0 < group.limit < machine.total  # others mean "no limit", as version 1 writes it
        ]
        if self._limit is not None:
            readings.append(Reading(self._tree(), self._limit, Bound.SETTING))
        whole = Reading(machine.total - machine.available, machine.total, Bound.MACHINE)
        return max(readings, key=lambda reading: reading.percent, default=whole)

    def _tree(self) -> int:
        """Resident bytes of this process and all below it; pages that they share count for each."""
        total = int(self._process.memory_info().rss)
        for child in self._process.children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it ended meanwhile
                total += int(child.memory_info().rss)
        return total
