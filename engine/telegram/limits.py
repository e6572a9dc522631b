"""How long an account's texts may be: told by Telegram, longer for premium accounts (telegram-facts 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

#: What holds while Telegram says nothing else (telegram-facts 7).
CAPTION, TEXT = 1024, 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """In code points (core.telegram.org/constructor/config)."""

    caption: int = CAPTION
    text: int = TEXT
    premium: bool = False


async def limits_by(call: Callable[[Any], Awaitable[Any]]) -> Limits:
    """The limits of the account that makes these calls."""
    (me,) = await call(fn.users.GetUsersRequest([tl.InputUserSelf()]))
    told = _numbers((await call(fn.help.GetAppConfigRequest(0))).config)
    which = "premium" if me.premium else "default"
    return Limits(
        caption=told.get(f"caption_length_limit_{which}", CAPTION),
        text=told.get(f"message_length_limit_{which}", TEXT),
        premium=bool(me.premium),
    )


def is_too_long(message: Any, limits: Limits) -> bool:
    """Whether this account may not send such a text, or such a caption."""
    is_text = message.media is None or isinstance(message.media, tl.MessageMediaWebPage)
    return len(message.message or "") > (limits.text if is_text else limits.caption)


def loses_emoji(message: Any, limits: Limits) -> bool:
    """Whether custom emoji of it become plain ones in a copy without its author's header.

    No document says so, but Telegram Desktop, Telegram Web A and TDLib expect it of the server.
    """
    if limits.premium or not message.entities:
        return False
    return any(type(entity) is tl.MessageEntityCustomEmoji for entity in message.entities)


def _numbers(config: Any) -> dict[str, int]:
    """The plain numbers of Telegram's JSON."""
    return {
        pair.key: int(pair.value.value)
        for pair in getattr(config, "value", ())
        if isinstance(pair.value, tl.JsonNumber)
    }
