"""Reading: histories, searches, single messages, topics."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Box, Message, Peer

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


def _seconds(d: Any) -> int:
    return int(d.timestamp()) if d else 0


@on(f.messages.GetHistoryRequest, users_only=True)
def get_history(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    msgs, total = c.w.box_for(c.me, p).history(
        p, r.offset_id, r.add_offset, r.limit, r.max_id, r.min_id, _seconds(r.offset_date)
    )
    return c.messages(p, msgs, total)


@on(f.messages.GetRepliesRequest, users_only=True)
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


@on(f.messages.SearchRequest, users_only=True)
def search(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    want = FILTERS.get(type(r.filter))
    pinned = isinstance(r.filter, t.InputMessagesFilterPinned)
    sender = c.peer(r.from_id) if r.from_id else None

    def keep(m: Message) -> bool:
        return (
            (not want or (m.media is not None and m.media.shape in want))
            and (not pinned or m.pinned)
            and (not sender or m.sender == sender[1])
            and r.q.lower() in m.text.lower()
            and (not r.top_msg_id or m.topic == r.top_msg_id)
        )

    msgs, total = c.w.box_for(c.me, p).history(
        p, r.offset_id, r.add_offset, r.limit, r.max_id, r.min_id, _seconds(r.max_date), keep
    )
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
