"""Copying and forwarding: what a cloner does with a bot.

One message: an error says what is wrong with it. Several: those that cannot be taken are skipped without a
word, so the answer is shorter than the request and says nothing of which is which.
"""

from __future__ import annotations

import itertools
import secrets
from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi import polls
from sandbox.botapi.call import Call, keyboard
from sandbox.botapi.convert import Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.methods.table import Handler
from sandbox.botapi.text import caption
from sandbox.world import Message, Peer

BATCH_LIMIT = 100
UNCOPIED = ("paid", "giveaway", "giveaway_results", "invoice")


def copy_message(call: Call, request: m.CopyMessage) -> Json:
    source, target = _chats(call, request)
    original = call.message(source, request.message_id, "message to copy not found")
    if _protected(call, source) or not _copyable(call, original):
        raise ApiError(400, "the message can't be copied")
    spec = _spec(original, {}) | call.place(request, target) | {"markup": keyboard(request.reply_markup)}
    if request.caption is not None and original.media is not None:
        text, found = caption(request.caption, request.parse_mode, request.caption_entities)
        spec |= {"text": text, "entities": found}
    ((_, copy),) = call.world.send(call.bot_id, target, [spec])
    return {"message_id": copy.id}


def copy_messages(call: Call, request: m.CopyMessages) -> list[Json]:
    _check_order(request.message_ids)
    source, target = _chats(call, request)
    if _protected(call, source):
        raise ApiError(400, "messages can't be copied")
    groups: dict[int, int] = {}
    specs = []
    for original in _there(call, source, request.message_ids):
        if not _copyable(call, original):
            continue
        if original.grouped_id and original.grouped_id not in groups:
            groups[original.grouped_id] = call.world.new_group_id()
        spec = _spec(original, groups) | call.place(request, target)
        if request.remove_caption and original.media is not None:
            spec |= {"text": "", "entities": []}
        specs.append(spec)
    if not specs:
        raise ApiError(400, "there are no messages to forward")  # the real server's words for copies, too
    return [{"message_id": copy.id} for _, copy in call.world.send(call.bot_id, target, specs)]


def forward_message(call: Call, request: m.ForwardMessage) -> Json:
    source, target = _chats(call, request)
    original = call.message(source, request.message_id, "message to forward not found")
    if _protected(call, source) or original.service or original.noforwards:
        raise ApiError(400, "the message can't be forwarded")
    ((_, copy),) = _forward(call, request, source, [original.id], target)
    return call.shown(copy)


def forward_messages(call: Call, request: m.ForwardMessages) -> list[Json]:
    _check_order(request.message_ids)
    source, target = _chats(call, request)
    if _protected(call, source):
        raise ApiError(400, "messages can't be forwarded")
    ids = [
        original.id
        for original in _there(call, source, request.message_ids)
        if not original.service and not original.noforwards
    ]
    if not ids:
        raise ApiError(400, "there are no messages to forward")
    return [{"message_id": copy.id} for _, copy in _forward(call, request, source, ids, target)]


def _forward(
    call: Call, request: Any, source: Peer, ids: list[int], target: Peer
) -> list[tuple[int, Message]]:
    topic = call.place(request, target)["topic"]
    random_ids = [secrets.randbits(63) for _ in ids]  # the Bot API has no retry that could need them again
    return call.world.forward(call.bot_id, source, ids, target, random_ids, topic=topic)


def _chats(call: Call, request: Any) -> tuple[Peer, Peer]:
    return call.peer(request.from_chat_id, posting=False), call.peer(request.chat_id)


def _there(call: Call, source: Peer, ids: list[int]) -> list[Message]:
    box = call.world.box_for(call.bot_id, source)
    return [found for i in ids if (found := box.by_id.get(i)) is not None and found.peer == source]


def _check_order(ids: list[int]) -> None:
    if not ids:
        raise ApiError(400, "message identifiers are not specified")
    if len(ids) > BATCH_LIMIT:
        raise ApiError(400, "too much messages to forward")
    if ids[0] <= 0:
        raise ApiError(400, "invalid message identifier")
    if any(later <= earlier for earlier, later in itertools.pairwise(ids)):
        raise ApiError(400, "message identifiers must be in a strictly increasing order")


def _protected(call: Call, source: Peer) -> bool:
    return source[0] != "user" and call.world.chat(source).noforwards


def _copyable(call: Call, original: Message) -> bool:
    """Not: service messages, what is paid for or given away, a quiz whose answer the bot does not know."""
    if original.service or original.noforwards:
        return False
    if original.media is None:
        return True
    if original.media.kind == "poll":
        return polls.answer_known(original.media, original.author == call.bot_id)
    return original.media.kind not in UNCOPIED


def _spec(original: Message, groups: dict[int, int]) -> Json:
    """A copy's content; `groups` maps the source's albums to the target's, and alone it is in none."""
    return {
        "text": original.text,
        "entities": list(original.entities),
        "media": original.media,
        "look": original.look,
        "webpage": original.webpage,
        "invert": original.invert,
        "rich": original.rich,
        "grouped_id": groups.get(original.grouped_id) if original.grouped_id else None,
    }


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.CopyMessage: copy_message,
    m.CopyMessages: copy_messages,
    m.ForwardMessage: forward_message,
    m.ForwardMessages: forward_messages,
}
