"""How long an account's texts may be: told by Telegram, longer for premium accounts (telegram-facts 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

if TYPE_CHECKING:
    from engine.telegram.account import TelegramAccount

#: What holds while Telegram says nothing else (telegram-facts 7).
CAPTION, TEXT = 1024, 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """In code points (core.telegram.org/constructor/config)."""

    caption: int = CAPTION
    text: int = TEXT


async def limits_of(account: TelegramAccount) -> Limits:
    """Asked once for each connection. Raises MustWait, Unreachable, AccountStopped."""
    if account.limits is None:
        (me,) = await account.call(fn.users.GetUsersRequest([tl.InputUserSelf()]))
        told = _numbers((await account.call(fn.help.GetAppConfigRequest(0))).config)
        which = "premium" if me.premium else "default"
        account.limits = Limits(
            caption=told.get(f"caption_length_limit_{which}", CAPTION),
            text=told.get(f"message_length_limit_{which}", TEXT),
        )
    return account.limits


def _numbers(config: Any) -> dict[str, int]:
    """The plain numbers of Telegram's JSON."""
    return {
        pair.key: int(pair.value.value)
        for pair in getattr(config, "value", ())
        if isinstance(pair.value, tl.JsonNumber)
    }
