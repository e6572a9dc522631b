"""A step: one call that changes something at Telegram, as it is journalled before the call is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from domain.message import Skip, SourceMessage


class StepKind(StrEnum):
    FORWARD = "forward"  #: server-side, without the author's header, at most 100 messages
    COPY = "copy"  #: one message or album sent again by reference, since it must differ from its source
    EDIT = "edit"  #: a copy's links (or content) brought up to date
    TOPIC = "topic"  #: a forum topic made
    TOPIC_STATE = "topic_state"  #: a topic closed, hidden, renamed
    TOPIC_ORDER = "topic_order"  #: topics pinned
    PIN = "pin"  #: a message pinned
    TITLE = "title"
    ABOUT = "about"
    PHOTO = "photo"
    CHAT = "chat"  #: the target made
    DELETE = "delete"  #: doubles deleted

    @property
    def sends(self) -> bool:
        """Whether it puts messages into the target, each with a random_id."""
        return self in (StepKind.FORWARD, StepKind.COPY)


@dataclass(slots=True, unsafe_hash=True)
class StepItem:
    """Nobody changes it; it is not frozen since one is made for each message."""

    source_id: int
    random_id: int
    fingerprint: str
    grouped_id: int | None = None
    reply_to: int | None = None  #: the message of the target that the copy replies to
    owes_links: bool = False  #: some of its links can only be mended once what they lead to has a copy
    owes_comments: bool = False  #: some lead to comments, which have a copy only after all posts
    source: SourceMessage | None = field(default=None, compare=False, repr=False)  #: not journalled


@dataclass(frozen=True, slots=True)
class Step:
    """`through_id` is the cursor once the step is done; `skips` are passed over on the way there.

    A `late` step sends again what an answer left out: the only exception to order. `later` are items of that
    kind that follow it; the cursor has passed them, so nothing but the journal knows of them.

    A step that sends goes to one `topic` of the target; `source_topic` is the one that it comes from. Other
    steps say with `subject` (a message, a topic) and `detail` what they change.
    """

    number: int
    kind: StepKind
    items: tuple[StepItem, ...]
    through_id: int
    skips: tuple[Skip, ...] = ()
    late: bool = False
    later: tuple[StepItem, ...] = ()
    topic: int | None = None
    source_topic: int | None = None
    subject: int = 0
    detail: str = ""
    passed: int = 0  #: messages that the order leaves out, passed over on the way


def random_id(*, key: bytes, target: int, source: int, message_id: int, part: int = 0) -> int:
    """The signed non-zero 64-bit number by which Telegram knows a sent message again.

    `key` is the job's own random one; `target` and `source` are marked ids. Telegram never forgets an id
    (core.telegram.org/api/updates), so the same message of another job must get another one. It refuses 0.
    """
    for salt in range(2):
        told = b"%s|%d|%d|%d|%d|%d" % (key, target, source, message_id, part, salt)
        number = int.from_bytes(hashlib.sha256(told).digest()[:8], "little", signed=True)
        if number:
            return number
    raise AssertionError("two SHA-256 sums in a row began with 64 zero bits")
