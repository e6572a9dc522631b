"""By what rare kinds of messages are known again in the target; the common ones are in convert.py."""

from __future__ import annotations

from typing import Any

from telethon import utils
from telethon.tl import types as tl

from domain.message import text_fingerprint
from engine.telegram.rich_text import words_of


def place_fingerprint(point: Any) -> str:
    """Of a GeoPoint. A live place stands still in its copies, so it is known as the point that it was."""
    return f"geo:{point.lat:.6f},{point.long:.6f}"


def rich_fingerprint(rich: Any) -> str:
    """Of a RichMessage or an InputRichMessage."""
    return text_fingerprint("rich", words_of(rich.blocks))


def rare_fingerprint(media: Any, text: str) -> str:
    """Of media that have neither a file nor words outside themselves; `text` is the caption."""
    match media:
        case tl.MessageMediaGeoLive(geo=tl.GeoPoint()):
            return place_fingerprint(media.geo)
        case tl.MessageMediaToDo():
            tasks = [task.title.text for task in media.todo.list]
            return text_fingerprint("todo", "\n".join([media.todo.title.text, *tasks]))
        case tl.MessageMediaStory():
            return f"story:{utils.get_peer_id(media.peer)}:{media.id}"
        case tl.MessageMediaGame():
            return f"game:{media.game.id}"
        case _:
            return text_fingerprint(type(media).__name__, text)
