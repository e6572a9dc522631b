"""Who and where: users, names, channels, the chat list."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import people
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Box, Message, Peer, RpcFailure


@on(f.users.GetUsersRequest)
def get_users(c: Call, r: Any) -> Any:
    return [people.user(c.w, c.me, c.w.users[c.peer(i)[1]]) for i in r.id]


@on(f.contacts.ResolveUsernameRequest)
def resolve_username(c: Call, r: Any) -> Any:
    p = c.w.by_username(r.username)
    if p is None:
        raise RpcFailure(400, "USERNAME_NOT_OCCUPIED")
    users, chats = cv.around(c.w, c.me, [], [p])
    return t.contacts.ResolvedPeer(people.peer(p), chats, users)


@on(f.channels.GetChannelsRequest)
def get_channels(c: Call, r: Any) -> Any:
    return t.messages.Chats([people.channel(c.w, c.me, c.w.channels[c.peer(i)[1]]) for i in r.id])


def _dialog(p: Peer, box: Box, last: Message) -> Any:
    pts = box.pts if p[0] == "channel" else None
    seen = last.id, last.id, 0, 0, 0, 0  # read inbox and outbox; nothing is ever unread
    return t.Dialog(people.peer(p), last.id, *seen, t.PeerNotifySettings(), pts=pts)


@on(f.messages.GetDialogsRequest, users_only=True)
def get_dialogs(c: Call, r: Any) -> Any:
    rows = c.w.dialogs(c.me)
    start = 0
    if r.offset_id or not isinstance(r.offset_peer, t.InputPeerEmpty):
        at = c.peer(r.offset_peer)
        start = next((i + 1 for i, d in enumerate(rows) if d[0] == at), len(rows))
    page = [(p, box, m) for p, box, m in rows[start : start + min(r.limit, 100)] if m]
    dialogs = [_dialog(p, box, m) for p, box, m in page]
    users, chats = cv.around(c.w, c.me, [m for *_, m in page], [p for p, *_ in page])
    tl = [cv.message(c.w, c.me, m) for *_, m in page]
    if start == 0 and len(page) == len(rows):
        return t.messages.Dialogs(dialogs, tl, chats, users)
    return t.messages.DialogsSlice(len(rows), dialogs, tl, chats, users)


@on(f.messages.GetPeerDialogsRequest, users_only=True)
def get_peer_dialogs(c: Call, r: Any) -> Any:
    wanted = [c.peer(x.peer) for x in r.peers if isinstance(x, t.InputDialogPeer)]
    for p in wanted:
        c.w.check(c.me, p, posting=False)
    rows = [(p, box, m) for p in wanted if (m := (box := c.w.box_for(c.me, p)).last(p))]
    users, chats = cv.around(c.w, c.me, [m for *_, m in rows], wanted)
    tl = [cv.message(c.w, c.me, m) for *_, m in rows]
    return t.messages.PeerDialogs([_dialog(*row) for row in rows], tl, chats, users, c.state())


@on(f.messages.GetPinnedDialogsRequest)
def get_pinned_dialogs(c: Call, r: Any) -> Any:
    return t.messages.PeerDialogs([], [], [], [], c.state())


@on(f.contacts.GetContactsRequest, users_only=True)
def get_contacts(c: Call, r: Any) -> Any:
    return t.contacts.Contacts([], 0, [])


@on(f.account.UpdateStatusRequest, f.messages.SetTypingRequest)
def noted(c: Call, r: Any) -> Any:
    return True
