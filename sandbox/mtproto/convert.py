"""World objects to Telethon TL objects, from one viewer's point of view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from sandbox.world import Box, Channel, Media, Message, Peer, User, World

LONG_AGO = 1_700_000_000  # the date of everything that has none of its own


def when(ts: int) -> datetime:
    return datetime.fromtimestamp(ts, UTC)


class Raw:
    """TL bytes made earlier; vectors only ever call _bytes()."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _bytes(self) -> bytes:
        return self.data


def peer(p: Peer) -> Any:
    return t.PeerChannel(p[1]) if p[0] == "channel" else t.PeerUser(p[1])


def user(w: World, viewer: int, u: User) -> Any:
    return t.User(
        u.id,
        is_self=u.id == viewer or None,
        bot=u.bot or None,
        first_name=u.first_name,
        username=u.username,
        phone=u.phone if u.id == viewer else None,
        access_hash=w.access_hash(viewer, "user", u.id),
        bot_info_version=1 if u.bot else None,
    )


def channel(w: World, viewer: int, c: Channel) -> Any:
    role = c.members.get(viewer)
    hash_ = w.access_hash(viewer, "channel", c.id)
    if role == "banned" or (role is None and not c.username):
        return t.ChannelForbidden(c.id, hash_, c.title, broadcast=not c.megagroup, megagroup=c.megagroup)
    rights = t.ChatAdminRights(
        post_messages=True,
        edit_messages=True,
        delete_messages=True,
        invite_users=True,
        pin_messages=True,
        manage_topics=True,
        other=True,
    )
    return t.Channel(
        c.id,
        c.title,
        t.ChatPhotoEmpty(),
        when(LONG_AGO),
        creator=role == "creator" or None,
        left=role is None or None,
        broadcast=not c.megagroup or None,
        megagroup=c.megagroup or None,
        noforwards=c.noforwards or None,
        forum=c.forum or None,
        slowmode_enabled=bool(c.slowmode) or None,
        access_hash=hash_,
        username=c.username,
        admin_rights=rights if role in ("admin", "creator") else None,
        participants_count=len(c.members),
        default_banned_rights=t.ChatBannedRights(None) if c.megagroup else None,
    )


def reference(m: Media) -> bytes:
    return b"ref%d" % m.reference


def media(m: Media | None) -> Any:
    if m is None:
        return None
    if m.kind == "photo":
        size = t.PhotoSize("x", m.w, m.h, len(m.data))
        return t.MessageMediaPhoto(
            photo=t.Photo(m.id, m.id ^ 0x5A5A, reference(m), when(LONG_AGO), [size], 2)
        )
    if m.kind == "poll":
        p = m.poll or {}
        answers = [
            t.PollAnswer(t.TextWithEntities(a, []), bytes([48 + i])) for i, a in enumerate(p["answers"])
        ]
        question = t.TextWithEntities(p["question"], [])
        return t.MessageMediaPoll(
            t.Poll(m.id, question, answers, hash=0, quiz=p.get("quiz") or None),
            t.PollResults(total_voters=len(p.get("votes", {}))),
        )
    attributes = [t.DocumentAttributeFilename(m.name)] if m.name else []
    return t.MessageMediaDocument(
        document=t.Document(
            m.id, m.id ^ 0x5A5A, reference(m), when(LONG_AGO), m.mime, len(m.data), 2, attributes
        )
    )


def markup(rows: list[list[dict[str, Any]]] | None) -> Any:
    if not rows:
        return None

    def kind(b: dict[str, Any]) -> Any:
        if "url" in b:
            return t.InlineButtonTypeUrl(b["url"])
        return t.InlineButtonTypeCallback(data=b["callback_data"].encode())

    return t.ReplyInlineMarkup(
        [t.KeyboardInlineButtonRow([t.KeyboardInlineButton(b["text"], kind(b)) for b in row]) for row in rows]
    )


