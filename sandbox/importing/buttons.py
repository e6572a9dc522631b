"""Exported buttons as the Bot API's objects."""

from __future__ import annotations

from typing import Any

from sandbox.importing.values import words

WITH_ADDRESS = ("url", "auth", "web_view", "simple_web_view")


def rows_of(message: dict[str, Any]) -> list[list[dict[str, Any]]] | None:
    """What a button sends to its bot is not kept: there is no bot."""
    rows = message.get("inline_bot_buttons") or []
    return [[_button(button) for button in row] for row in rows if row] or None


def _button(button: dict[str, Any]) -> dict[str, Any]:
    made = {"text": words(button.get("text")) or "?"}
    if button.get("type") in WITH_ADDRESS and button.get("data"):
        return made | {"url": words(button["data"])}
    return made | {"callback_data": ""}
