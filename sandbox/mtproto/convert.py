"""What happened in the world as TL, from one viewer's point of view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto import wire
from sandbox.mtproto.buttons import markup
from sandbox.mtproto.media import PERSONAL, media, preview, when
from sandbox.mtproto.people import chat, peer, user
from sandbox.mtproto.replies import replies
from sandbox.mtproto.service import service
from sandbox.mtproto.wire import Raw
from sandbox.world import Box, Message, Peer, World

MENTION = t.MessageEntityMentionName


def _content(viewer: int, m: Message) -> bytes:
    """The message's body, from its cache where that still holds."""
    medium = m.media
    version = 0
    if medium:
        version = medium.reference
        if m.look and "cover" in m.look:
            version += m.look["cover"].reference
    if m.wire is not None and m.wire[0] == version:
        return bytes(m.wire[1])
    shown = b""
    if medium:
        shown = media(medium, viewer, m.look)._bytes()
    elif m.webpage:
        shown = preview(m.webpage)._bytes()
    made = wire.body(m, shown, m.markup and markup(m.markup)._bytes())
    if not (medium and medium.kind in PERSONAL):
        m.wire = (version, made)
    return made


def message_bytes(w: World, viewer: int, m: Message) -> bytes:
    out = m.sender == viewer if m.peer[0] == "channel" else m.out
    channel = w.channels[m.peer[1]] if m.peer[0] == "channel" else None
    post = channel is not None and not channel.megagroup
    if m.service:
        return service(m, out, post)
    below = replies(w, m) if channel is not None and channel.linked else b""
    return wire.message(m, out=out, post=post, content=_content(viewer, m), replies=below)


def message(w: World, viewer: int, m: Message) -> Raw:
    return Raw(message_bytes(w, viewer, m))


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
            if m.fwd.get("from"):  # a hidden author is only a name
                peers.add(m.fwd["from"])
            if "saved_from" in m.fwd:
                peers.add(m.fwd["saved_from"][0])
        if m.via_bot:
            peers.add(("user", m.via_bot))
        if m.reply_peer:
            peers.add(m.reply_peer)
        for e in m.entities:
            if type(e) is MENTION:
                peers.add(("user", e.user_id))
        if m.media and m.media.kind == "story" and m.media.payload:
            peers.add(m.media.payload["peer"])
    # whoever is not in this world (the author of an old forward, say) is only a number
    known = [p for p in sorted(peers) if w.knows(p)]
    users = [user(w, viewer, w.users[i]) for kind, i in known if kind == "user"]
    return users, [chat(w, viewer, p) for p in known if p[0] != "user"]


def update(w: World, viewer: int, box: Box, kind: str, pts: int, count: int, payload: Any) -> Any:
    """One entry of a box's log."""
    chan = box.key[0] == "channel"
    if kind == "new":
        return wire.new_message(chan, message_bytes(w, viewer, payload), pts, count)
    if kind == "edit":
        make = t.UpdateEditChannelMessage if chan else t.UpdateEditMessage
        return make(message(w, viewer, payload), pts, count)
    if kind == "pin":
        ids, pinned = payload["ids"], payload["pinned"] or None
        if chan:
            return t.UpdatePinnedChannelMessages(box.key[1], ids, pts, count, pinned=pinned)
        return t.UpdatePinnedMessages(peer(payload["peer"]), ids, pts, count, pinned=pinned)
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
    ups: list[Any] = [wire.message_id(i, rnd) for rnd, i in ids]
    ups += [update(w, viewer, box, kind, *item) for item in items]
    msgs = [p for _, _, p in items if isinstance(p, Message)]
    return envelope(w, viewer, ups, msgs, [box.key])


def envelope(
    w: World, viewer: int, ups: list[Any], msgs: Iterable[Message] = (), peers: Sequence[Peer] = ()
) -> Any:
    """Updates with everybody whom they name."""
    users, chats = around(w, viewer, msgs, peers)
    return t.Updates(ups, users, chats, when(int(w.clock())), 0)  # seq 0: no seq bookkeeping asked for