def _reply(m: Message) -> Any:
    topic = m.topic if m.topic and m.topic != 1 else None
    if not topic and not m.reply_to:
        return None
    return t.MessageReplyHeader(
        forum_topic=bool(topic) or None,
        reply_to_msg_id=m.reply_to or topic,
        reply_to_top_id=topic if m.reply_to and m.reply_to != topic else None,
    )


def _service(m: Message, post: bool) -> Any:
    action: Any = t.MessageActionTopicCreate(m.text, 0x6FB9F0)
    if m.service == "create":
        action = t.MessageActionChannelCreate(m.text)
    return t.MessageService(m.id, peer(m.peer), when(m.date), post=post or None, action=action)


def _plain(m: Message, out: bool, post: bool) -> Any:
    fwd = m.fwd and t.MessageFwdHeader(
        when(m.fwd["date"]), from_id=peer(m.fwd["from"]), channel_post=m.fwd.get("post")
    )
    named = m.sender and not (m.peer[0] == "user" and not out)
    return t.Message(
        m.id,
        peer(m.peer),
        when(m.date),
        m.text,
        out=out or None,
        post=post or None,
        from_id=t.PeerUser(m.sender) if named else None,
        fwd_from=fwd,
        reply_to=_reply(m),
        media=media(m.media),
        reply_markup=markup(m.markup),
        entities=m.entities or None,
        views=1 if post else None,
        forwards=0 if post else None,
        edit_date=when(m.edit_date) if m.edit_date else None,
        grouped_id=m.grouped_id,
    )


def message(w: World, viewer: int, m: Message) -> Raw:
    """The message as TL bytes; made once for its sender and once for everybody else."""
    out = m.out if m.peer[0] == "user" else m.sender == viewer
    raw: Raw | None = m.wire_out if out else m.wire
    if raw is None:
        post = m.peer[0] == "channel" and not w.channels[m.peer[1]].megagroup
        obj = _service(m, post) if m.service else _plain(m, out, post)
        raw = Raw(obj._bytes())
        if out:
            m.wire_out = raw
        else:
            m.wire = raw
    return raw


def around(
    w: World, viewer: int, msgs: Iterable[Message], extra: Sequence[Peer] = ()
) -> tuple[list[Any], list[Any]]:
    """The users and chats that a reply naming these messages must carry."""
    peers = set(extra)
    for m in msgs:
        peers.add(m.peer)
        if m.sender:
            peers.add(("user", m.sender))
        if m.fwd:
            peers.add(m.fwd["from"])
    users = [user(w, viewer, w.users[i]) for k, i in sorted(peers) if k == "user"]
    return users, [channel(w, viewer, w.channels[i]) for k, i in sorted(peers) if k == "channel"]


def update(w: World, viewer: int, box: Box, kind: str, pts: int, count: int, payload: Any) -> Any:
    chan = box.key[0] == "channel"
    if kind == "new":
        make = t.UpdateNewChannelMessage if chan else t.UpdateNewMessage
        return make(message(w, viewer, payload), pts, count)
    if kind == "edit":
        make = t.UpdateEditChannelMessage if chan else t.UpdateEditMessage
        return make(message(w, viewer, payload), pts, count)
    if chan:
        return t.UpdateDeleteChannelMessages(box.key[1], payload, pts, count)
    return t.UpdateDeleteMessages(payload, pts, count)


def updates(
    w: World,
    viewer: int,
    box: Box,
    kind: str,
    items: Sequence[tuple[int, int, Any]],
    ids: Iterable[tuple[int, int]] = (),
) -> Any:
    """items: (pts, pts_count, payload); ids: (random_id, message id) pairs, for the caller only."""
    msgs = [p for _, _, p in items if isinstance(p, Message)]
    users, chats = around(w, viewer, msgs, [box.key])
    ups = [t.UpdateMessageID(i, rnd) for rnd, i in ids]
    ups += [update(w, viewer, box, kind, *item) for item in items]
    return t.Updates(ups, users, chats, when(int(w.clock())), 0)  # seq 0: no seq bookkeeping asked for
