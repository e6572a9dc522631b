"""Reading: histories, searches, single messages, topics."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Message, Peer

FILTERS = {t.InputMessagesFilterPhotos: "photo", t.InputMessagesFilterDocument: "document"}


def _seconds(d: Any) -> int:
    return int(d.timestamp()) if d else 0


@on(f.messages.GetHistoryRequest)
def get_history(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    msgs, total = c.w.box_for(c.me, p).history(
        p, r.offset_id, r.add_offset, r.limit, r.max_id, r.min_id, _seconds(r.offset_date)
    )
    return c.messages(p, msgs, total)


@on(f.messages.GetRepliesRequest)
def get_replies(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    msgs, total = c.w.box_for(c.me, p).history(
        p,
        r.offset_id,
        r.add_offset,
        r.limit,
        r.max_id,
        r.min_id,
        _seconds(r.offset_date),
        keep=lambda m: r.msg_id in (m.topic, m.reply_to),
    )
    return c.messages(p, msgs, total)


@on(f.messages.SearchRequest)
def search(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    want = FILTERS.get(type(r.filter))

    def keep(m: Message) -> bool:
        return (
            (not want or (m.media is not None and m.media.kind == want))
            and r.q.lower() in m.text.lower()
            and (not r.top_msg_id or m.topic == r.top_msg_id)
        )

    msgs, total = c.w.box_for(c.me, p).history(
        p, r.offset_id, r.add_offset, r.limit, r.max_id, r.min_id, _seconds(r.max_date), keep
    )
    return c.messages(p, msgs, total)


@on(f.channels.GetMessagesRequest, f.messages.GetMessagesRequest)
def get_messages(c: Call, r: Any) -> Any:
    p: Peer = c.peer(r.channel) if hasattr(r, "channel") else ("user", c.me)
    c.w.check(c.me, p, posting=False)
    box = c.w.box_for(c.me, p)
    return c.messages(p, [box.by_id.get(i.id, i.id) for i in r.id])
