"""Chats that protect their content: nothing of them may be forwarded or copied."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.peer import Chat, PeerKind
from engine.telegram import convert


async def is_protected(call: Callable[[Any], Awaitable[Any]], chat: Chat) -> bool:
    """Whether the whole chat forbids to copy from it; single messages have a flag of their own.

    A private chat does as soon as one of both wishes so (core.telegram.org/api/content-protection).
    """
    match chat.peer.kind:
        case PeerKind.USER:
            person = tl.InputUser(chat.peer.id, chat.peer.access_hash)
            full = (await call(fn.users.GetFullUserRequest(person))).full_user
            return bool(full.noforwards_my_enabled or full.noforwards_peer_enabled)
        case PeerKind.GROUP:
            answer = await call(fn.messages.GetChatsRequest([chat.peer.id]))
        case PeerKind.CHANNEL:
            answer = await call(fn.channels.GetChannelsRequest([convert.input_channel(chat.peer)]))
    return convert.is_protected(answer.chats, chat.peer)
