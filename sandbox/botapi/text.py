"""The text of a request: parsed, trimmed and measured as the real server does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aiogram.types import MessageEntity

from sandbox.botapi import html, markdown
from sandbox.botapi.entities import from_json, utf16
from sandbox.botapi.errors import ApiError

MESSAGE_LIMIT = 4096  # characters after parsing
CAPTION_LIMIT = 1024
PARSERS: dict[str, Callable[[str], tuple[str, list[Any]]]] = {
    "html": html.parse,
    "markdownv2": markdown.parse,
}

Formatted = tuple[str, list[Any]]


def message_text(text: str, mode: object, entities: Sequence[MessageEntity] | None) -> Formatted:
    """Raises ApiError 400 when it is empty, too long or badly marked up."""
    parsed = _parsed(text, mode, entities)
    if not parsed[0]:
        raise ApiError(400, "message text is empty")
    if len(parsed[0]) > MESSAGE_LIMIT:
        raise ApiError(400, "message is too long")
    return parsed


def caption(text: str | None, mode: object, entities: Sequence[MessageEntity] | None) -> Formatted:
    """As message_text, but it may be empty and is shorter."""
    parsed = _parsed(text or "", mode, entities)
    if len(parsed[0]) > CAPTION_LIMIT:
        raise ApiError(400, "message caption is too long")
    return parsed


def plain(text: str, mode: object, entities: Sequence[MessageEntity] | None) -> str:
    """For fields that the world keeps without formatting, such as a poll's question."""
    return _parsed(text, mode, entities)[0]


def _parsed(text: str, mode: object, entities: Sequence[MessageEntity] | None) -> Formatted:
    if entities:  # the documentation lets either be given; the server prefers the list
        return trimmed(text, from_json(entities))
    if not isinstance(mode, str) or not mode:  # aiogram's placeholder for "the bot's default" is no string
        return trimmed(text, [])
    parser = PARSERS.get(mode.lower())
    if parser is None:
        if mode.lower() == "markdown":
            raise ApiError(
                501, "sandbox: parse_mode Markdown (legacy) is not implemented; use HTML or MarkdownV2"
            )
        raise ApiError(400, "unsupported parse_mode")
    return trimmed(*parser(text))


def trimmed(text: str, entities: list[Any]) -> Formatted:
    """Blanks go at the end, and at the start as far as the first entity; entities are cut to what stays."""
    first = min((e.offset for e in entities), default=len(text))
    start = 0
    while start < min(first, len(text)) and text[start] in " \n":  # blanks are one UTF-16 unit each
        start += 1
    text = text[start:].rstrip(" \n")
    total, kept = utf16(text), []
    for e in entities:
        e.offset -= start
        e.length = min(e.length, total - e.offset)
        if e.length > 0:
            kept.append(e)
    return text, kept
