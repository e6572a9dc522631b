"""What an account may do in a chat, as the chat says to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from telethon.tl import types as tl


class Right(StrEnum):
    POST = "post"
    TOPICS = "topics"  #: make topics and change them
    PIN = "pin"
    PROFILE = "profile"  #: title, description and photo
    DELETE = "delete"  #: messages of others, too


#: In channels who may edit the posts of others may pin them.
_IN_CHANNELS = {
    Right.POST: "post_messages",
    Right.PIN: "edit_messages",
    Right.PROFILE: "change_info",
    Right.DELETE: "delete_messages",
}
#: Of admins; all of them may post.
_IN_GROUPS = {
    Right.TOPICS: "manage_topics",
    Right.PIN: "pin_messages",
    Right.PROFILE: "change_info",
    Right.DELETE: "delete_messages",
}
#: What everybody may who is not banned from it.
_OF_MEMBERS = {
    Right.POST: "send_messages",
    Right.TOPICS: "manage_topics",
    Right.PIN: "pin_messages",
    Right.PROFILE: "change_info",
}


def rights_of(entity: Any) -> frozenset[Right]:
    """Those of the account that was shown this entity."""
    match entity:
        case tl.User():
            return frozenset({Right.POST, Right.PIN, Right.DELETE} if not entity.deleted else ())
        case tl.Chat() if not (entity.left or entity.deactivated):
            return _in_group(entity) - {Right.TOPICS}
        case tl.Channel() if not entity.left:
            return _in_channel(entity) if entity.broadcast else _in_group(entity)
        case _:
            return frozenset()


def _in_channel(entity: Any) -> frozenset[Right]:
    if entity.creator:
        return frozenset(_IN_CHANNELS)
    return frozenset(
        right for right, name in _IN_CHANNELS.items() if getattr(entity.admin_rights, name, False)
    )


def _in_group(entity: Any) -> frozenset[Right]:
    if entity.creator:
        return frozenset(Right)
    may = {right for right, name in _OF_MEMBERS.items() if not is_banned(entity, name)}
    if getattr(entity, "gigagroup", False):
        may.discard(Right.POST)  # core.telegram.org/api/channel: there only admins write
    if entity.admin_rights:
        may.add(Right.POST)
        may |= {right for right, name in _IN_GROUPS.items() if getattr(entity.admin_rights, name, False)}
    return frozenset(may)


def manages_topics(entity: Any) -> bool:
    """Whether the account may write in topics that are closed, whoever made them."""
    return bool(entity.creator or getattr(entity.admin_rights, "manage_topics", False))


def price_of(entity: Any) -> int:
    """Stars that a message costs the account there; admins pay none (core.telegram.org/api/paid-messages)."""
    if getattr(entity, "creator", False) or getattr(entity, "admin_rights", None):
        return 0
    return getattr(entity, "send_paid_messages_stars", None) or 0


def is_banned(entity: Any, name: str) -> bool:
    """Whether a member may not do this: nobody may, or this one."""
    bans = (getattr(entity, "banned_rights", None), entity.default_banned_rights)
    return any(getattr(ban, name, False) for ban in bans)
