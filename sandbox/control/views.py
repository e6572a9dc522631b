"""What the control endpoint tells about the world: plain data that survives JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.compare import Comparison, Difference, Finding, TopicDifference
from sandbox.world import Message, Peer


@dataclass(frozen=True, slots=True)
class MessageView:
    id: int
    date: int  # Unix seconds
    sender: int | None
    text: str
    kind: str  # text, service, or the media's kind
    media: int | None
    grouped_id: int | None
    reply_to: int | None
    edit_date: int | None
    buttons: list[list[dict[str, Any]]]  # rows of the Bot API's buttons
    topic: int | None = None
    top: int | None = None  # the message that opened the comment thread
    pinned: bool = False

    @classmethod
    def of(cls, m: Message) -> MessageView:
        return cls(
            id=m.id,
            date=m.date,
            sender=m.sender,
            text=m.text,
            kind="service" if m.service else m.media.kind if m.media else "text",
            media=m.media.id if m.media else None,
            grouped_id=m.grouped_id,
            reply_to=m.reply_to,
            edit_date=m.edit_date,
            buttons=m.markup or [],
            topic=m.topic,
            top=m.top,
            pinned=m.pinned,
        )


@dataclass(frozen=True, slots=True)
class TopicView:
    id: int
    title: str
    color: int
    emoji: int | None
    closed: bool
    hidden: bool
    pinned: bool
    messages: int  # service messages included


@dataclass(frozen=True, slots=True)
class Statistics:
    """`messages` counts what exists in all channels; `memory` is the sandbox's, in bytes."""

    users: int
    channels: int
    messages: int
    calls: int
    refused: int  # Bot API requests answered with 429
    flood_waits: int  # MTProto calls answered with FLOOD_WAIT, for a limit was full
    connections: int  # of MTProto, open now
    memory: int


def peer_from(value: Any) -> Peer:
    """Raises ValueError for what is no pair of a kind and an id."""
    kind, number = value
    if kind not in ("user", "channel", "chat") or not isinstance(number, int):
        raise ValueError(f"not a peer: {value!r}")
    return kind, number


def comparison_from(data: Mapping[str, Any]) -> Comparison:
    fields = dict(data)
    fields.pop("same")
    for name in ("missing", "doubled", "out_of_order", "foreign"):
        fields[name] = Finding(**fields[name])
    fields["differences"] = [Difference(**d) for d in fields["differences"]]
    fields["topics"] = [TopicDifference(**d) for d in fields["topics"]]
    if fields["comments"] is not None:
        fields["comments"] = comparison_from(fields["comments"])
    return Comparison(**fields)
