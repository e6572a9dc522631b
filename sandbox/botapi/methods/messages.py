"""What happens to messages that are there: deleted, pinned, reacted to, answered at a button."""

from __future__ import annotations

from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi.call import Call
from sandbox.botapi.errors import ApiError
from sandbox.botapi.methods.table import Handler
from sandbox.world import Message, Peer

DELETE_LIMIT = 100


def delete_message(call: Call, request: m.DeleteMessage) -> bool:
    peer = call.peer(request.chat_id)
    original = call.message(peer, request.message_id, "message to delete not found")
    if not _deletable(call, peer, original):
        raise ApiError(400, "message can't be deleted")
    call.world.delete(call.bot_id, peer, [original.id])
    return True


def delete_messages(call: Call, request: m.DeleteMessages) -> bool:
    """Those that are not there are skipped; one that may not be deleted spoils the call."""
    if not 1 <= len(request.message_ids) <= DELETE_LIMIT:
        raise ApiError(400, "wrong number of message identifiers specified: 1-100 are allowed")
    peer = call.peer(request.chat_id)
    box = call.world.box_for(call.bot_id, peer)
    there = [found for i in request.message_ids if (found := box.by_id.get(i)) and found.peer == peer]
    if not all(_deletable(call, peer, found) for found in there):
        raise ApiError(400, "message can't be deleted")
    call.world.delete(call.bot_id, peer, [found.id for found in there])
    return True


def _deletable(call: Call, peer: Peer, original: Message) -> bool:
    if original.service == "create":
        return False
    return peer[0] == "user" or original.author == call.bot_id or call.administers(peer)


def pin_chat_message(call: Call, request: m.PinChatMessage) -> bool:
    peer = _pinnable(call, request)
    call.message(peer, request.message_id, "message to pin not found")
    call.world.pin(call.bot_id, peer, request.message_id)
    return True


def unpin_chat_message(call: Call, request: m.UnpinChatMessage) -> bool:
    """Without an id: the newest of the pinned ones."""
    peer = _pinnable(call, request)
    pinned = call.world.pinned(call.bot_id, peer)
    wanted = request.message_id or (pinned[-1] if pinned else None)
    if wanted not in pinned:
        raise ApiError(400, "message to unpin not found")
    call.world.pin(call.bot_id, peer, wanted, pinned=False)
    return True


def unpin_all_chat_messages(call: Call, request: m.UnpinAllChatMessages) -> bool:
    call.world.unpin_all(call.bot_id, _pinnable(call, request))
    return True


def _pinnable(call: Call, request: Any) -> Peer:
    peer = call.peer(request.chat_id)
    if peer[0] != "user" and not call.administers(peer):
        raise ApiError(400, "not enough rights to manage pinned messages in the chat")
    return peer


def set_message_reaction(call: Call, request: m.SetMessageReaction) -> bool:
    """Accepted and forgotten: the world keeps no reactions."""
    call.message(call.peer(request.chat_id), request.message_id, "message to react not found")
    return True


def answer_callback_query(call: Call, request: m.AnswerCallbackQuery) -> bool:
    number = request.callback_query_id
    answer = {"text": request.text, "show_alert": request.show_alert}
    if not number.isdigit() or not call.world.answer_callback(int(number), **answer):
        raise ApiError(400, "query is too old and response timeout expired or query ID is invalid")
    return True


def send_chat_action(call: Call, request: m.SendChatAction) -> bool:
    call.peer(request.chat_id)
    return True


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.DeleteMessage: delete_message,
    m.DeleteMessages: delete_messages,
    m.PinChatMessage: pin_chat_message,
    m.UnpinChatMessage: unpin_chat_message,
    m.UnpinAllChatMessages: unpin_all_chat_messages,
    m.SetMessageReaction: set_message_reaction,
    m.AnswerCallbackQuery: answer_callback_query,
    m.SendChatAction: send_chat_action,
}
