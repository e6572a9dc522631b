"""Link previews: which page a text shows below it, or above."""

from __future__ import annotations

import re
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.rpc.composing import units
from sandbox.mtproto.rpc.registry import Call
from sandbox.world import RpcFailure

LINK = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")
AFTER = ".,:;!?)]\"'"  # belongs to the sentence and not to the address
POST = re.compile(r"https?://t\.me/(\w+)/(\d+)")


def previewed(c: Call, text: str, entities: list[Any]) -> dict[str, Any] | None:
    """The preview Telegram makes by itself: of the first address of which it has one."""
    if "." not in text and not entities:
        return None
    return next((page for url in _links(text, entities) if (page := _page(c, url))), None)


def asked_preview(c: Call, im: Any, text: str, entities: list[Any]) -> dict[str, Any] | None:
    """What an InputMediaWebPage asks for; None where there is none and that may be.

    `manual` marks an address that does not stand in the text; whether also one that does, nobody says.
    """
    page = _page(c, _whole(im.url))
    if page is None:
        if im.optional:
            return None
        raise RpcFailure(400, "WEBPAGE_CURL_FAILED")
    wishes = {"large": im.force_large_media, "small": im.force_small_media}
    wishes["manual"] = page["url"] not in _links(text, entities)
    return page | {k: True for k, v in wishes.items() if v}


def _links(text: str, entities: list[Any]) -> list[str]:
    """Every address in a text, visible or behind words, in the order in which they come."""
    found = [(units(text[: x.start()]), x[0].rstrip(AFTER)) for x in LINK.finditer(text)]
    found += [(e.offset, e.url) for e in entities if isinstance(e, t.MessageEntityTextUrl)]
    return [_whole(url) for _, url in sorted(found)]


def _whole(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _page(c: Call, url: str) -> dict[str, Any] | None:
    """What Message.webpage says of it: a page that the world knows, or a public chat's message."""
    if url in c.w.previews:
        return {"url": url, **c.w.previews[url]}
    if not (found := POST.match(url)):
        return None
    peer = c.w.by_username(found[1])
    if peer is None or peer[0] != "channel" or int(found[2]) not in c.w.boxes[peer].by_id:
        return None
    return {"url": url, "title": c.w.chat(peer).title}
