"""Messages as TL bytes, written by hand: the hot path of every history page and every forward.

A message's text, media, buttons and entities stand side by side in its layout. Those bytes are made once,
kept in `Message.wire` and shared with every copy; what is around them takes a microsecond or two.
"""

from __future__ import annotations

import struct
from typing import Any

from telethon.tl import TLObject
from telethon.tl import types as t

from sandbox.world import Message, Peer

OUT, FWD, REPLY, MARKUP, ENTITIES, FROM, MEDIA = 2, 4, 8, 64, 128, 256, 512
VIEWS, POST, EDITED, GROUPED, PINNED, PROTECTED = 1024, 16384, 32768, 131072, 1 << 24, 1 << 26
VECTOR = 0x1CB5C415
PEERS = {"user": t.PeerUser, "chat": t.PeerChat, "channel": t.PeerChannel}

_head = struct.Struct("<IIIi").pack
_peer = struct.Struct("<Iq").pack
_int = struct.Struct("<i").pack
_two = struct.Struct("<ii").pack
_long = struct.Struct("<q").pack
_mapping = struct.Struct("<Iiq").pack
_ctor = struct.Struct("<I").pack


class Raw:
    """TL bytes made earlier; vectors only ever call _bytes()."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def _bytes(self) -> bytes:
        return self.data


def peer(p: Peer) -> bytes:
    return _peer(PEERS[p[0]].CONSTRUCTOR_ID, p[1])


def body(m: Message, media: bytes, markup: bytes | None) -> bytes:
    """Text, media, buttons and entities: what a copy has in common with its source."""
    parts = [TLObject.serialize_bytes(m.text), media, markup or b""]
    if m.entities:
        parts.append(struct.pack("<Ii", VECTOR, len(m.entities)))
        parts += [e._bytes() for e in m.entities]
    return b"".join(parts)


def message(m: Message, *, out: bool, post: bool, content: bytes) -> bytes:
    """A Message; `content` is its body()."""
    flags, before, after = _flags(m, out, post), b"", b""
    if flags & FROM:
        before = _peer(t.PeerUser.CONSTRUCTOR_ID, m.sender)
    before += peer(m.peer)
    if m.fwd:
        before += _header(m.fwd)
    if flags & REPLY:
        before += reply(m)._bytes()
    if post:
        after = _two(1, 0)  # views, forwards
    if m.edit_date:
        after += _int(m.edit_date)
    if m.grouped_id:
        after += _long(m.grouped_id)
    return b"".join((_head(t.Message.CONSTRUCTOR_ID, flags, 0, m.id), before, _int(m.date), content, after))


def _flags(m: Message, out: bool, post: bool) -> int:
    flags = VIEWS | POST if post else 0
    if out:
        flags |= OUT
    if m.sender and (out or m.peer[0] != "user"):
        flags |= FROM
    if m.fwd:
        flags |= FWD
    if m.reply_to or (m.topic and m.topic != 1):
        flags |= REPLY
    if m.media:
        flags |= MEDIA
    if m.markup:
        flags |= MARKUP
    if m.entities:
        flags |= ENTITIES
    if m.edit_date:
        flags |= EDITED
    if m.grouped_id:
        flags |= GROUPED
    return flags | (PINNED if m.pinned else 0) | (PROTECTED if m.noforwards else 0)


def _header(fwd: dict[str, Any]) -> bytes:
    post = fwd.get("post")
    flags = 5 if post else 1  # from_id, channel_post
    head = struct.pack("<II", t.MessageFwdHeader.CONSTRUCTOR_ID, flags)
    return head + peer(fwd["from"]) + _int(fwd["date"]) + (_int(post) if post else b"")


def reply(m: Message) -> Any:
    """What a message answers, and in which topic; None for neither."""
    topic = m.topic if m.topic and m.topic != 1 else None
    if not topic and not m.reply_to:
        return None
    return t.MessageReplyHeader(
        forum_topic=bool(topic) or None,
        reply_to_msg_id=m.reply_to or topic,
        reply_to_top_id=topic if m.reply_to and m.reply_to != topic else None,
    )


def new_message(channel: bool, content: bytes, pts: int, count: int) -> Raw:
    kind = t.UpdateNewChannelMessage if channel else t.UpdateNewMessage
    return Raw(b"".join((_ctor(kind.CONSTRUCTOR_ID), content, _two(pts, count))))


def message_id(id_: int, random_id: int) -> Raw:
    return Raw(_mapping(t.UpdateMessageID.CONSTRUCTOR_ID, id_, random_id))
