"""What people type to name a chat: @name, a t.me link, a numeric id. Parsing only; nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import BadReference
from domain.peer import CHANNEL_MARK


@dataclass(frozen=True, slots=True)
class ByUsername:
    name: str
    thread: int | None = None  #: a topic if the chat is a forum, else merely a message number
    in_topic: bool = False  #: a message stood behind it, so that only a forum can be meant


@dataclass(frozen=True, slots=True)
class ById:
    number: int  #: as typed; a positive one may be a user's or a channel's bare id
    thread: int | None = None
    in_topic: bool = False


@dataclass(frozen=True, slots=True)
class ByInvite:
    hash: str


ChatReference = ByUsername | ById | ByInvite

#: Telegram's message ids are signed 32-bit numbers.
MAX_ID = 2**31 - 1

#: What follows a ? (such as ?single, which Telegram's own links carry) names no other chat.
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t(?:elegram)?\.(?:me|dog))/(?P<path>[^?#\s]+)(?:[?#]\S*)?", re.IGNORECASE
)
#: 4 letters and more: Telegram sells short names; 32 is its limit.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_INVITE = re.compile(r"[A-Za-z0-9_-]{8,64}")


def parse_reference(text: str) -> ChatReference:
    """`text` as one of the three kinds of reference.

    Raises BadReference when it is none of them.
    """
    typed = text.strip()
    if re.fullmatch(r"-?\d{1,16}", typed) and int(typed):
        return ById(int(typed))
    if typed.startswith("@") and _NAME.fullmatch(typed[1:]):
        return ByUsername(typed[1:])
    link = _LINK.fullmatch(typed)
    if link and (found := _from_path(link["path"].strip("/").split("/"))):
        return found
    raise BadReference(reference=text.strip()[:80])


def _from_path(parts: list[str]) -> ChatReference | None:
    match parts:
        case [invite] if invite.startswith("+") and _INVITE.fullmatch(invite[1:]):
            return ByInvite(invite[1:])
        case ["joinchat", invite] if _INVITE.fullmatch(invite):
            return ByInvite(invite)
        case ["c", channel, *rest] if channel.isdecimal() and _are_numbers(rest):
            return ById(CHANNEL_MARK - int(channel), _thread(rest), len(rest) > 1)
        case ["s", name, *rest] | [name, *rest] if _NAME.fullmatch(name) and _are_numbers(rest):
            return ByUsername(name, _thread(rest), len(rest) > 1)
        case _:
            return None


def _are_numbers(rest: list[str]) -> bool:
    return len(rest) <= 2 and all(part.isdecimal() and int(part) <= MAX_ID for part in rest)


def _thread(rest: list[str]) -> int | None:
    return int(rest[0]) if rest else None
