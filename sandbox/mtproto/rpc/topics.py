"""Forum topics: listing, making, changing, pinning, deleting."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.reading import seconds
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Channel, Message, Peer, RpcFailure, Topic

PAGE = 100  # topics in one answer
Row = tuple[Topic, Message | None]  # with its newest message


def _forum(c: Call, peer: Any) -> tuple[Peer, Channel]:
    p = c.peer(peer)
    c.w.check(c.me, p, posting=False)
    if p[0] != "channel" or not c.w.channels[p[1]].forum:
        raise RpcFailure(400, "CHANNEL_FORUM_MISSING")
    return p, c.w.channels[p[1]]


def _topic(c: Call, p: Peer, row: Row) -> Any:
    x, newest = row
    opener = c.w.boxes[p].by_id.get(x.id)  # General's is the message that the group was made
    top = newest.id if newest else x.id
    return t.ForumTopic(
        x.id,
        media.when(opener.date if opener else media.LONG_AGO),
        people.peer(p),
        x.title,
        x.icon_color,
        top,
        *(top, top, 0, 0, 0, 0),  # read marks; nothing is ever unread
        t.PeerUser(opener.sender) if opener and opener.sender else people.peer(p),
        t.PeerNotifySettings(),
        my=(opener is not None and opener.sender == c.me) or None,
        closed=x.closed or None,
        pinned=x.id in c.w.channels[p[1]].pinned_topics or None,
        hidden=x.hidden or None,
        icon_emoji_id=x.icon_emoji,
    )


@on(f.messages.GetForumTopicsRequest, users_only=True)
def get_forum_topics(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    rows = c.w.topics_shown(ch)
    if r.q:
        rows = [row for row in rows if r.q.lower() in row[0].title.lower()]
    page = [row for row in rows if _behind(row, ch, r, seconds(r.offset_date))][: min(max(r.limit, 0), PAGE)]
    return _shown(c, p, page, len(rows))


def _behind(row: Row, ch: Channel, r: Any, date: int) -> bool:
    """Whether the row stands behind the offset: the newest message of the last topic on the page before.

    The topic's own number alone leads nowhere: it only says where among the pinned ones the page ended.
    """
    topic, newest = row
    if not r.offset_id and not date:
        return True
    if r.offset_topic in ch.pinned_topics:
        rest = ch.pinned_topics[ch.pinned_topics.index(r.offset_topic) + 1 :]
        return topic.id in rest or topic.id not in ch.pinned_topics
    if topic.id in ch.pinned_topics:
        return False
    if r.offset_id:
        return newest is None or newest.id < r.offset_id
    return newest is None or newest.date < date


@on(f.messages.GetForumTopicsByIDRequest)
def get_forum_topics_by_id(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    rows = [(ch.topics[i], c.w.newest_in(ch, i)) if i in ch.topics else i for i in r.topics[:PAGE]]
    return _shown(c, p, rows, len(r.topics))


def _shown(c: Call, p: Peer, rows: list[Any], total: int) -> Any:
    """`rows` are Rows; a bare number is a topic that is not there."""
    newest = [row[1] for row in rows if not isinstance(row, int) and row[1]]
    users, chats = cv.around(c.w, c.me, newest, [p, ("user", c.me)])
    topics = [t.ForumTopicDeleted(x) if isinstance(x, int) else _topic(c, p, x) for x in rows]
    messages = [cv.message(c.w, c.me, m) for m in newest]
    return t.messages.ForumTopics(total, topics, messages, chats, users, c.w.boxes[p].pts)


@on(f.messages.CreateForumTopicRequest)
def create_forum_topic(c: Call, r: Any) -> Any:
    p, _ = _forum(c, r.peer)
    icon = {"color": r.icon_color, "emoji": r.icon_emoji_id}
    sent = c.w.create_topic(c.me, p, r.title, random_id=r.random_id, origin=c.session, **icon)
    return c.sent(p, sent)


@on(f.messages.EditForumTopicRequest)
def edit_forum_topic(c: Call, r: Any) -> Any:
    p, _ = _forum(c, r.peer)
    mark = c.mark(p)
    c.w.edit_topic(
        c.me,
        p,
        r.topic_id,
        title=r.title,
        icon=r.icon_emoji_id,
        closed=r.closed,
        hidden=r.hidden,
        origin=c.session,
    )
    return c.done(p, mark)


@on(f.messages.UpdatePinnedForumTopicRequest, users_only=True)
def update_pinned_forum_topic(c: Call, r: Any) -> Any:
    p, _ = _forum(c, r.peer)
    c.w.pin_topic(c.me, p, r.topic_id, r.pinned)
    update = t.UpdatePinnedForumTopic(people.peer(p), r.topic_id, pinned=r.pinned or None)
    return cv.envelope(c.w, c.me, [update], [], [p])


@on(f.messages.ReorderPinnedForumTopicsRequest, users_only=True)
def reorder_pinned_forum_topics(c: Call, r: Any) -> Any:
    p, ch = _forum(c, r.peer)
    c.w.order_topics(c.me, p, r.order, bool(r.force))
    update = t.UpdatePinnedForumTopics(people.peer(p), list(ch.pinned_topics))
    return cv.envelope(c.w, c.me, [update], [], [p])


@on(f.messages.DeleteTopicHistoryRequest)
def delete_topic_history(c: Call, r: Any) -> Any:
    p, _ = _forum(c, r.peer)
    pts, count = c.w.delete_topic(c.me, p, r.top_msg_id, c.session)
    return t.messages.AffectedHistory(pts, count, 0)
