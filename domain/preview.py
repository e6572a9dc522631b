"""What a copy would do: counted by a dry run that reads everything and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.job import Failure
from domain.kind import Kind
from domain.message import SkipReason

#: Ids that are named of each reason to skip; the rest is only counted.
NAMED = 5


@dataclass(slots=True)
class Tally:
    """How many messages, and the bytes of their files."""

    messages: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Skipped:
    """Messages with the same reason; `ids` are the first few."""

    reason: SkipReason
    detail: str = ""
    count: int = 0
    ids: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Preview:
    """`warnings` say which rights are missing, and what won't be as in the source.

    `calls` change something at Telegram. `seconds` is how long they take at the account's pace; `per_hour` is
    that pace in messages, None where nothing bounds it.
    """

    account: str
    source: str
    target: str
    kinds: dict[Kind, Tally] = field(default_factory=dict)
    forwarded: int = 0
    by_reference: int = 0
    albums: int = 0
    skips: list[Skipped] = field(default_factory=list)
    topics: int = 0
    pins: int = 0
    replies: int = 0
    links: int = 0
    plain_emoji: int = 0  #: messages whose custom emoji this account can't copy
    comments: bool = False
    calls: int = 0
    seconds: float = 0.0
    per_hour: float | None = None
    warnings: list[Failure] = field(default_factory=list)

    @property
    def messages(self) -> int:
        """Those that would be copied."""
        return self.forwarded + self.by_reference

    @property
    def bytes(self) -> int:
        return sum(tally.bytes for tally in self.kinds.values())

    @property
    def skipped(self) -> int:
        return sum(skipped.count for skipped in self.skips)
