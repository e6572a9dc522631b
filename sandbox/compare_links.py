"""Links to messages: what an address means, and a text as it reads whichever of two chats it links to.

Written from core.telegram.org/api/links, for what a comparison needs; nothing of it is a cloner's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from telethon.tl import types as t

from sandbox.world import Message, Peer, World

#: What stands where a link to a message of the compared chats stood.
MARK = "\0message\0"
HINT = re.compile(r"t\.me|telegram\.|tg:", re.IGNORECASE)
HOSTS = ("t.me", "telegram.me", "telegram.dog")


@dataclass(frozen=True, slots=True)
class Link:
    """A message; `place` is the topic or thread that the address names besides, `single` one of an album."""

    chat: Peer
    message: int
    place: int | None = None
    comment: int | None = None
    single: bool = False


class Addresses:
    """Knows the messages of some chats by their addresses; those of all other chats are None to it."""

    def __init__(self, world: World, chats: Sequence[Peer]) -> None:
        self._chats: dict[str, Peer] = {}
        for kind, number in chats:
            channel = world.channels.get(number) if kind == "channel" else None
            if channel is not None:  # other chats' messages have no address
                self._chats[f"c/{number}"] = (kind, number)
                if channel.username:
                    self._chats[channel.username.lower()] = (kind, number)
        self._known: dict[str, Link | None] = {}

    def __bool__(self) -> bool:
        return bool(self._chats)

    def find(self, url: str) -> Link | None:
        if url not in self._known:
            self._known[url] = self._parse(url) if HINT.search(url) else None
        return self._known[url]

    def _parse(self, url: str) -> Link | None:
        try:
            parts = urlsplit(url if "//" in url or url.startswith("tg:") else f"https://{url}")
            query = {
                name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
            }
            host = parts.hostname or ""
        except ValueError:
            return None
        if parts.scheme.lower() == "tg":
            return self._tg(host or parts.path.strip("/"), query)
        if parts.scheme.lower() not in ("http", "https"):
            return None
        path = [p for p in parts.path.split("/") if p]
        if host not in HOSTS:
            name, _, rest = host.partition(".")
            if rest != "t.me" or not name:
                return None
            path = [name, *path]
        key = f"c/{path[1]}" if path[:1] == ["c"] and len(path) > 1 else path[0].lower() if path else ""
        return self._link(key, path[2:] if key.startswith("c/") else path[1:], query)

    def _tg(self, what: str, query: dict[str, str]) -> Link | None:
        key = f"c/{query.get('channel')}" if what == "privatepost" else query.get("domain", "").lower()
        if what not in ("resolve", "privatepost"):
            return None
        return self._link(key, [query.get("post", "")], query)

    def _link(self, key: str, numbers: list[str], query: dict[str, str]) -> Link | None:
        chat = self._chats.get(key)
        if chat is None or len(numbers) not in (1, 2) or not all(n.isdecimal() for n in numbers):
            return None
        place = int(numbers[0]) if len(numbers) == 2 else _number(query, "thread") or _number(query, "topic")
        return Link(chat, int(numbers[-1]), place, _number(query, "comment"), "single" in query)


def _number(query: dict[str, str], name: str) -> int | None:
    return int(query[name]) if query.get(name, "").isdecimal() else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A message's words as they read in either chat, its entities to match, and where its links lead."""

    text: str
    entities: tuple[bytes, ...]
    links: tuple[Link, ...]


def reading(addresses: Addresses, text: str, entities: Sequence[Any]) -> Reading | None:
    """None where the text holds no link to a message of the chats in question: it reads as it stands."""
    found: list[tuple[int, int, Link]] = []  # offset, length (0 when the text shows other words), link
    behind: set[int] = set()  # numbers of the entities that hide a link behind words
    units = text.encode("utf-16-le", "surrogatepass") if HINT.search(text) else b""
    for n, e in enumerate(entities):
        if isinstance(e, t.MessageEntityTextUrl):
            if link := addresses.find(e.url):
                behind.add(n)
                found.append((e.offset, 0, link))
        elif units and isinstance(e, t.MessageEntityUrl):
            shown = units[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le", "surrogatepass")
            if link := addresses.find(shown):
                found.append((e.offset, e.length, link))
    if not found:
        return None
    found.sort(key=lambda x: x[:2])
    visible = [(offset, length) for offset, length, _ in found if length]
    moved = _mover(visible)
    rest = sorted(_entity(e, moved, MARK if n in behind else None) for n, e in enumerate(entities))
    return Reading(_without(text, visible), tuple(rest), tuple(link for _, _, link in found))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    units, parts, at = text.encode("utf-16-le", "surrogatepass"), [], 0
    for offset, length in spans:
        parts += [units[2 * at : 2 * offset], MARK.encode("utf-16-le")]
        at = offset + length
    return b"".join([*parts, units[2 * at :]]).decode("utf-16-le", "surrogatepass")


def _mover(spans: Sequence[tuple[int, int]]) -> Callable[[int], int]:
    """Where a position of the text stands once each span is as long as the mark."""

    def moved(at: int) -> int:
        shift = 0
        for offset, length in spans:
            if at >= offset + length:
                shift += len(MARK) - length
            elif at > offset:  # inside a link: at its end
                return offset + shift + len(MARK)
        return at + shift

    return moved


def _entity(e: Any, moved: Callable[[int], int], url: str | None) -> bytes:
    fields = {name: value for name, value in vars(e).items() if name not in ("offset", "length")}
    if url is not None:
        fields["url"] = url
    start = moved(e.offset)
    return bytes(type(e)(offset=start, length=moved(e.offset + e.length) - start, **fields))


def preview_link(addresses: Addresses, m: Message) -> Link | None:
    """The message that a preview shows."""
    return addresses.find(m.webpage["url"]) if m.webpage and m.webpage.get("url") else None
