"""Rich messages once more, by reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telethon.tl import TLObject
from telethon.tl import types as tl

from engine.telegram.entities import KnownUser
from engine.telegram.input_media import CannotCopy, input_document, input_photo


def input_rich(rich: Any, user: KnownUser) -> Any:
    """The InputRichMessage for a RichMessage. Raises CannotCopy when only a part of it is here.

    Whoever is mentioned by name must be known; links inside stay as they are.
    """
    if rich.part:
        raise CannotCopy("a part of a rich message")
    mentioned = dict.fromkeys(text.user_id for text in _inside(rich.blocks, tl.TextMentionName))
    users = [user(number) for number in mentioned]
    if None in users:
        raise CannotCopy("a rich message that mentions somebody unknown")
    return tl.InputRichMessage(
        rich.blocks,
        rtl=rich.rtl,
        noautolink=True,  # what is a link says so itself
        photos=[input_photo(photo) for photo in rich.photos] or None,
        documents=[input_document(document) for document in rich.documents] or None,
        users=users or None,
    )


def _inside(value: Any, kind: type) -> Iterator[Any]:
    """Every object of a kind in a tree of TL objects."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, TLObject):
        value = list(vars(value).values())
    if isinstance(value, list):
        for part in value:
            yield from _inside(part, kind)
