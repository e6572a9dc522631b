"""A chat's pinned messages."""

from __future__ import annotations

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.message import OLD_GROUP
from domain.peer import Chat
from engine.telegram import convert
from engine.telegram.account import PAGE, TelegramAccount
from engine.telegram.asking import ask


async def pinned_in(account: TelegramAccount, chat: Chat) -> list[int]:
    """Ids of all pinned messages of a chat, or of its topic if it names one, oldest first."""
    found: set[int] = set()
    offset = 0
    while True:
        request = fn.messages.SearchRequest(
            peer=convert.input_peer(chat.peer),
            q="",
            filter=tl.InputMessagesFilterPinned(),
            min_date=None,
            max_date=None,
            offset_id=offset,
            add_offset=0,
            limit=PAGE,
            max_id=0,
            min_id=0,
            hash=0,
            top_msg_id=chat.topic_id,
        )
        ids = {m.id for m in (await ask(account, chat, request)).messages if isinstance(m, tl.Message)}
        if ids <= found:
            return sorted(found)
        found |= ids
        offset = min(ids)


async def pinned_before(account: TelegramAccount, chat: Chat) -> list[int]:
    """The same of the basic group that a supergroup once was; a topic has no such past."""
    old = await account.old_group(chat) if chat.topic_id is None else None
    return [number + OLD_GROUP for number in await pinned_in(account, old)] if old is not None else []


async def pin(account: TelegramAccount, chat: Chat, message_id: int) -> None:
    """Without telling everybody; a service message appears nonetheless."""
    request = fn.messages.UpdatePinnedMessageRequest(convert.input_peer(chat.peer), message_id, silent=True)
    await account.call(request, sending=True)
