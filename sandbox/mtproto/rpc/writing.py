"""Writing: sending in every form, forwarding, editing, deleting, pressing."""

from __future__ import annotations

import asyncio
from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media
from sandbox.mtproto.rpc.files import taken
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Peer, RpcFailure

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # characters
FORWARD_LIMIT, ALBUM_LIMIT = 100, 10  # messages in one call


def _target(c: Call, peer: Peer, reply_to: Any = None, top: int | None = None) -> dict[str, Any]:
    d: dict[str, Any] = {}
    if isinstance(reply_to, t.InputReplyToMessage):
        d = {"reply_to": reply_to.reply_to_msg_id, "topic": reply_to.top_msg_id}
    if peer[0] == "channel" and c.w.channels[peer[1]].forum:
        topics = c.w.channels[peer[1]].topics
        replied = d.get("reply_to")
        d["topic"] = top or d.get("topic") or (replied if replied in topics else None) or 1
        if d["topic"] != 1 and d["topic"] not in topics:
            raise RpcFailure(400, "TOPIC_DELETED")
        if d["topic"] != 1 and topics[d["topic"]].closed and not c.w.channels[peer[1]].is_admin(c.me):
            raise RpcFailure(400, "TOPIC_CLOSED")
    return d


def _entities(c: Call, given: list[Any] | None) -> list[Any]:
    """As Telegram keeps them: who is mentioned by name stands in them as a plain user id."""
    if not given:
        return []
    return [
        t.MessageEntityMentionName(e.offset, e.length, c.peer(e.user_id)[1])
        if isinstance(e, t.InputMessageEntityMentionName)
        else e
        for e in given
    ]


@on(f.messages.SendMessageRequest)
def send_message(c: Call, r: Any) -> Any:
    if not r.message:
        raise RpcFailure(400, "MESSAGE_EMPTY")
    if len(r.message) > TEXT_LIMIT:
        raise RpcFailure(400, "MESSAGE_TOO_LONG")
    p = c.peer(r.peer)
    spec = {"text": r.message, "entities": _entities(c, r.entities), "random_id": r.random_id}
    sent = c.w.deliver(c.me, p, [spec | _target(c, p, r.reply_to)], c.session)
    if p[0] == "user" and sent.items and sent.items[0][1]:  # new: Telegram answers in short there
        ((pts, count, m),) = sent.items
        entities = m.entities or None
        return t.UpdateShortSentMessage(m.id, pts, count, media.when(m.date), out=True, entities=entities)
    return c.sent(p, sent)


def _spec(c: Call, p: Peer, x: Any) -> dict[str, Any]:
    """What SendMedia and InputSingleMedia say. A repeated id needs no media: what was uploaded is used up."""
    if len(x.message) > CAPTION_LIMIT:
        raise RpcFailure(400, "MEDIA_CAPTION_TOO_LONG")
    spec = {"text": x.message, "entities": _entities(c, x.entities), "random_id": x.random_id}
    if x.random_id not in c.w.random_ids.known(c.me, p):
        spec |= taken(c, x.media)
    return spec


@on(f.messages.SendMediaRequest)
def send_media(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=True)
    spec = _spec(c, p, r) | _target(c, p, r.reply_to)
    return c.sent(p, c.w.deliver(c.me, p, [spec], c.session))


@on(f.messages.SendMultiMediaRequest)
def send_multi_media(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=True)
    if not 0 < len(r.multi_media) <= ALBUM_LIMIT:
        raise RpcFailure(400, "MULTI_MEDIA_TOO_LONG")
    where = _target(c, p, r.reply_to) | {"grouped_id": c.w.new_group_id()}
    return c.sent(p, c.w.deliver(c.me, p, [_spec(c, p, x) | where for x in r.multi_media], c.session))


@on(f.messages.ForwardMessagesRequest)
def forward_messages(c: Call, r: Any) -> Any:
    src, dst = c.peer(r.from_peer), c.peer(r.to_peer)
    if len(r.id) > FORWARD_LIMIT:
        raise RpcFailure(400, "MESSAGE_IDS_LIMIT")
    if len(r.id) != len(r.random_id):
        raise RpcFailure(400, "RANDOM_ID_INVALID")
    topic = _target(c, dst, r.reply_to, r.top_msg_id).get("topic")
    drop, bare = bool(r.drop_author), bool(r.drop_media_captions)
    sent = c.w.deliver_forward(c.me, src, r.id, dst, r.random_id, drop, topic, c.session, bare)
    return c.sent(dst, sent)


@on(f.messages.EditMessageRequest)
def edit_message(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    changes: dict[str, Any] = {}
    if r.message is not None:
        changes = {"text": r.message, "entities": _entities(c, r.entities)}
    if r.media is not None:
        changes |= taken(c, r.media)
    pts, m = c.w.edit(c.me, p, r.id, c.session, **changes)
    return cv.updates(c.w, c.me, c.w.box_for(c.me, p), "edit", [(pts, 1, m)])


@on(f.channels.DeleteMessagesRequest)
def delete_in_channel(c: Call, r: Any) -> Any:
    return t.messages.AffectedMessages(*c.w.delete(c.me, c.peer(r.channel), r.id, c.session))


@on(f.messages.DeleteMessagesRequest)
def delete_messages(c: Call, r: Any) -> Any:
    box = c.w.boxes["user", c.me]
    n = 0
    for i in r.id:
        if i in box.by_id:
            n += c.w.delete(c.me, box.by_id[i].peer, [i], c.session)[1]
    return t.messages.AffectedMessages(box.pts, n)


@on(f.messages.ReadHistoryRequest)
def read_history(c: Call, r: Any) -> Any:
    return t.messages.AffectedMessages(c.w.boxes["user", c.me].pts, 0)


@on(f.channels.ReadHistoryRequest)
def read_channel(c: Call, r: Any) -> Any:
    return True


@on(f.messages.GetBotCallbackAnswerRequest)
def get_bot_callback_answer(c: Call, r: Any) -> Any:
    _, future = c.w.press(c.me, c.peer(r.peer), r.msg_id, r.data or b"")

    async def answer() -> Any:
        try:
            a = await asyncio.wait_for(future, 10)
        except TimeoutError:
            raise RpcFailure(400, "BOT_RESPONSE_TIMEOUT") from None
        return t.messages.BotCallbackAnswer(0, alert=a.get("show_alert") or None, message=a.get("text"))

    return answer()
