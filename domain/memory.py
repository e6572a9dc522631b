"""How short of memory the service is."""

from __future__ import annotations

from enum import IntEnum


class MemoryLevel(IntEnum):
    """Each level also does what the lower ones do."""

    NORMAL = 0
    CLEANUP = 1  #: caches and garbage go
    WARNING = 2  #: less is read ahead; `low` jobs pause
    CRITICAL = 3  #: `normal` jobs pause
    EMERGENCY = 4  #: all but `urgent` jobs pause, memory goes back to the system
