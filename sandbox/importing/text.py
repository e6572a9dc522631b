"""Exported text to plain text and entities, counted in UTF-16 code units."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from telethon.tl import types as t

from sandbox.importing.values import identity, words

Part = dict[str, Any]
Make = Callable[[int, int, Part], Any]


def _simple(kind: Callable[[int, int], Any]) -> Make:
    return lambda offset, length, part: kind(offset, length)


def _link(offset: int, length: int, part: Part) -> Any:
    return t.MessageEntityTextUrl(offset, length, words(part["href"])) if part.get("href") else None


def _person(offset: int, length: int, part: Part) -> Any:
    number = identity(part.get("user_id"))
    return t.MessageEntityMentionName(offset, length, number) if number else None


def _emoji(offset: int, length: int, part: Part) -> Any:
    """Instead of its number the export has the file's path, or why there is none: a number made of that."""
    known = part.get("document_id")
    seed = f"{known} {part.get('text')}".encode(errors="replace")
    made = int.from_bytes(hashlib.blake2b(seed, digest_size=7).digest())
    return t.MessageEntityCustomEmoji(offset, length, identity(known) or made)


#: Telegram Desktop's names of entities; "plain" and "unknown" are none.
ENTITIES: dict[str, Make] = {
    "mention": _simple(t.MessageEntityMention),
    "hashtag": _simple(t.MessageEntityHashtag),
    "cashtag": _simple(t.MessageEntityCashtag),
    "bot_command": _simple(t.MessageEntityBotCommand),
    "link": _simple(t.MessageEntityUrl),
    "email": _simple(t.MessageEntityEmail),
    "phone": _simple(t.MessageEntityPhone),
    "bank_card": _simple(t.MessageEntityBankCard),
    "bold": _simple(t.MessageEntityBold),
    "italic": _simple(t.MessageEntityItalic),
    "underline": _simple(t.MessageEntityUnderline),
    "strikethrough": _simple(t.MessageEntityStrike),
    "spoiler": _simple(t.MessageEntitySpoiler),
    "code": _simple(t.MessageEntityCode),
    "pre": lambda o, n, part: t.MessageEntityPre(o, n, words(part.get("language"))),
    "blockquote": lambda o, n, part: t.MessageEntityBlockquote(o, n, part.get("collapsed") or None),
    "text_link": _link,
    "mention_name": _person,
    "custom_emoji": _emoji,
}


def text_and_entities(message: dict[str, Any]) -> tuple[str, list[Any]]:
    """Of `text_entities`, or in older exports of `text`: a string, or a list of strings and parts."""
    value = message.get("text_entities") or message.get("text") or ""
    parts = value if isinstance(value, list) else [value]
    text: list[str] = []
    entities: list[Any] = []
    offset = 0
    for part in parts:
        piece = words(part if isinstance(part, str) else part.get("text"))
        length = len(piece.encode("utf-16-le")) // 2
        if isinstance(part, dict) and length and (make := ENTITIES.get(str(part.get("type")))):
            entities.append(make(offset, length, part))
        text.append(piece)
        offset += length
    return "".join(text), [e for e in entities if e is not None]


def plain(value: Any) -> str:
    """Newer exports give text as a list of parts also where it was a string."""
    if isinstance(value, list):
        value = "".join(x if isinstance(x, str) else str(x.get("text") or "") for x in value)
    return words(value)


def words_of(rich: Any) -> str:
    """What a rich message says, a line for each text in it: its headings and tables are not rebuilt."""
    if isinstance(rich, list):
        return "\n".join(filter(None, map(words_of, rich)))
    if not isinstance(rich, dict):
        return ""
    if isinstance(rich.get("text"), str):
        return words(rich["text"])
    return "\n".join(filter(None, (words_of(x) for x in rich.values() if isinstance(x, dict | list))))
