"""A channel and its discussion group: which belongs to which, and where posts stand in the group."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.errors import MessageRefused
from domain.peer import Chat, PeerKind
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.asking import ask


async def linked_group(account: TelegramAccount, chat: Chat) -> Chat | None:
    """The discussion group of a channel, or the channel of a discussion group."""
    full, chats = await _full(account, chat)
    linked = full.linked_chat_id if full is not None else None
    entity = next((c for c in chats if c.id == linked), None) if linked else None
    if entity is None:
        return None
    return Chat(convert.peer_of(entity), convert.title_of(entity), convert.username_of(entity))


async def old_group(account: TelegramAccount, chat: Chat) -> tuple[int, int] | None:
    """(id of the basic group that a supergroup was, id of its last message); None for every other chat."""
    full, _ = await _full(account, chat)
    if full is None or not full.migrated_from_chat_id:
        return None
    return full.migrated_from_chat_id, full.migrated_from_max_id or 0


async def root_of(account: TelegramAccount, channel: Chat, post_id: int) -> int | None:
    """The message of the discussion group on which comments on a channel's post hang; None if there is none.

    A post that is an album appears as several messages; comments hang on the first of them.
    """
    request = fn.messages.GetDiscussionMessageRequest(convert.input_peer(channel.peer), post_id)
    try:
        answer = await ask(account, channel, request)
    except MessageRefused:
        return None
    return min((message.id for message in answer.messages), default=None)


def post_of(message: Any, channel: Chat) -> int | None:
    """The channel's post that appeared as this message of the discussion group; None for all others."""
    forwarded = getattr(message, "fwd_from", None)
    if forwarded is None or forwarded.saved_from_peer != tl.PeerChannel(channel.peer.id):
        return None
    return forwarded.saved_from_msg_id or forwarded.channel_post


async def _full(account: TelegramAccount, chat: Chat) -> tuple[Any, list[Any]]:
    """(ChannelFull, the chats that it names); (None, []) for what is no channel and no supergroup."""
    if chat.peer.kind is not PeerKind.CHANNEL:
        return None, []
    answer = await ask(account, chat, fn.channels.GetFullChannelRequest(convert.input_channel(chat.peer)))
    return answer.full_chat, answer.chats
