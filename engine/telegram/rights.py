"""What an account may do in a chat, as the chat says to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from telethon.tl import types as tl

from domain.kind import Kind


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


#: What a member must be allowed to send a message of a kind (core.telegram.org/constructor/chatBannedRights,
#: as TDLib reads it in can_send_message_content). All but what needs send_plain need send_media beside it.
_PLAIN = ("send_plain",)
_NEEDED = {
    Kind.PHOTO: ("send_photos",),
    Kind.VIDEO: ("send_videos",),
    Kind.ROUND: ("send_roundvideos",),
    Kind.FILE: ("send_docs",),
    Kind.MUSIC: ("send_audios",),
    Kind.VOICE: ("send_voices",),
    Kind.STICKER: ("send_stickers",),
    Kind.DICE: ("send_stickers",),
    Kind.GIF: ("send_gifs",),
    Kind.GAME: ("send_games",),
    Kind.POLL: ("send_polls",),
    Kind.QUIZ: ("send_polls",),
    Kind.TODO: ("send_polls",),
    Kind.STORY: ("send_photos", "send_videos"),
    Kind.PAID: ("send_photos", "send_videos"),
    **dict.fromkeys((Kind.TEXT, Kind.RICH, Kind.CONTACT, Kind.PLACE, Kind.LIVE), _PLAIN),
}
#: The refusal of a message with a link preview by a group that lets nobody embed links.
NO_PREVIEWS = "CHAT_SEND_WEBPAGE_FORBIDDEN"
#: Where Telegram's word for a refusal is not that of the right.
_WORDS = {"send_games": "GAME", "send_polls": "POLL"}


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
    may = {right for right, name in _OF_MEMBERS.items() if not _is_banned(entity, name)}
    if getattr(entity, "gigagroup", False):
        may.discard(Right.POST)  # core.telegram.org/api/channel: there only admins write
    if entity.admin_rights:
        may.add(Right.POST)
        may |= {right for right, name in _IN_GROUPS.items() if getattr(entity.admin_rights, name, False)}
    return frozenset(may)


def forbidden_kinds(entity: Any) -> dict[Kind, str]:
    """What a group does not let the account send, each with the word of Telegram's refusal."""
    if not isinstance(entity, tl.Chat | tl.Channel) or entity.creator or entity.admin_rights:
        return {}
    found: dict[Kind, str] = {}
    for kind, needed in _NEEDED.items():
        names = needed if needed is _PLAIN else (*needed, "send_media")
        if (name := next((name for name in names if _is_banned(entity, name)), None)) is not None:
            word = _WORDS.get(name, name.removeprefix("send_").upper())
            found[kind] = f"CHAT_SEND_{word}_FORBIDDEN"
    return found


def shows_previews(entity: Any) -> bool:
    """Whether links in what the account sends there have their previews."""
    is_group = isinstance(entity, tl.Chat | tl.Channel) and not (entity.creator or entity.admin_rights)
    return not (is_group and _is_banned(entity, "embed_links"))


def manages_topics(entity: Any) -> bool:
    """Whether the account may write in topics that are closed, whoever made them."""
    return bool(entity.creator or getattr(entity.admin_rights, "manage_topics", False))


def price_of(entity: Any) -> int:
    """Stars that a message costs the account there; admins pay none (core.telegram.org/api/paid-messages)."""
    if getattr(entity, "creator", False) or getattr(entity, "admin_rights", None):
        return 0
    return getattr(entity, "send_paid_messages_stars", None) or 0


def _is_banned(entity: Any, name: str) -> bool:
    """Whether a member may not do this: nobody may, or this one."""
    bans = (getattr(entity, "banned_rights", None), entity.default_banned_rights)
    return any(getattr(ban, name, False) for ban in bans)
