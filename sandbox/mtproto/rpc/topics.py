"""Forum topics: listing, making, renaming, closing."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.mtproto.service import GREEN
from sandbox.world import Channel, Peer, RpcFailure, Topic


def _forum(c: Call, peer: Any) -> tuple[Peer, Channel]:
    p = c.peer(peer)
    c.w.check(c.me, p, posting=False)
    if p[0] != "channel" or not c.w.channels[p[1]].forum:
        raise RpcFailure(400, "CHANNEL_FORUM_MISSING")
    return p, c.w.channels[p[1]]


def _topic(c: Call, p: Peer, x: Topic) -> Any:
    first = c.w.boxes[p].by_id.get(x.id)
    date = media.when(first.date if first else media.LONG_AGO)
    seen = x.id, 0, 0, 0, 0, 0, 0  # top message, read marks, unread counts
    by = t.PeerUser(first.sender if first and first.sender else c.me)
    quiet = t.PeerNotifySettings()
    closed = x.closed or None
    return t.ForumTopic(x.id, date, people.peer(p), x.title, GREEN, *seen, by, quiet, closed=closed)


@on(f.messages.GetForumTopicsRequest)
def get_forum_topics(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    sought = (r.q or "").lower()
    rows = [x for x in ch.topics.values() if x.id > r.offset_topic and sought in x.title.lower()]
    return _topics(c, p, rows[: r.limit], len(ch.topics))


@on(f.messages.GetForumTopicsByIDRequest)
def get_forum_topics_by_id(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    rows = [ch.topics[i] for i in r.topics if i in ch.topics]
    return _topics(c, p, rows, len(rows))


def _topics(c: Call, p: Peer, rows: list[Topic], total: int) -> Any:
    firsts = [m for x in rows if (m := c.w.boxes[p].by_id.get(x.id))]
    users, chats = cv.around(c.w, c.me, firsts, [p, ("user", c.me)])
    shown = [cv.message(c.w, c.me, m) for m in firsts]
    topics = [_topic(c, p, x) for x in rows]
    return t.messages.ForumTopics(total, topics, shown, chats, users, c.w.boxes[p].pts)


@on(f.messages.CreateForumTopicRequest)
def create_forum_topic(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    c.w.check(c.me, p, posting=True)
    c.w.random_ids.admit(c.me, p, [r.random_id])
    known = c.w.random_ids.known(c.me, p).get(r.random_id)
    if known:
        return c.done(p, c.mark(p), ids=[(r.random_id, known)])
    mark = c.mark(p)
    topic = c.w.add_topic(ch, r.title, sender=c.w.users[c.me], origin=c.session)
    c.w.random_ids.remember(c.me, p, [(r.random_id, topic.id)])
    return c.done(p, mark, ids=[(r.random_id, topic.id)])


@on(f.messages.EditForumTopicRequest)
def edit_forum_topic(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    c.w.check_admin(c.me, p)
    topic = ch.topics.get(r.topic_id)
    if topic is None:
        raise RpcFailure(400, "TOPIC_ID_INVALID")
    if r.title in (None, topic.title) and r.closed in (None, topic.closed):
        raise RpcFailure(400, "TOPIC_NOT_MODIFIED")
    topic.title = r.title or topic.title
    topic.closed = topic.closed if r.closed is None else r.closed
    said: dict[str, Any] = {"text": r.title or "", "detail": r.closed, "topic": topic.id}
    mark = c.mark(p)
    c.w.add_service(ch, "topic_edit", sender=c.w.users[c.me], origin=c.session, **said)
    return c.done(p, mark)
