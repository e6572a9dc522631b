"""Messages as TL bytes, written by hand: the hot path of every history page and every forward.

A message's text, media, buttons and entities stand side by side in its layout. Those bytes are made once,
kept in `Message.wire` and shared with every copy; what is around them takes a microsecond or two.
"""

from __future__ import annotations

import struct
from typing import Any

from telethon.tl import TLObject
from telethon.tl import types as t

from sandbox.mtproto import headers
from sandbox.world import Message, Peer

OUT, FWD, REPLY, MARKUP, ENTITIES, FROM, MEDIA = 2, 4, 8, 64, 128, 256, 512
VIEWS, VIA, POST, EDITED, SIGNED, GROUPED = 1024, 2048, 16384, 32768, 65536, 131072
REPLIES, PINNED, PROTECTED, INVERTED = 1 << 23, 1 << 24, 1 << 26, 1 << 27
EFFECT, RICH = 4, 8192  # of the second flags
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


def message(m: Message, *, out: bool, post: bool, content: bytes, replies: bytes = b"") -> bytes:
    """A Message; `content` is its body(), `replies` its MessageReplies."""
    flags, before, after, more, end = _flags(m, out, post), b"", b"", 0, b""
    if flags & FROM:
        before = _peer(t.PeerUser.CONSTRUCTOR_ID, m.sender) if m.sender else peer(headers.appeared_as(m))
    before += peer(m.peer)
    if m.fwd:
        before += _header(m.fwd)
    if m.via_bot:
        flags |= VIA
        before += _long(m.via_bot)
    if flags & REPLY:
        before += headers.reply(m)._bytes()
    if post:
        after = _two(1, 0)  # views, forwards
    if replies:
        flags |= REPLIES
        after += replies
    if m.edit_date:
        after += _int(m.edit_date)
    if m.signature:
        flags |= SIGNED
        after += TLObject.serialize_bytes(m.signature)
    if m.grouped_id:
        after += _long(m.grouped_id)
    if m.effect or m.rich:
        more, end = _rare(m)
    head = _head(t.Message.CONSTRUCTOR_ID, flags, more, m.id)
    return b"".join((head, before, _int(m.date), content, after, end))


def _flags(m: Message, out: bool, post: bool) -> int:
    flags = VIEWS | POST if post else 0
    if out:
        flags |= OUT
    if m.sender:
        if out or m.peer[0] != "user":
            flags |= FROM
    elif not post and m.appeared:
        flags |= FROM
    if m.fwd:
        flags |= FWD
    if m.reply_to or m.top or (m.topic and m.topic != 1):
        flags |= REPLY
    if m.media or m.webpage:
        flags |= MEDIA
    if m.markup:
        flags |= MARKUP
    if m.entities:
        flags |= ENTITIES
    if m.edit_date:
        flags |= EDITED
    if m.grouped_id:
        flags |= GROUPED
    rest = (PINNED if m.pinned else 0) | (PROTECTED if m.noforwards else 0) | (INVERTED if m.invert else 0)
    return flags | rest


def _rare(m: Message) -> tuple[int, bytes]:
    """What stands behind everything else, and its share of the second flags."""
    flags, parts = 0, b""
    if m.effect:
        flags |= EFFECT
        parts += _long(m.effect)
    if m.rich:
        flags |= RICH
        parts += m.rich._bytes()
    return flags, parts


def _header(fwd: dict[str, Any]) -> bytes:
    if len(fwd) > 3 or not fwd.get("from"):  # more than date, from and post
        return bytes(headers.forwarded(fwd)._bytes())
    post = fwd.get("post")
    flags = 5 if post else 1  # from_id, channel_post
    head = struct.pack("<II", t.MessageFwdHeader.CONSTRUCTOR_ID, flags)
    return head + peer(fwd["from"]) + _int(fwd["date"]) + (_int(post) if post else b"")


def new_message(channel: bool, content: bytes, pts: int, count: int) -> Raw:
    kind = t.UpdateNewChannelMessage if channel else t.UpdateNewMessage
    return Raw(b"".join((_ctor(kind.CONSTRUCTOR_ID), content, _two(pts, count))))


def message_id(id_: int, random_id: int) -> Raw:
    return Raw(_mapping(t.UpdateMessageID.CONSTRUCTOR_ID, id_, random_id))
