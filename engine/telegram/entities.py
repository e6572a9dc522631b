"""Text entities: the links in them, texts whose links are replaced, and the form that a send wants.

Offsets and lengths are in UTF-16 units, as Telegram counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

from telethon.tl import types as tl

from engine.structure.links import SourceLink, SourceLinks

#: The new address of a link to a source message; None leaves the link as it is.
NewUrl = Callable[[SourceLink], str | None]
#: A user whom the copying account knows, else None.
KnownUser = Callable[[int], Any | None]

_UNIT = 2  # bytes


def linked_ids(message: Any, links: SourceLinks) -> tuple[int, ...]:
    """The source messages that a message's links lead to, each once, in the order of the text."""
    entities = message.entities
    if not entities:
        return ()
    found = _found(message.message, entities, links)
    return tuple(dict.fromkeys(link.message_id for _, _, link in found))


def rewrite(text: str, entities: Sequence[Any], links: SourceLinks, new_url: NewUrl) -> tuple[str, list[Any]]:
    """Text and entities with every link to a source message replaced.

    Where the link itself is what people read, the text changes and all entities move along with it. The
    entities given stay as they are; those that change are copies.
    """
    changes: list[tuple[int, int, bytes]] = []
    urls: dict[int, str] = {}
    for place, entity, link in _found(text, entities, links):
        url = new_url(link)
        if url is None:
            continue
        if type(entity) is tl.MessageEntityTextUrl:
            urls[place] = url
        else:
            changes.append((entity.offset, entity.offset + entity.length, url.encode("utf-16-le")))
    if not changes and not urls:
        return text, list(entities)
    changes.sort()
    moved = [_moved(entity, changes, urls.get(place)) for place, entity in enumerate(entities)]
    return _replaced(text, changes), moved


def as_input(entities: Sequence[Any], user: KnownUser) -> tuple[list[Any], int]:
    """(entities to send, how many were lost): a mention by name needs a user whom the account knows."""
    sent: list[Any] = []
    for entity in entities:
        if type(entity) is not tl.MessageEntityMentionName:
            sent.append(entity)
        elif (known := user(entity.user_id)) is not None:
            sent.append(tl.InputMessageEntityMentionName(entity.offset, entity.length, known))
    return sent, len(entities) - len(sent)


def urls_of(text: str, entities: Sequence[Any]) -> Iterator[tuple[int, Any, str]]:
    """(place among the entities, entity, address) of each link, shown or behind words."""
    units: bytes | None = None
    for place, entity in enumerate(entities):
        kind = type(entity)
        if kind is tl.MessageEntityTextUrl:
            yield place, entity, entity.url
        elif kind is tl.MessageEntityUrl:
            if units is None:
                units = text.encode("utf-16-le", "surrogatepass")
            part = units[entity.offset * _UNIT : (entity.offset + entity.length) * _UNIT]
            yield place, entity, part.decode("utf-16-le", "replace")


def _found(text: str, entities: Sequence[Any], links: SourceLinks) -> Iterator[tuple[int, Any, SourceLink]]:
    for place, entity, url in urls_of(text, entities):
        if link := links.find(url):
            yield place, entity, link


def _replaced(text: str, changes: Sequence[tuple[int, int, bytes]]) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[bytes] = []
    done = 0
    for begin, end, new in changes:
        parts += (units[done * _UNIT : begin * _UNIT], new)
        done = end
    parts.append(units[done * _UNIT :])
    return b"".join(parts).decode("utf-16-le", "surrogatepass")


def _moved(entity: Any, changes: Sequence[tuple[int, int, bytes]], url: str | None) -> Any:
    """The entity over the same words. What covered a part of a replaced link covers all of the new one."""
    begin, end = entity.offset, entity.offset + entity.length
    new_begin, new_end = begin, end
    for old_begin, old_end, new in changes:
        longer = len(new) // _UNIT - (old_end - old_begin)
        if begin >= old_end:
            new_begin += longer
        elif begin > old_begin:
            new_begin -= begin - old_begin
        if end >= old_end:
            new_end += longer
        elif end > old_begin:
            new_end += old_end - end + longer
    if (begin, end, url) == (new_begin, new_end, None):
        return entity
    moved = copy(entity)
    moved.offset, moved.length = new_begin, new_end - new_begin
    if url is not None:
        moved.url = url
    return moved
