"""What Telegram does to the text that a client sends, and which of its entities it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc.files import referenced
from sandbox.mtproto.rpc.registry import Call
from sandbox.world import RpcFailure

ENTITIES_MOST = 100  # in one message
CODE = (t.MessageEntityCode, t.MessageEntityPre)


def composed(c: Call, text: str, entities: list[Any] | None) -> dict[str, Any]:
    """Text and entities as they are kept: no whitespace around the text, no entity that says nothing.

    core.telegram.org/api/entities says that invalid entities are left out; which ones, only in part. Here:
    those of no length, those that cross another's border, whatever stands within code, custom emoji of who
    has no Premium, mentions without an access hash.
    """
    short = text.strip()
    if not entities:
        return {"text": short, "entities": []}
    if len(entities) > ENTITIES_MOST:  # TDLib knows of the number, core.telegram.org of the refusal
        raise RpcFailure(400, "ENTITIES_TOO_LONG")
    _check_bounds(text, entities)
    before = units(text[: len(text) - len(text.lstrip())])
    kept = [e for e in (_allowed(c, e) for e in entities) if e is not None]
    return {"text": short, "entities": _nested(_moved(kept, before, units(short)))}


def units(text: str) -> int:
    """Length in UTF-16 code units, the unit of every offset."""
    return len(text.encode("utf-16-le")) // 2


def _check_bounds(text: str, entities: list[Any]) -> None:
    end = units(text)
    if any(e.offset < 0 or e.length < 0 or e.offset + e.length > end for e in entities):
        raise RpcFailure(400, "ENTITY_BOUNDS_INVALID")


def _allowed(c: Call, e: Any) -> Any:
    """The entity as it is kept, or None."""
    if isinstance(e, t.InputMessageEntityMentionName):
        try:
            return t.MessageEntityMentionName(e.offset, e.length, c.peer(e.user_id)[1])
        except RpcFailure:
            raise RpcFailure(400, "ENTITY_MENTION_USER_INVALID") from None
    if isinstance(e, t.MessageEntityMentionName):  # what a client is shown, not what it may say
        return None
    if isinstance(e, t.MessageEntityCustomEmoji) and not c.w.users[c.me].premium:
        return None
    return e


def _moved(entities: list[Any], by: int, end: int) -> Iterator[Any]:
    """The entities after `by` units were cut off in front and all behind `end`."""
    for e in entities:
        start, stop = max(e.offset - by, 0), min(e.offset - by + e.length, end)
        if stop > start:
            e.offset, e.length = start, stop - start
            yield e


def _nested(entities: Iterator[Any]) -> list[Any]:
    kept: list[Any] = []
    for e in sorted(entities, key=lambda e: (e.offset, -e.length)):
        around = [x for x in kept if x.offset + x.length > e.offset]
        if all(_fits(e, x) for x in around):
            kept.append(e)
    return kept


def _fits(inner: Any, outer: Any) -> bool:
    if isinstance(outer, CODE) or (type(inner) is type(outer) and inner.to_dict() == outer.to_dict()):
        return False
    return bool(inner.offset + inner.length <= outer.offset + outer.length)


def check_length(c: Call, text: str, *, captioned: bool) -> None:
    if len(text) > c.w.lengths.caption and len(text) > c.w.lengths.longest(
        c.w.users[c.me], captioned=captioned
    ):
        raise RpcFailure(400, "MEDIA_CAPTION_TOO_LONG" if captioned else "MESSAGE_TOO_LONG")


def rich(c: Call, given: Any) -> Any:
    """A RichMessage from its input; what it shows must be there."""
    if not isinstance(given, t.InputRichMessage) or not given.blocks:
        raise RpcFailure(400, "RICH_MESSAGE_INVALID")
    photos = [media.photo(referenced(c, x)) for x in given.photos or ()]
    documents = [media.document(referenced(c, x)) for x in given.documents or ()]
    return t.RichMessage(given.blocks, photos, documents, rtl=given.rtl)
