"""What a link in formatted text becomes: a text link, a mention of a user, or nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.botapi.entities import make

USER = re.compile(r"tg:(?://)?user\?id=(\d+)")


def link_entity(url: str, offset: int, length: int) -> list[Any]:
    """An unusable address makes no entity and no error, as at Telegram."""
    user = USER.fullmatch(url)
    if user:
        return [make("text_mention", offset, length, user[1])]
    checked = checked_link(url)
    return [make("text_link", offset, length, checked)] if checked else []


def checked_link(url: str) -> str | None:
    """The address as the server keeps it: with a scheme, and a slash behind a bare host."""
    full = url if re.match(r"[a-zA-Z]+:", url) else f"http://{url}"
    try:
        parts = urlsplit(full)
    except ValueError:
        return None
    if parts.scheme.lower() in ("tg", "ton", "tonsite"):
        return full
    if parts.scheme.lower() not in ("http", "https") or "." not in parts.netloc or re.search(r"\s", url):
        return None
    return full if parts.path or parts.query or parts.fragment else f"{full}/"
