"""Chats in full and the people in them, as getChat and getChatMember show them."""

from __future__ import annotations

from typing import Any

from aiogram.types import ChatAdministratorRights

from sandbox.botapi.convert import Converter, Json
from sandbox.botapi.ids import chat_id
from sandbox.world import Channel, Peer

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
#: What an administrator may do here, all of it: the world knows the role and no single rights.
RIGHTS = {name: name != "is_anonymous" for name in ChatAdministratorRights.model_fields}
ADMINISTRATORS = ("creator", "admin")


def full_chat(convert: Converter, peer: Peer) -> Json:
    """ChatFullInfo. What the world has no word for is left out."""
    shown: Json = convert.chat(peer) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if peer[0] == "user":
        about = convert.world.users[peer[1]].about
        return shown | ({"bio": about} if about else {})
    group = convert.world.chat(peer)
    if group.about:
        shown["description"] = group.about
    if group.noforwards:
        shown["has_protected_content"] = True
    if isinstance(group, Channel) and group.slowmode:
        shown["slow_mode_delay"] = group.slowmode
    if isinstance(group, Channel) and group.linked:
        shown["linked_chat_id"] = chat_id(("channel", group.linked))
    if not isinstance(group, Channel) or group.megagroup:
        shown["permissions"] = {"can_send_messages": True, "can_send_other_messages": True}
    return shown


def roles(convert: Converter, peer: Peer) -> dict[int, str]:
    """User id -> member, admin, creator or banned; in a private chat there are only members."""
    if peer[0] == "user":
        return {peer[1]: "member"}
    return convert.world.chat(peer).members


def member(convert: Converter, user_id: int, role: str | None, *, asked_by: int) -> Json:
    """One ChatMember; no role means they are not there."""
    shown: Json = {"user": convert.known_user(user_id)}
    match role:
        case "creator":
            return shown | {"status": "creator", "is_anonymous": False}
        case "admin":
            rights: dict[str, Any] = {
                "status": "administrator",
                "can_be_edited": user_id == asked_by,
            } | RIGHTS
            return shown | rights
        case "banned":
            return shown | {"status": "kicked", "until_date": 0}
    return shown | {"status": "member" if role else "left"}
