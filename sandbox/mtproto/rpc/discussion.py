"""Comments: where a channel's post stands in the discussion group, and what was said below it."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto.rpc.reading import placed, seconds, window
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Message, Peer, RpcFailure


def _asked(c: Call, peer: Any, number: int) -> Message:
    """The message that a thread is asked of."""
    p = c.peer(peer)
    c.w.check(c.me, p, posting=False)
    m = c.w.box_for(c.me, p).by_id.get(number)
    if m is None or m.peer != p or p[0] != "channel":
        raise RpcFailure(400, "MSG_ID_INVALID")
    return m


def _roots(c: Call, m: Message) -> list[Message]:
    channel = c.w.channels[m.peer[1]]
    found = [m] if channel.megagroup else c.w.roots_of(m)
    if not found:  # nothing of it appeared in a group
        raise RpcFailure(400, "MSG_ID_INVALID")
    return found


@on(f.messages.GetDiscussionMessageRequest, users_only=True)
def get_discussion_message(c: Call, r: Any) -> Any:
    """An album's messages come newest first, as in every list; its comments hang on the oldest."""
    asked = _asked(c, r.peer, r.msg_id)
    roots = _roots(c, asked)
    said = c.w.comments(roots[0])
    users, chats = cv.around(c.w, c.me, roots, [asked.peer])
    shown = [cv.message(c.w, c.me, m) for m in reversed(roots)]
    return t.messages.DiscussionMessage(shown, 0, chats, users, max_id=said[-1] if said else None)


@on(f.messages.GetRepliesRequest, users_only=True)
def get_replies(c: Call, r: Any) -> Any:
    """A forum's topic, the comments of a channel's post or of its root, or what answers one message."""
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    if p[0] == "channel" and c.w.channels[p[1]].forum:
        return _page(c, r, p, _topic(c, p, r.msg_id))
    asked = _asked(c, r.peer, r.msg_id)
    root = _roots(c, asked)[0]
    if asked.peer != root.peer or root.appeared:
        return _page(c, r, root.peer, c.w.comments(root))
    box = c.w.boxes[p]
    return _page(c, r, p, [i for i in box.order[p] if box.by_id[i].reply_to == asked.id])


def _topic(c: Call, p: Peer, number: int) -> list[int]:
    box, topics = c.w.boxes[p], c.w.channels[p[1]].topics
    if number in topics:
        return c.w.in_topic(p, number)
    if number not in box.by_id:
        raise RpcFailure(400, "MSG_ID_INVALID")
    return [i for i in box.order[p] if box.by_id[i].reply_to == number]


def _page(c: Call, r: Any, p: Peer, ids: list[int]) -> Any:
    box = c.w.boxes[p]
    msgs, total = box.history(p, **window(r), offset_date=seconds(r.offset_date), among=ids)
    return placed(c.messages(p, msgs, total), ids, msgs)
