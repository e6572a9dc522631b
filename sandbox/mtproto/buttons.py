"""Inline keyboards as TL objects."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t


def markup(rows: list[list[dict[str, Any]]]) -> Any:
    """An inline keyboard; buttons are the Bot API's objects."""
    return t.ReplyInlineMarkup([t.KeyboardInlineButtonRow([_button(b) for b in row]) for row in rows])


def _button(b: dict[str, Any]) -> Any:
    return t.KeyboardInlineButton(b["text"], _kind(b))


def _kind(b: dict[str, Any]) -> Any:
    if "url" in b:
        return t.InlineButtonTypeUrl(b["url"])
    if "switch_inline_query" in b:
        return t.InlineButtonTypeSwitchInline(b["switch_inline_query"])
    if "copy_text" in b:
        return t.InlineButtonTypeCopy(b["copy_text"]["text"])
    return t.InlineButtonTypeCallback(data=b.get("callback_data", "").encode())
