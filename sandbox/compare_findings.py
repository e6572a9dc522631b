"""What a comparison of two chats finds: plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SHOWN = 20  # ids listed per finding


@dataclass(frozen=True, slots=True)
class Finding:
    """How many messages, and the ids of the first twenty."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, ids: Sequence[int]) -> Finding:
        return cls(len(ids), list(ids[:SHOWN]))


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: text, entities, media, grouping, forward header, reply, quote, link, topic, thread, preview,
    look, position, rich; in a strict comparison also effect, via bot, buttons, signature."""

    source_id: int
    target_id: int
    what: list[str]


@dataclass(frozen=True, slots=True)
class TopicDifference:
    """`what`: missing (no target id), foreign (no source id), title, icon, closed, hidden, pinned."""

    source_id: int | None
    target_id: int | None
    what: list[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Source ids in `missing` and `out_of_order`, target ids in `doubled` and `foreign`.

    `copied` counts the expected messages that have a counterpart, altered ones included.
    `out_of_order` counts the fewest messages one would have to move. Where texts are equal, one that
    is lost here and doubled there is one that moved. `declared` counts the messages of which something
    differs only as the caller said it would; they are none of the `different`.
    """

    source_messages: int  # all that exist, service messages included
    service: int
    skipped: int  # left out by the caller's leave
    copied: int
    missing: Finding
    doubled: Finding
    out_of_order: Finding
    different: int
    differences: list[Difference]  # the first twenty
    foreign: Finding
    declared: int = 0
    topics: list[TopicDifference] = field(default_factory=list)
    pins: list[str] = field(
        default_factory=list
    )  # "12 is not pinned" (source id), "7 is pinned" (target id), ...
    profile: list[str] = field(default_factory=list)  # title, about, photo
    comments: Comparison | None = None  # of the discussion groups, where they were asked for

    @property
    def same(self) -> bool:
        findings = (self.missing, self.doubled, self.out_of_order, self.foreign)
        whole = self.different or self.topics or self.pins or self.profile
        return (
            not whole and not any(f.count for f in findings) and (self.comments is None or self.comments.same)
        )

    def as_dict(self) -> dict[str, Any]:
        comments = self.comments and self.comments.as_dict()
        return asdict(self) | {"same": self.same, "comments": comments}
