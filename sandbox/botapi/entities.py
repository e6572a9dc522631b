"""Formatting entities between Telegram's own types, as the world keeps them, and the Bot API's JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from aiogram.types import MessageEntity
from telethon.tl import types as t

#: Types that carry an offset and a length and nothing else.
PLAIN = {
    t.MessageEntityMention: "mention",
    t.MessageEntityHashtag: "hashtag",
    t.MessageEntityCashtag: "cashtag",
    t.MessageEntityBotCommand: "bot_command",
    t.MessageEntityUrl: "url",
    t.MessageEntityEmail: "email",
    t.MessageEntityPhone: "phone_number",
    t.MessageEntityBold: "bold",
    t.MessageEntityItalic: "italic",
    t.MessageEntityUnderline: "underline",
    t.MessageEntityStrike: "strikethrough",
    t.MessageEntitySpoiler: "spoiler",
    t.MessageEntityCode: "code",
}
ARGUED = ("text_link", "pre", "blockquote", "expandable_blockquote")
PLAIN_BACK = {name: cls for cls, name in PLAIN.items()}
COMMAND = re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/@<>])")


def make(kind: str, offset: int, length: int, argument: str = "") -> Any:
    """One TL entity from a Bot API type name; the argument is its url, language, user id or emoji id."""
    match kind:
        case "text_link":
            return t.MessageEntityTextUrl(offset, length, argument)
        case "pre":
            return t.MessageEntityPre(offset, length, argument)
        case "text_mention":
            return t.MessageEntityMentionName(offset, length, int(argument))
        case "custom_emoji":
            return t.MessageEntityCustomEmoji(offset, length, int(argument))
        case "blockquote" | "expandable_blockquote":
            collapsed = True if kind.startswith("expandable") else None
            return t.MessageEntityBlockquote(offset, length, collapsed=collapsed)
    return PLAIN_BACK[kind](offset, length)


def from_json(given: Sequence[MessageEntity]) -> list[Any]:
    """What a request names in `entities`; types we do not know are ignored, as the real server does."""
    made = []
    for e in given:
        if e.type == "text_mention" and e.user is None:
            continue
        argument = e.url or e.language or e.custom_emoji_id or (str(e.user.id) if e.user else "")
        numbered = e.type in ("text_mention", "custom_emoji") and argument.isdigit()
        if e.type in PLAIN_BACK or e.type in ARGUED or numbered:
            made.append(make(e.type, e.offset, e.length, argument))
    return ordered(made)


def ordered(entities: list[Any]) -> list[Any]:
    return sorted(entities, key=lambda e: (e.offset, -e.length))


def to_json(
    text: str, entities: Sequence[Any], user: Callable[[int], dict[str, Any]]
) -> list[dict[str, Any]]:
    """`user` renders the person of a text_mention. Commands are found here, as the server does."""
    made = [one for e in entities if (one := _one(e, user))]
    if "/" in text:
        for found in COMMAND.finditer(text):
            offset, length = utf16(text[: found.start()]), len(found[0])
            if not any(e["offset"] < offset + length and offset < e["offset"] + e["length"] for e in made):
                made.append({"type": "bot_command", "offset": offset, "length": length})
    return sorted(made, key=lambda e: (e["offset"], -e["length"]))


def _one(e: Any, user: Callable[[int], dict[str, Any]]) -> dict[str, Any] | None:
    where = {"offset": e.offset, "length": e.length}
    match e:
        case t.MessageEntityTextUrl():
            return {"type": "text_link", **where, "url": e.url}
        case t.MessageEntityPre():
            return {"type": "pre", **where} | ({"language": e.language} if e.language else {})
        case t.MessageEntityMentionName():
            return {"type": "text_mention", **where, "user": user(e.user_id)}
        case t.InputMessageEntityMentionName():
            return {"type": "text_mention", **where, "user": user(e.user_id.user_id)}
        case t.MessageEntityCustomEmoji():
            return {"type": "custom_emoji", **where, "custom_emoji_id": str(e.document_id)}
        case t.MessageEntityBlockquote():
            return {"type": "expandable_blockquote" if e.collapsed else "blockquote", **where}
    name = PLAIN.get(type(e))
    return {"type": name, **where} if name else None


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of every offset at Telegram."""
    return len(text) + sum(c > "\uffff" for c in text)
