"""Reading: histories, searches, single messages."""

from __future__ import annotations

import bisect
from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Box, Message, Peer, RpcFailure
from sandbox.world.model import GENERAL

FILTERS = {
    t.InputMessagesFilterPhotos: ("photo",),
    t.InputMessagesFilterDocument: ("document",),
    t.InputMessagesFilterVideo: ("video",),
    t.InputMessagesFilterPhotoVideo: ("photo", "video"),
    t.InputMessagesFilterVoice: ("voice",),
    t.InputMessagesFilterMusic: ("audio",),
    t.InputMessagesFilterGif: ("animation",),
    t.InputMessagesFilterRoundVideo: ("video_note",),
    t.InputMessagesFilterRoundVoice: ("voice", "video_note"),
    t.InputMessagesFilterGeo: ("geo", "venue"),
    t.InputMessagesFilterContacts: ("contact",),
}


def seconds(d: Any) -> int:
    """Unix time of an optional date."""
    return int(d.timestamp()) if d else 0


def window(r: Any) -> dict[str, Any]:
    """The page that a request asks for, as Box.history() takes it."""
    names = ("offset_id", "add_offset", "limit", "max_id", "min_id")
    return {name: getattr(r, name) for name in names}


@on(f.messages.GetHistoryRequest, users_only=True)
def get_history(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    if p[0] == "channel" and c.w.channels[p[1]].monoforum:  # messages.getSavedHistory reads it
        raise RpcFailure(400, "CHANNEL_MONOFORUM_UNSUPPORTED")
    box = c.w.box_for(c.me, p)
    msgs, total = box.history(p, **window(r), offset_date=seconds(r.offset_date))
    return placed(c.messages(p, msgs, total), box.order.get(p, []), msgs)


def placed(answer: Any, ids: list[int], msgs: list[Message]) -> Any:
    """Slices say where their first message stands among `ids`, counted from the newest."""
    if msgs and hasattr(answer, "offset_id_offset"):
        answer.offset_id_offset = len(ids) - bisect.bisect_left(ids, msgs[0].id)
    return answer


@on(f.messages.SearchRequest, users_only=True)
def search(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    want = FILTERS.get(type(r.filter))
    among = c.w.pinned(c.me, p) if isinstance(r.filter, t.InputMessagesFilterPinned) else None
    general = GENERAL if p[0] == "channel" and c.w.channels[p[1]].forum else None
    sender = c.peer(r.from_id) if r.from_id else None
    since = seconds(r.min_date)

    def keep(m: Message) -> bool:
        return (
            (not want or (m.media is not None and m.media.shape in want))
            and (not sender or m.sender == sender[1])
            and m.date >= since
            and r.q.lower() in m.text.lower()
            and (not r.top_msg_id or (m.topic or m.top or general) == r.top_msg_id)
        )

    box = c.w.box_for(c.me, p)
    msgs, total = box.history(p, **window(r), offset_date=seconds(r.max_date), keep=keep, among=among)
    return c.messages(p, msgs, total)


@on(f.channels.GetMessagesRequest)
def get_channel_messages(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    box = c.w.boxes[p]
    return c.messages(p, [_wanted(c, box, p, i) for i in r.id])


@on(f.messages.GetMessagesRequest)
def get_messages(c: Call, r: Any) -> Any:
    """Private chats and basic groups share the account's sequence: the number alone tells the chat."""
    box = c.w.boxes["user", c.me]
    return c.messages(box.key, [_wanted(c, box, None, i) for i in r.id])


def _wanted(c: Call, box: Box, peer: Peer | None, asked: Any) -> Message | int:
    """The message, or its number where there is none; a pin's number may be asked for as such."""
    if isinstance(asked, t.InputMessagePinned):
        pinned = c.w.pinned(c.me, peer) if peer else []
        return box.by_id[pinned[-1]] if pinned else 0
    if isinstance(asked, t.InputMessageReplyTo):
        answer = box.by_id.get(asked.id)
        return box.by_id.get(answer.reply_to or 0, 0) if answer else 0
    return box.by_id.get(asked.id, asked.id)
