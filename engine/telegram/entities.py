"""Text entities: the links in them, texts whose links are replaced, and the form that a send wants.

Offsets and lengths are in UTF-16 units, as Telegram counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import Any

from telethon.tl import types as tl

from engine.links import NewUrl, SourceLink, SourceLinks
from engine.telegram.entity_marks import FOUND_BY_SERVER
from engine.telegram.rich_text import links_of_rich

#: The InputUser of somebody whom the copying account knows, else None.
KnownUser = Callable[[int], Any]
#: (begin, end, new words in UTF-16) in ascending order.
Changes = Sequence[tuple[int, int, bytes]]

#: Entities that a sender may give one message: the server's limit, says TDLib (MAX_CUSTOM_ENTITIES_COUNT).
MOST = 100

_LINKING = frozenset({tl.MessageEntityTextUrl, tl.MessageEntityUrl})
_UNIT = 2  # bytes


def linked_ids(message: Any, links: SourceLinks) -> tuple[int, ...]:
    """The source messages that links of a message lead to, wherever in it they stand, each once.

    A link to a comment counts for its post, and for the comment. Cheap for what has no links.
    """
    more = _MORE.get(type(message.media))
    entities = message.entities
    linking = entities and not _LINKING.isdisjoint(map(type, entities))
    if not (linking or more or message.rich_message):
        return ()
    found: list[SourceLink] = []
    if linking:
        found += (link for _, _, link in links_in(message.message, entities, links))
    if more:
        found += more(message.media, links)
    if message.rich_message:
        found += links_of_rich(message.rich_message, links)
    ids = [link.message_id for link in found]
    ids += [link.comment for link in found if link.comment is not None]
    return tuple(dict.fromkeys(ids))


def _of_page(media: Any, links: SourceLinks) -> Iterator[SourceLink]:
    url = getattr(media.webpage, "url", None)
    if url and (link := links.find(url)):
        yield link


def _of_solution(media: Any, links: SourceLinks) -> Iterator[SourceLink]:
    results = media.results
    if results.solution:
        yield from (link for _, _, link in links_in(results.solution, results.solution_entities or (), links))


def _of_tasks(media: Any, links: SourceLinks) -> Iterator[SourceLink]:
    for text in (media.todo.title, *(item.title for item in media.todo.list)):
        yield from (link for _, _, link in links_in(text.text, text.entities, links))


#: Media that have links of their own.
_MORE: dict[type, Callable[[Any, SourceLinks], Iterator[SourceLink]]] = {
    tl.MessageMediaWebPage: _of_page,
    tl.MessageMediaPoll: _of_solution,
    tl.MessageMediaToDo: _of_tasks,
}


def links_in(text: str, entities: Sequence[Any], links: SourceLinks) -> Iterator[tuple[int, str, SourceLink]]:
    """(place among the entities, address, link) of each link to a source message."""
    for place, url in urls_of(text, entities):
        if link := links.find(url):
            yield place, url, link


def urls_of(text: str, entities: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """(place among the entities, address) of each link, shown or behind words."""
    units: bytes | None = None
    for place, entity in enumerate(entities):
        if type(entity) is tl.MessageEntityTextUrl:
            yield place, entity.url
        elif type(entity) is tl.MessageEntityUrl:
            if units is None:
                units = text.encode("utf-16-le", "surrogatepass")
            part = units[entity.offset * _UNIT : (entity.offset + entity.length) * _UNIT]
            yield place, part.decode("utf-16-le", "replace")


def rewrite(text: str, entities: Sequence[Any], links: SourceLinks, new_url: NewUrl) -> tuple[str, list[Any]]:
    """Text and entities with every link to a source message replaced.

    Where the link itself is what people read, the text changes and all entities move along with it; one
    that was written without https:// stays so. The entities given stay as they are: what changes is copied.
    """
    changes: list[tuple[int, int, bytes]] = []
    urls: dict[int, str] = {}
    for place, old, link in links_in(text, entities, links):
        new = new_url(link)
        if new is None:
            continue
        entity = entities[place]
        if type(entity) is tl.MessageEntityTextUrl:
            urls[place] = new
        else:
            shown = new if ":" in old else new.removeprefix("https://")
            changes.append((entity.offset, entity.offset + entity.length, shown.encode("utf-16-le")))
    if not changes and not urls:
        return text, list(entities)
    changes.sort()
    moved = [_moved(entity, changes, urls.get(place)) for place, entity in enumerate(entities)]
    return _replaced(text, changes), moved


def rewrite_quote(
    text: str, entities: Sequence[Any], links: SourceLinks, new_url: NewUrl
) -> tuple[str, list[Any]]:
    """As rewrite() for a quote: its entities don't tell which of its words are links."""
    marks = [
        tl.MessageEntityUrl(length_of(text[:begin]), length_of(text[begin:end]))
        for begin, end, _ in links.within(text)
    ]
    text, moved = rewrite(text, [*entities, *marks], links, new_url)
    return text, moved[: len(entities)]


def length_of(text: str) -> int:
    """In UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // _UNIT


def as_input(entities: Sequence[Any], user: KnownUser) -> tuple[list[Any], int]:
    """(entities to send, how many were lost): a mention by name needs a user whom the account knows.

    Where there are too many for one message, the server is left to find again what it found by itself.
    """
    if len(entities) > MOST:
        entities = [entity for entity in entities if type(entity) not in FOUND_BY_SERVER]
    sent: list[Any] = []
    for entity in entities:
        if type(entity) is not tl.MessageEntityMentionName:
            sent.append(entity)
        elif (known := user(entity.user_id)) is not None:
            sent.append(tl.InputMessageEntityMentionName(entity.offset, entity.length, known))
    return sent, len(entities) - len(sent)


def _replaced(text: str, changes: Changes) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    parts: list[bytes] = []
    done = 0
    for begin, end, new in changes:
        parts += (units[done * _UNIT : begin * _UNIT], new)
        done = end
    parts.append(units[done * _UNIT :])
    return b"".join(parts).decode("utf-16-le", "surrogatepass")


def _moved(entity: Any, changes: Changes, url: str | None) -> Any:
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
