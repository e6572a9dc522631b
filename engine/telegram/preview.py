"""Link previews: a copy shows the one that its source shows, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from telethon.tl import types as tl

from engine.telegram.entities import urls_of
from engine.telegram.wording import Wording

_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


def preview_of(media: Any, text: str, entities: Sequence[Any], wording: Wording) -> tuple[Any, bool]:
    """(InputMediaWebPage or None, no_webpage) for a text that is worded anew already.

    A server makes a preview of the first address by itself; only another one, or one of a chosen size or
    place, has to be named. It is optional: a page that is gone must not stop the copy.
    """
    url = getattr(media.webpage, "url", None)
    if not url or type(media.webpage) is tl.WebPageEmpty:
        return None, True
    url = wording.url(url)
    chosen = media.manual or media.force_large_media or media.force_small_media
    first = next((address for _, address in urls_of(text, entities)), None)
    if not chosen and first is not None and bare(first) == bare(url):
        return None, False
    page = tl.InputMediaWebPage(
        url,
        force_large_media=media.force_large_media,
        force_small_media=media.force_small_media,
        optional=True,
    )
    return page, False


def has_preview(media: Any) -> bool:
    return type(media) is tl.MessageMediaWebPage and type(media.webpage) is not tl.WebPageEmpty


def bare(url: str) -> str:
    """An address without what servers add to it when they look it up."""
    return _SCHEME.sub("", url).rstrip("/").lower()
