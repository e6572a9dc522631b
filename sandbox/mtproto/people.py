"""People and chats as TL objects, from one viewer's point of view."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.media import DC, LONG_AGO, when
from sandbox.world import Channel, Group, Media, Peer, User, World
from sandbox.world.model import SEND

RIGHTS = (
    "change_info",
    "post_messages",
    "edit_messages",
    "delete_messages",
    "ban_users",
    "invite_users",
    "pin_messages",
    "add_admins",
    "manage_topics",
    "other",
)
#: What the world lets no member of a supergroup do who is no admin.
_FOR_ADMINS = ("change_info", "pin_messages", "manage_topics")


def peer(p: Peer) -> Any:
    kinds = {"user": t.PeerUser, "chat": t.PeerChat, "channel": t.PeerChannel}
    return kinds[p[0]](p[1])


def rights(lacking: Collection[str] = ()) -> Any:
    """An admin's: all but those that they lack."""
    return t.ChatAdminRights(**{name: True for name in RIGHTS if name not in lacking})


def bans(*names: str) -> Any:
    """The rights that somebody does not have."""
    return t.ChatBannedRights(None, **dict.fromkeys(names, True))


def _photo(of: Media | None) -> Any:
    return t.ChatPhoto(of.id, DC) if of else t.ChatPhotoEmpty()


def user(w: World, viewer: int, u: User) -> Any:
    hash_ = w.access_hash(viewer, "user", u.id)
    if u.deleted:
        return t.User(u.id, deleted=True, access_hash=hash_)
    return t.User(
        u.id,
        is_self=u.id == viewer or None,
        bot=u.bot or None,
        first_name=u.first_name,
        username=u.username,
        premium=u.premium or None,
        phone=u.phone if u.id == viewer else None,
        access_hash=hash_,
        bot_info_version=1 if u.bot else None,
    )


def channel(w: World, viewer: int, c: Channel) -> Any:
    role = c.members.get(viewer)
    hash_ = w.access_hash(viewer, "channel", c.id)
    if c.deleted or role == "banned" or (role is None and not c.username):
        return t.ChannelForbidden(c.id, hash_, c.title, broadcast=not c.megagroup, megagroup=c.megagroup)
    return t.Channel(
        c.id,
        c.title,
        _photo(c.photo),
        when(LONG_AGO),
        creator=role == "creator" or None,
        left=role is None or None,
        broadcast=not c.megagroup or None,
        megagroup=c.megagroup or None,
        noforwards=c.noforwards or None,
        forum=c.forum or None,
        has_link=bool(c.linked) or None,
        gigagroup=c.gigagroup or None,
        monoforum=c.monoforum or None,
        slowmode_enabled=bool(c.slowmode) or None,
        access_hash=hash_,
        **_names(c),
        admin_rights=rights(c.lacking(viewer)) if c.is_admin(viewer) else None,
        banned_rights=bans(*own) if (own := own_bans(c, viewer)) else None,
        participants_count=len(c.members),
        default_banned_rights=bans(*_FOR_ADMINS, *c.barred) if c.megagroup else None,
        send_paid_messages_stars=c.stars or None,
    )


def own_bans(c: Channel, user_id: int) -> list[str]:
    """What this one member may not do though others may."""
    return sorted(c.limited.get(user_id, ())) + ([SEND] if user_id in c.muted else [])


def _names(c: Channel) -> dict[str, Any]:
    """With several usernames all of them stand in a list, and the single one's place is empty."""
    if not c.usernames:
        return {"username": c.username}
    bought = [t.Username(name, active=True) for name in c.usernames]
    own = [t.Username(c.username, editable=True, active=True)] if c.username else []
    return {"usernames": own + bought}


def group(w: World, viewer: int, g: Group) -> Any:
    if g.deleted or g.members.get(viewer) == "banned":
        return t.ChatForbidden(g.id, g.title)
    moved = g.migrated_to
    return t.Chat(
        g.id,
        g.title,
        _photo(g.photo),
        len(g.members),
        when(LONG_AGO),
        1,
        creator=g.members.get(viewer) == "creator" or None,
        left=viewer not in g.members or None,
        deactivated=bool(moved) or None,
        noforwards=g.noforwards or None,
        migrated_to=t.InputChannel(moved, w.access_hash(viewer, "channel", moved)) if moved else None,
        admin_rights=rights() if g.members.get(viewer) == "admin" else None,
        default_banned_rights=bans(*g.barred),
    )


def chat(w: World, viewer: int, p: Peer) -> Any:
    """The channel or basic group behind the peer."""
    if p[0] == "channel":
        return channel(w, viewer, w.channels[p[1]])
    return group(w, viewer, w.chats[p[1]])
