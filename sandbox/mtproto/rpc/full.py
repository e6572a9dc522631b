"""Everything about one chat or person."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Channel, Group, Peer, RpcFailure


def _answer(c: Call, p: Peer, full: Any, others: list[Peer]) -> Any:
    users, chats = cv.around(c.w, c.me, [], [p, *others])
    return t.messages.ChatFull(full, chats, users)


@on(f.channels.GetFullChannelRequest)
def get_full_channel(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    ch = c.w.channels[p[1]]
    full = t.ChannelFull(
        ch.id,
        ch.about,
        *(0, 0, 0),  # read marks, unread count
        media.photo(ch.photo) if ch.photo else t.PhotoEmpty(0),
        t.PeerNotifySettings(),
        [],
        c.w.boxes[p].pts,
        **_numbers(c, p, ch),
    )
    others: list[Peer] = []
    if ch.linked:
        others.append(("channel", ch.linked))
    if ch.migrated_from:
        others.append(("chat", ch.migrated_from[0]))
    return _answer(c, p, full, others)


def _numbers(c: Call, p: Peer, ch: Channel) -> dict[str, Any]:
    pinned = c.w.pinned(c.me, p)
    numbers: dict[str, Any] = {
        "participants_count": sum(role != "banned" for role in ch.members.values()),
        "pinned_msg_id": pinned[-1] if pinned else None,
        "linked_chat_id": ch.linked,
        "slowmode_seconds": ch.slowmode or None,
        "can_view_participants": ch.megagroup or ch.is_admin(c.me) or None,
    }
    if ch.slowmode and c.me in ch.last_post and not ch.is_admin(c.me):
        numbers["slowmode_next_send_date"] = media.when(int(ch.last_post[c.me]) + ch.slowmode)
    if ch.is_admin(c.me):
        numbers["admins_count"] = sum(ch.is_admin(u) for u in ch.members)
        numbers["kicked_count"] = sum(role == "banned" for role in ch.members.values())
        numbers["banned_count"] = len(ch.muted)
    if ch.migrated_from:
        old = ("chat", ch.migrated_from[0])
        last = c.w.box_for(c.me, old).last(old)
        numbers |= {"migrated_from_chat_id": old[1], "migrated_from_max_id": last.id if last else 0}
    return numbers


@on(f.messages.GetFullChatRequest)
def get_full_chat(c: Call, r: Any) -> Any:
    p = c.peer(t.InputPeerChat(r.chat_id))
    c.w.check(c.me, p, posting=False)
    g = c.w.chats[p[1]]
    pinned = c.w.pinned(c.me, p)
    full = t.ChatFull(
        g.id,
        g.about,
        t.ChatParticipants(g.id, [_participant(g, u) for u in g.members if g.has(u)], 1),
        t.PeerNotifySettings(),
        chat_photo=media.photo(g.photo) if g.photo else None,
        pinned_msg_id=pinned[-1] if pinned else None,
    )
    return _answer(c, p, full, [("user", u) for u in g.members])


def _participant(g: Group, user_id: int) -> Any:
    owner = next((u for u, role in g.members.items() if role == "creator"), user_id)
    match g.members[user_id]:
        case "creator":
            return t.ChatParticipantCreator(user_id)
        case "admin":
            return t.ChatParticipantAdmin(user_id, owner, media.when(media.LONG_AGO))
    return t.ChatParticipant(user_id, owner, media.when(media.LONG_AGO))


@on(f.users.GetFullUserRequest)
def get_full_user(c: Call, r: Any) -> Any:
    _, user_id = c.peer(r.id)
    u = c.w.users[user_id]
    bot = t.BotInfo(user_id=u.id, description=u.about or None) if u.bot else None
    full = t.UserFull(
        u.id,
        t.PeerSettings(),
        t.PeerNotifySettings(),
        0,
        about=u.about or None,
        bot_info=bot,
        noforwards_my_enabled=(c.me, u.id) in c.w.protected or None,
        noforwards_peer_enabled=(u.id, c.me) in c.w.protected or None,
    )
    return t.users.UserFull(full, [], [people.user(c.w, c.me, u)])


@on(f.messages.GetChatsRequest)
def get_chats(c: Call, r: Any) -> Any:
    found = [c.w.chats[i] for i in r.id if i in c.w.chats]
    if not found:
        raise RpcFailure(400, "CHAT_ID_INVALID")
    return t.messages.Chats([people.group(c.w, c.me, g) for g in found])
