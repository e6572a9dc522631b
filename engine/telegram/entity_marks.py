"""Text entities as marks that can be compared: in no order, joined where they touch, without the server's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

#: What the server finds in a text by itself.
FOUND_BY_SERVER = frozenset(
    {
        tl.MessageEntityUnknown,
        tl.MessageEntityMention,
        tl.MessageEntityHashtag,
        tl.MessageEntityBotCommand,
        tl.MessageEntityUrl,
        tl.MessageEntityEmail,
        tl.MessageEntityPhone,
        tl.MessageEntityCashtag,
        tl.MessageEntityBankCard,
    }
)
#: What a copy can't have from every account: names of people unknown to it, emoji for premium accounts alone.
MAY_BE_LOST = frozenset({"MessageEntityMentionName", "MessageEntityCustomEmoji"})
#: Those that never stand as one beside another of their kind: each is a thing of its own.
_SINGLE = frozenset({"MessageEntityCustomEmoji"})


@dataclass(frozen=True, slots=True)
class Mark:
    """From `begin` to `end` in UTF-16 units; `more` is what else the entity says (an address, a language)."""

    kind: str
    begin: int
    end: int
    more: tuple[tuple[str, Any], ...] = ()


def marks_of(text: str, entities: Sequence[Any]) -> frozenset[Mark]:
    if not entities:
        return frozenset()
    spans: defaultdict[tuple[str, tuple[tuple[str, Any], ...]], list[tuple[int, int]]] = defaultdict(list)
    for entity in entities:
        if type(entity) not in FOUND_BY_SERVER:
            spans[_what(entity)].append((entity.offset, entity.offset + entity.length))
    blank = _blank(text) if spans else []
    return frozenset(
        Mark(kind, *trimmed, more)
        for (kind, more), found in spans.items()
        for span in (found if kind in _SINGLE else _joined(found))
        if (trimmed := _trimmed(span, blank)) is not None
    )


def _what(entity: Any) -> tuple[str, tuple[tuple[str, Any], ...]]:
    more = {name: value for name, value in vars(entity).items() if name not in ("offset", "length") and value}
    return type(entity).__name__, tuple(sorted(more.items()))


def _blank(text: str) -> list[bool]:
    """Of each UTF-16 unit, whether it is white space."""
    found: list[bool] = []
    for character in text:
        found += [character.isspace()] * (2 if ord(character) > 0xFFFF else 1)
    return found


def _trimmed(span: tuple[int, int], blank: list[bool]) -> tuple[int, int] | None:
    """Without white space at its ends; None when nothing is left."""
    begin, end = max(span[0], 0), min(span[1], len(blank))
    while begin < end and blank[begin]:
        begin += 1
    while begin < end and blank[end - 1]:
        end -= 1
    return (begin, end) if begin < end else None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
