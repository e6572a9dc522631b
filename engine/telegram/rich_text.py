"""Rich messages are trees of blocks and texts: what can be read in them, and trees with other addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from telethon.tl import TLObject
from telethon.tl import types as tl

from engine.links import NewUrl, SourceLink, SourceLinks


def links_of_rich(rich: Any, links: SourceLinks) -> Iterator[SourceLink]:
    for node in nodes(rich.blocks):
        if (url := _url_of(node)) and (link := links.find(url)):
            yield link


def words_of(tree: Any) -> str:
    """All that is written in it, piece after piece."""
    return " ".join(node.text for node in nodes(tree) if type(node) is tl.TextPlain)


def relinked(blocks: list[Any], links: SourceLinks, new_url: NewUrl) -> list[Any]:
    """The same blocks with links to source messages replaced; the blocks given stay as they are."""

    def change(node: Any) -> Any:
        if type(node) is tl.PageBlockMap:  # the only block that is sent in another form than it is shown
            point = tl.InputGeoPoint(node.geo.lat, node.geo.long)
            return tl.InputPageBlockMap(point, node.zoom, node.w, node.h, node.caption)
        url = _url_of(node)
        link = links.find(url) if url else None
        new = new_url(link) if link else None
        if new is None:
            return node
        if type(node) is tl.TextAutoUrl:
            return tl.TextAutoUrl(tl.TextPlain(new))
        node = copy(node)
        node.url = new
        return node

    return [_rebuilt(block, change) for block in blocks]


def nodes(tree: Any) -> Iterator[Any]:
    """Every TL object in a tree, parents first."""
    if isinstance(tree, TLObject):
        yield tree
        tree = list(vars(tree).values())
    if isinstance(tree, list):
        for part in tree:
            yield from nodes(part)


def _rebuilt(tree: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(tree, list):
        return [_rebuilt(part, change) for part in tree]
    if not isinstance(tree, TLObject):
        return tree
    made = copy(change(tree))
    for name, value in vars(made).items():
        setattr(made, name, _rebuilt(value, change))
    return made


def _url_of(node: Any) -> str | None:
    """The address behind a text, picture or button, or the one that a text shows."""
    if type(node) is tl.TextAutoUrl:
        return words_of(node.text)
    return getattr(node, "url", None)
