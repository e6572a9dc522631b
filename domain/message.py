"""The slim view of a message that planning and settling need. The real one stays with Telethon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from domain.kind import Kind


class SkipReason(StrEnum):
    """Why a source message was deliberately not copied."""

    SERVICE = "service"  #: "joined", "pinned": not content
    UNSUPPORTED = "unsupported"  #: a kind that Telegram lets nobody copy
    PROTECTED = "protected"  #: this one message is protected
    DELETED = "deleted"  #: gone from the source before it could be copied
    REFUSED = "refused"  #: Telegram refused this very message; `detail` has its reason
    NO_POST = "no_post"  #: a comment on a post that has no copy
    FORBIDDEN = "forbidden"  #: the target does not let the account send this kind; `detail` says which


#: Another try may copy them: rights change, polls get answered, and a newer Ferry knows more kinds.
WORTH_A_TRY = frozenset(
    {
        SkipReason.REFUSED,
        SkipReason.UNSUPPORTED,
        SkipReason.PROTECTED,
        SkipReason.FORBIDDEN,
        SkipReason.NO_POST,
    }
)

#: What the ids of a basic group's messages are moved by, to stand before those of the supergroup it became.
#: Both begin with 1; Telegram Desktop tells them apart in the same way.
OLD_GROUP = -(2**40)
#: What message ids of the chat beside the source are moved by: of a channel's discussion group, where the
#: channel is the source, and of the channel, where the group is.
BESIDE = -(2**41)


def is_beside(message_id: int) -> bool:
    return message_id < OLD_GROUP


@dataclass(slots=True, unsafe_hash=True)
class SourceMessage:
    """What planning needs to know of a message; `body` is the real one, for who sends it again.

    Nobody changes it; but one is made for each message, and making a frozen one takes four times as long.
    """

    id: int
    fingerprint: str
    grouped_id: int | None = None
    skip: SkipReason | None = None
    kind: Kind = Kind.TEXT
    answers: int | None = None  #: the message of the same chat that it replies to
    topic: int | None = None  #: the forum thread it stands in; None outside forums and in General
    links: tuple[int, ...] = ()  #: the messages of the same chat that its text links to
    rebuild: bool = False  #: can't be forwarded, but sent again by reference
    opens_topic: bool = False  #: the service message of a topic that was made
    skip_detail: str = ""
    body: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TargetMessage:
    """A message that stands in the target; `ours` when the copying account seems to have sent it (a hint)."""

    id: int
    fingerprint: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    source_id: int
    reason: SkipReason
    detail: str = ""


def text_fingerprint(kind: str, text: str) -> str:
    """What identifies content without a media id: its kind and its text, white space folded.

    Telegram trims and folds what it stores, so a byte-exact comparison would miss our own copies.
    """
    digest = hashlib.blake2b(" ".join(text.split()).encode(), digest_size=12).hexdigest()
    return f"{kind}:{digest}"
