"""Service messages as TL bytes."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.headers import reply
from sandbox.mtproto.media import photo, when
from sandbox.mtproto.people import peer
from sandbox.world import Message

BLUE = 0x6FB9F0  # the colour of a topic's icon where nobody chose one


def _action(m: Message) -> Any:
    return _about_people(m) or _about_chat(m) or t.MessageActionCustomAction(m.text or m.service or "")


def _about_people(m: Message) -> Any:
    match m.service:
        case "join":
            return t.MessageActionChatAddUser([m.detail or m.author or 0])
        case "leave":
            return t.MessageActionChatDeleteUser(m.detail or m.author or 0)
        case "migrate_to":
            return t.MessageActionChatMigrateTo(m.detail)
        case "migrate_from":
            return t.MessageActionChannelMigrateFrom(m.text, m.detail)
    return None


def _about_chat(m: Message) -> Any:
    match m.service:
        case "create" if m.peer[0] == "chat":
            return t.MessageActionChatCreate(m.text, m.detail or [])
        case "create":
            return t.MessageActionChannelCreate(m.text)
        case "topic":
            icon = m.detail or {}
            color, emoji = icon.get("color", BLUE), icon.get("emoji")
            return t.MessageActionTopicCreate(m.text, color, icon_emoji_id=emoji)
        case "topic_edit":
            return _topic_edit(m.detail)
        case "title":
            return t.MessageActionChatEditTitle(m.text)
        case "photo":
            new = m.media and photo(m.media)
            return t.MessageActionChatEditPhoto(new) if new else t.MessageActionChatDeletePhoto()
        case "pin":
            return t.MessageActionPinMessage()
    return None


def _topic_edit(changes: dict[str, Any]) -> Any:
    """`changes` are Topic's fields; an icon that was taken away is told as number 0."""
    return t.MessageActionTopicEdit(
        title=changes.get("title"),
        icon_emoji_id=changes.get("icon_emoji"),
        closed=changes.get("closed"),
        hidden=changes.get("hidden"),
    )


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
