"""The slim view of a message that planning and settling need. The real one stays with Telethon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class SkipReason(StrEnum):
    """Why a source message was deliberately not copied."""

    SERVICE = "service"  #: "joined", "pinned": not content
    UNSUPPORTED = "unsupported"  #: a kind that Telegram lets nobody copy
    PROTECTED = "protected"  #: this one message is protected
    DELETED = "deleted"  #: gone from the source before it could be copied
    REFUSED = "refused"  #: Telegram refused this very message; `detail` has its reason


@dataclass(frozen=True, slots=True)
class SourceMessage:
    id: int
    fingerprint: str
    grouped_id: int | None = None
    skip: SkipReason | None = None


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
