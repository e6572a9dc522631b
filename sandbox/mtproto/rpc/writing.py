"""Writing: sending in every form, forwarding, editing, deleting, pressing."""

from __future__ import annotations

import asyncio
from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto.rpc.files import take_media
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Peer, RpcFailure


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
    return d


@on(f.messages.SendMessageRequest)
def send_message(c: Call, r: Any) -> Any:
    if not r.message:
        raise RpcFailure(400, "MESSAGE_EMPTY")
    if len(r.message) > 4096:
        raise RpcFailure(400, "MESSAGE_TOO_LONG")
    p = c.peer(r.peer)
    spec = {"text": r.message, "entities": r.entities or [], "random_id": r.random_id}
    mine = c.w.send(c.me, p, [spec | _target(c, p, r.reply_to)], c.session)
    if p[0] == "user":
        ((pts, m),) = mine
        entities = m.entities or None
        return t.UpdateShortSentMessage(m.id, pts, 1, cv.when(m.date), out=True, entities=entities)
    return c.sent(p, [r.random_id], mine)


@on(f.messages.SendMediaRequest)
def send_media(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=True)
    spec = {
        "text": r.message,
        "entities": r.entities or [],
        "media": take_media(c, r.media),
        "random_id": r.random_id,
    }
    mine = c.w.send(c.me, p, [spec | _target(c, p, r.reply_to)], c.session)
    return c.sent(p, [r.random_id], mine)


@on(f.messages.SendMultiMediaRequest)
def send_multi_media(c: Call, r: Any) -> Any:
    p, group = c.peer(r.peer), c.w.new_group_id()
    c.w.check(c.me, p, posting=True)
    where = _target(c, p, r.reply_to)
    specs = [
        {
            "text": x.message,
            "entities": x.entities or [],
            "media": take_media(c, x.media),
            "random_id": x.random_id,
            "grouped_id": group,
            **where,
        }
        for x in r.multi_media
    ]
    return c.sent(p, [x.random_id for x in r.multi_media], c.w.send(c.me, p, specs, c.session))


@on(f.messages.ForwardMessagesRequest)
def forward_messages(c: Call, r: Any) -> Any:
    src, dst = c.peer(r.from_peer), c.peer(r.to_peer)
    if len(r.id) > 100:
        raise RpcFailure(400, "MESSAGE_IDS_LIMIT")
    if len(r.id) != len(r.random_id):
        raise RpcFailure(400, "RANDOM_ID_INVALID")
    topic = _target(c, dst, r.reply_to, r.top_msg_id).get("topic")
    mine = c.w.forward(c.me, src, r.id, dst, r.random_id, bool(r.drop_author), topic, c.session)
    known = c.w.random_ids
    by_id = {known[c.me, rnd]: rnd for rnd in r.random_id if (c.me, rnd) in known}
    return c.sent(dst, [by_id[m.id] for _, m in mine], mine)


@on(f.messages.EditMessageRequest)
def edit_message(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    pts, m = c.w.edit(c.me, p, r.id, c.session, text=r.message, entities=r.entities or [])
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
