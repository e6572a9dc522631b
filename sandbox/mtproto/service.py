"""Service messages as TL bytes."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.media import photo, when
from sandbox.mtproto.people import peer
from sandbox.mtproto.wire import reply
from sandbox.world import Message

GREEN = 0x6FB9F0  # the colour of a topic's icon; Telegram allows six


def _action(m: Message) -> Any:
    match m.service:
        case "create" if m.peer[0] == "chat":
            return t.MessageActionChatCreate(m.text, m.detail or [])
        case "create":
            return t.MessageActionChannelCreate(m.text)
        case "topic":
            return t.MessageActionTopicCreate(m.text, GREEN)
        case "topic_edit":
            return t.MessageActionTopicEdit(title=m.text or None, closed=m.detail)
        case "title":
            return t.MessageActionChatEditTitle(m.text)
        case "photo" if m.media:
            return t.MessageActionChatEditPhoto(photo(m.media))
        case "pin":
            return t.MessageActionPinMessage()
        case "join":
            return t.MessageActionChatAddUser([m.detail or m.author or 0])
        case "leave":
            return t.MessageActionChatDeleteUser(m.detail or m.author or 0)
        case "migrate_to":
            return t.MessageActionChatMigrateTo(m.detail)
        case "migrate_from":
            return t.MessageActionChannelMigrateFrom(m.text, m.detail)
    return t.MessageActionCustomAction(m.text or m.service)


def service(m: Message, out: bool, post: bool) -> bytes:
    obj = t.MessageService(
        m.id,
        peer(m.peer),
        when(m.date),
        out=out or None,
        post=post or None,
        from_id=t.PeerUser(m.sender) if m.sender else None,
        reply_to=reply(m),
        action=_action(m),
    )
    return bytes(obj._bytes())
