"""Exported text to plain text and entities, counted in UTF-16 code units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telethon.tl import types as t

Part = dict[str, Any]
Make = Callable[[int, int, Part], Any]


def _simple(kind: Callable[[int, int], Any]) -> Make:
    return lambda offset, length, part: kind(offset, length)


def _number(value: Any) -> int:
    """Ids come as numbers or as digits; anything else (a file's path, a note) is none: 0."""
    return int(value) if str(value).lstrip("-").isdigit() else 0


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
    "pre": lambda o, n, part: t.MessageEntityPre(o, n, str(part.get("language") or "")),
    "blockquote": lambda o, n, part: t.MessageEntityBlockquote(o, n, part.get("collapsed") or None),
    "text_link": lambda o, n, part: t.MessageEntityTextUrl(o, n, str(part.get("href") or "")),
    "mention_name": lambda o, n, part: t.MessageEntityMentionName(o, n, _number(part.get("user_id"))),
    "custom_emoji": lambda o, n, part: t.MessageEntityCustomEmoji(o, n, _number(part.get("document_id"))),
}


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can hold and Telegram cannot."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def text_and_entities(message: dict[str, Any]) -> tuple[str, list[Any]]:
    """Of `text_entities`, or in older exports of `text`: a string, or a list of strings and parts."""
    value = message.get("text_entities") or message.get("text") or ""
    parts = value if isinstance(value, list) else [value]
    text: list[str] = []
    entities: list[Any] = []
    offset = 0
    for part in parts:
        piece = _whole(part if isinstance(part, str) else str(part.get("text") or ""))
        length = len(piece.encode("utf-16-le")) // 2
        if isinstance(part, dict) and length and (make := ENTITIES.get(str(part.get("type")))):
            entities.append(make(offset, length, part))
        text.append(piece)
        offset += length
    return "".join(text), entities
