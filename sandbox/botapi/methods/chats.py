"""Chats and the people in them."""

from __future__ import annotations

from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi.call import Call
from sandbox.botapi.convert import Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.members import ADMINISTRATORS, full_chat, member, roles
from sandbox.botapi.methods.table import Handler
from sandbox.world import Channel, Peer


def get_chat(call: Call, request: m.GetChat) -> Json:
    peer = call.peer(request.chat_id, posting=False)
    shown = full_chat(call.convert, peer)
    pinned = call.world.pinned(call.bot_id, peer)
    if pinned:
        shown["pinned_message"] = call.shown(call.message(peer, pinned[-1], "chat not found"))
    return shown


def get_chat_member(call: Call, request: m.GetChatMember) -> Json:
    peer = call.peer(request.chat_id, posting=False)
    known = roles(call.convert, peer)
    if request.user_id not in call.world.users:
        raise ApiError(400, "invalid user_id specified")
    if request.user_id != call.bot_id and _closed(call, peer):
        raise ApiError(400, "member list is inaccessible")
    return member(call.convert, request.user_id, known.get(request.user_id), asked_by=call.bot_id)


def get_chat_administrators(call: Call, request: m.GetChatAdministrators) -> list[Json]:
    """Without other bots, as documented."""
    peer = call.peer(request.chat_id, posting=False)
    if peer[0] == "user":
        raise ApiError(400, "there are no administrators in the private chat")
    if _closed(call, peer):
        raise ApiError(400, "member list is inaccessible")
    return [
        member(call.convert, user_id, role, asked_by=call.bot_id)
        for user_id, role in roles(call.convert, peer).items()
        if role in ADMINISTRATORS and (user_id == call.bot_id or not call.world.users[user_id].bot)
    ]


def get_chat_member_count(call: Call, request: m.GetChatMemberCount) -> int:
    peer = call.peer(request.chat_id, posting=False)
    if peer[0] == "user":
        return 2
    return sum(role != "banned" for role in roles(call.convert, peer).values())


def leave_chat(call: Call, request: m.LeaveChat) -> bool:
    peer = call.peer(request.chat_id, posting=False)
    if peer[0] == "user":
        raise ApiError(400, "chat is not a group or a channel")
    call.world.leave(call.bot_id, peer)
    return True


def _closed(call: Call, peer: Peer) -> bool:
    """A broadcast channel shows its members to administrators only."""
    channel = call.world.channels.get(peer[1]) if peer[0] == "channel" else None
    return isinstance(channel, Channel) and not channel.megagroup and not call.administers(peer)


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.GetChat: get_chat,
    m.GetChatMember: get_chat_member,
    m.GetChatAdministrators: get_chat_administrators,
    m.GetChatMemberCount: get_chat_member_count,
    m.LeaveChat: leave_chat,
}
