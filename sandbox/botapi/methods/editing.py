"""Changing what was sent."""

from __future__ import annotations

from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi import polls
from sandbox.botapi.call import Call, keyboard
from sandbox.botapi.convert import Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.methods.table import Handler
from sandbox.botapi.text import caption, message_text
from sandbox.world import Message, Peer


def edit_message_text(call: Call, request: m.EditMessageText) -> Json:
    if request.text is None:
        raise ApiError(501, "sandbox: rich messages are not implemented")
    peer, original = _editable(call, request)
    text, found = message_text(request.text, request.parse_mode, request.entities)
    if original.media is not None:
        raise ApiError(400, "there is no text in the message to edit")
    return _edit(call, request, peer, text=text, entities=found)


def edit_message_caption(call: Call, request: m.EditMessageCaption) -> Json:
    peer, original = _editable(call, request)
    text, found = caption(request.caption, request.parse_mode, request.caption_entities)
    if original.media is None or original.media.kind == "poll":
        raise ApiError(400, "there is no caption in the message to edit")
    return _edit(call, request, peer, text=text, entities=found)


def edit_message_reply_markup(call: Call, request: m.EditMessageReplyMarkup) -> Json:
    peer, _ = _editable(call, request)
    return _edit(call, request, peer)


def stop_poll(call: Call, request: m.StopPoll) -> Json:
    peer, original = _editable(call, request)
    if original.author != call.bot_id:
        raise ApiError(400, "poll can't be stopped")
    if original.media is None or original.media.kind != "poll":
        raise ApiError(400, "message with poll to stop not found")
    if original.media.poll and original.media.poll.get("closed"):
        raise ApiError(400, "poll has already been closed")
    original.media.poll = (original.media.poll or {}) | {"closed": True}
    call.world.change(call.world.box_for(call.bot_id, peer), original)
    return polls.to_json(original.media)


def _editable(call: Call, request: Any) -> tuple[Peer, Message]:
    """The message to change; whose it is the world checks."""
    if request.chat_id is None:
        raise ApiError(400, "message identifier is not specified")
    peer = call.peer(request.chat_id)
    original = call.message(peer, request.message_id, "message to edit not found")
    if original.service or original.fwd:
        raise ApiError(400, "message can't be edited")
    return peer, original


def _edit(call: Call, request: Any, peer: Peer, **changes: Any) -> Json:
    """A keyboard that the request does not name goes away, as at Telegram."""
    changes["markup"] = keyboard(request.reply_markup)
    _, changed = call.world.edit(call.bot_id, peer, request.message_id, **changes)
    return call.shown(changed)


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.EditMessageText: edit_message_text,
    m.EditMessageCaption: edit_message_caption,
    m.EditMessageReplyMarkup: edit_message_reply_markup,
    m.StopPoll: stop_poll,
}
