"""Who is in a chat and what they may do: joining, inviting, promoting, banning, listing."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.making import changed
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Channel, Peer, RpcFailure
from sandbox.world.model import SEND
from sandbox.world.permissions import WORDS

JOINED = media.when(media.LONG_AGO)


@on(f.channels.JoinChannelRequest, users_only=True)
def join_channel(c: Call, r: Any) -> Any:
    return _joined(c, c.peer(r.channel), invite=False)


def _joined(c: Call, p: Peer, invite: bool) -> Any:
    mark = c.mark(p)
    c.w.join(c.me, p, invite, c.session)
    update = t.UpdateChannel(p[1]) if p[0] == "channel" else t.UpdateChat(p[1])
    return c.done(p, mark, [update])


@on(f.channels.LeaveChannelRequest)
def leave_channel(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.leave(c.me, p, c.session)
    return changed(c, p)


@on(f.messages.DeleteChatUserRequest)
def delete_chat_user(c: Call, r: Any) -> Any:
    p, (_, user_id) = c.peer(t.InputPeerChat(r.chat_id)), c.peer(r.user_id)
    mark = c.mark(p)
    if user_id != c.me:
        c.w.check_admin(c.me, p)
    c.w.leave(user_id, p, c.session)
    return c.done(p, mark)


@on(f.channels.InviteToChannelRequest)
def invite_to_channel(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check_admin(c.me, p, "invite_users")
    return _invited(c, p, r.users)


@on(f.messages.AddChatUserRequest)
def add_chat_user(c: Call, r: Any) -> Any:
    p = c.peer(t.InputPeerChat(r.chat_id))
    c.w.check(c.me, p, posting=True)
    return _invited(c, p, [r.user_id])


def _invited(c: Call, p: Peer, users: list[Any]) -> Any:
    mark = c.mark(p)
    for u in users:
        c.w.join(c.peer(u)[1], p, True, c.session)
    return t.messages.InvitedUsers(c.done(p, mark), [])


@on(f.channels.EditAdminRequest)
def edit_admin(c: Call, r: Any) -> Any:
    p, (_, user_id) = c.peer(r.channel), c.peer(r.user_id)
    given = {k for k, v in r.admin_rights.to_dict().items() if k != "_" and v}
    lacking = set(people.RIGHTS) - given - {"other"}  # that one only says "an admin like any other"
    c.w.set_role(c.me, p, user_id, "admin" if given else "member", lacking)
    return changed(c, p)


@on(f.messages.EditChatAdminRequest)
def edit_chat_admin(c: Call, r: Any) -> Any:
    p, (_, user_id) = c.peer(t.InputPeerChat(r.chat_id)), c.peer(r.user_id)
    c.w.set_role(c.me, p, user_id, "admin" if r.is_admin else "member")
    return True


@on(f.channels.EditBannedRequest)
def edit_banned(c: Call, r: Any) -> Any:
    p, (_, user_id) = c.peer(r.channel), c.peer(r.participant)
    ch, rights = c.w.channels[p[1]], r.banned_rights
    if rights.view_messages:
        c.w.set_role(c.me, p, user_id, "banned")
    elif ch.members.get(user_id) == "banned":
        c.w.set_role(c.me, p, user_id, None)
    else:
        c.w.set_role(c.me, p, user_id, "member")
        (ch.muted.add if rights.send_messages else ch.muted.discard)(user_id)
        ch.limited[user_id] = _sends(rights)
    return changed(c, p)


@on(f.messages.EditChatDefaultBannedRightsRequest)
def edit_default_banned_rights(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check_admin(c.me, p, "ban_users")
    c.w.chat(p).barred = _sends(r.banned_rights) | ({SEND} if r.banned_rights.send_messages else set())
    return changed(c, p)


def _sends(rights: Any) -> set[str]:
    """The kinds of messages that these rights forbid to send."""
    return {name for name in WORDS if getattr(rights, name)}


@on(f.channels.GetParticipantRequest)
def get_participant(c: Call, r: Any) -> Any:
    p, who = c.peer(r.channel), c.peer(r.participant)
    c.w.check(c.me, p, posting=False)
    ch = c.w.channels[p[1]]
    if who[1] not in ch.members:
        raise RpcFailure(400, "USER_NOT_PARTICIPANT")
    users, chats = cv.around(c.w, c.me, [], [p, who])
    return t.channels.ChannelParticipant(_participant(c, ch, who[1]), chats, users)


def _participant(c: Call, ch: Channel, user_id: int) -> Any:
    owner = next((u for u, role in ch.members.items() if role == "creator"), user_id)
    match ch.members[user_id]:
        case "creator":
            return t.ChannelParticipantCreator(user_id, people.rights())
        case "admin":
            me = {"is_self": True, "inviter_id": owner} if user_id == c.me else {}
            rights = people.rights(ch.lacking(user_id))
            return t.ChannelParticipantAdmin(user_id, owner, JOINED, rights, **me)
        case "banned":
            rights = t.ChatBannedRights(None, view_messages=True)
            return t.ChannelParticipantBanned(t.PeerUser(user_id), owner, JOINED, rights, left=True)
    if own := people.own_bans(ch, user_id):
        rights = people.bans(*own)
        return t.ChannelParticipantBanned(t.PeerUser(user_id), owner, JOINED, rights)
    if user_id == c.me:
        return t.ChannelParticipantSelf(user_id, owner, JOINED)
    return t.ChannelParticipant(user_id, JOINED)


@on(f.channels.GetParticipantsRequest)
def get_participants(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    ch = c.w.channels[p[1]]
    if not ch.megagroup and not ch.is_admin(c.me):
        raise RpcFailure(400, "CHAT_ADMIN_REQUIRED")
    found = [u for u in ch.members if _matches(c, ch, u, r.filter)]
    page = found[r.offset : r.offset + min(r.limit, 200)]
    users, chats = cv.around(c.w, c.me, [], [p, *(("user", u) for u in page)])
    shown = [_participant(c, ch, u) for u in page]
    return t.channels.ChannelParticipants(len(found), shown, chats, users)


def _matches(c: Call, ch: Channel, user_id: int, wanted: Any) -> bool:
    role, u = ch.members[user_id], c.w.users[user_id]
    if isinstance(wanted, (t.ChannelParticipantsKicked, t.ChannelParticipantsBanned)):
        return role == "banned"
    if role == "banned":
        return False
    if isinstance(wanted, t.ChannelParticipantsAdmins):
        return ch.is_admin(user_id)
    if isinstance(wanted, t.ChannelParticipantsBots):
        return u.bot
    sought = (getattr(wanted, "q", "") or "").lower()
    return sought in f"{u.first_name} {u.username or ''}".lower()


@on(f.messages.ExportChatInviteRequest)
def export_chat_invite(c: Call, r: Any) -> Any:
    made = c.w.make_invite(c.me, c.peer(r.peer))
    return t.ChatInviteExported(f"https://t.me/+{made}", c.me, media.when(c.now()), permanent=True)


@on(f.messages.CheckChatInviteRequest, users_only=True)
def check_chat_invite(c: Call, r: Any) -> Any:
    p = c.w.invited_to(r.hash)
    chat = c.w.chat(p)
    if chat.has(c.me):
        return t.ChatInviteAlready(people.chat(c.w, c.me, p))
    kind = {"channel": True, "broadcast": not chat.megagroup} if isinstance(chat, Channel) else {}
    megagroup = isinstance(chat, Channel) and chat.megagroup
    photo = t.PhotoEmpty(0)
    about = chat.about or None
    return t.ChatInvite(chat.title, photo, len(chat.members), 0, megagroup=megagroup, about=about, **kind)


@on(f.messages.ImportChatInviteRequest, users_only=True)
def import_chat_invite(c: Call, r: Any) -> Any:
    p = c.w.invited_to(r.hash)
    if c.w.chat(p).has(c.me):
        raise RpcFailure(400, "USER_ALREADY_PARTICIPANT")
    return t.messages.ChatInviteJoinResultOk(_joined(c, p, invite=True))
