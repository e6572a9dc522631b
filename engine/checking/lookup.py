"""Messages asked for by their ids, however many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.peer import Chat
from engine.telegram.account import TelegramAccount

#: Messages in one call: Telegram's limit.
AT_ONCE = 100


async def messages_of(account: TelegramAccount, chat: Chat, ids: Iterable[int]) -> dict[int, Any]:
    """Those that exist, as Telethon's. Raises SourceLost, MustWait, Unreachable, AccountStopped."""
    found: dict[int, Any] = {}
    wanted = sorted({number for number in ids if number})
    for some in ([n for n in wanted if n < 0], [n for n in wanted if n > 0]):  # below zero is another chat
        for start in range(0, len(some), AT_ONCE):
            found |= await account.messages(chat, some[start : start + AT_ONCE])
    return found
