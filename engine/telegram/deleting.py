"""Messages deleted, for everybody who sees them."""

from __future__ import annotations

from collections.abc import Sequence

from telethon.tl import functions as fn

from domain.peer import Chat, PeerKind
from engine.telegram import convert
from engine.telegram.account import TelegramAccount

#: Messages in one call: Telegram's limit.
AT_ONCE = 100


async def delete_messages(account: TelegramAccount, chat: Chat, ids: Sequence[int]) -> None:
    """Those that are gone already do no harm. Raises MessageRefused, MayNotPost and what every call does."""
    if chat.peer.kind is PeerKind.CHANNEL:
        request = fn.channels.DeleteMessagesRequest(convert.input_channel(chat.peer), list(ids))
    else:
        request = fn.messages.DeleteMessagesRequest(list(ids), revoke=True)
    await account.call(request, sending=True)
