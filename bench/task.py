"""What a contender is told to do and what came of it: one line of JSON each way between two processes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`contender` is a name that bench.child knows; `settings` are Ferry's, for the sandbox.

    `session` is the user `owner_id`'s. `copies` are (source, target) channel ids. `most` is how many messages
    of each source are read, 0 for all (the engine always takes all). After each number of messages in `marks`
    the engine's memory is noted. Jobs that have to wait end the measurement unless they `may_wait`.
    """

    contender: str
    settings: dict[str, str]
    session: str
    owner_id: int
    copies: list[tuple[int, int]]
    most: int = 0
    marks: tuple[int, ...] = ()
    may_wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Wall and CPU seconds of the copying alone; bytes of memory of the whole process."""

    copied: int
    seconds: float
    cpu_seconds: float
    peak_rss: int
    marked_rss: list[int]
