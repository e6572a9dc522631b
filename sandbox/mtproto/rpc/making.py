"""Making, protecting, linking and ending chats."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Channel, Peer, RpcFailure
from sandbox.world.profile import ABOUT_LIMIT


def chat_of(c: Call, chat_id: int) -> Peer:
    return c.peer(t.InputPeerChat(chat_id))


def changed(c: Call, p: Peer) -> Any:
    """Updates that say only that something about the chat is new."""
    update = t.UpdateChannel(p[1]) if p[0] == "channel" else t.UpdateChat(p[1])
    return cv.envelope(c.w, c.me, [update], [], [p])


@on(f.channels.CreateChannelRequest, users_only=True)
def create_channel(c: Call, r: Any) -> Any:
    if not r.title.strip():
        raise RpcFailure(400, "CHAT_TITLE_EMPTY")
    if len(r.about) > ABOUT_LIMIT:
        raise RpcFailure(400, "CHAT_ABOUT_TOO_LONG")
    kind = {"megagroup": bool(r.megagroup or r.forum), "forum": bool(r.forum)}
    ch = c.w.add_channel(r.title, c.w.users[c.me], about=r.about, origin=c.session, **kind)
    return c.done(("channel", ch.id), 0)


@on(f.messages.CreateChatRequest, users_only=True)
def create_chat(c: Call, r: Any) -> Any:
    users = [c.w.users[c.peer(u)[1]] for u in r.users]
    mark = c.w.boxes["user", c.me].pts
    g = c.w.add_group(r.title, c.w.users[c.me], users, origin=c.session)
    return t.messages.InvitedUsers(c.done(("chat", g.id), mark), [])


@on(f.messages.ToggleNoForwardsRequest)
def toggle_no_forwards(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    if p[0] == "user":
        (c.w.protected.add if r.enabled else c.w.protected.discard)((c.me, p[1]))
        return cv.envelope(c.w, c.me, [], [], [p])
    chat = c.w.chat(p)
    if chat.members.get(c.me) != "creator":
        raise RpcFailure(400, "CHAT_ADMIN_REQUIRED")
    if chat.noforwards == r.enabled:
        raise RpcFailure(400, "CHAT_NOT_MODIFIED")
    chat.noforwards = r.enabled
    return changed(c, p)


@on(f.channels.ToggleSlowModeRequest)
def toggle_slow_mode(c: Call, r: Any) -> Any:
    p, ch = _managed(c, r.channel)
    ch.slowmode = r.seconds
    return changed(c, p)


@on(f.channels.ToggleForumRequest)
def toggle_forum(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.set_forum(c.me, p, r.enabled)
    return changed(c, p)


@on(f.channels.UpdateUsernameRequest)
def update_username(c: Call, r: Any) -> Any:
    _, ch = _managed(c, r.channel)
    if r.username and c.w.by_username(r.username):
        raise RpcFailure(400, "USERNAME_OCCUPIED")
    ch.username = r.username or None
    return True


@on(f.channels.SetDiscussionGroupRequest)
def set_discussion_group(c: Call, r: Any) -> Any:
    group = None if isinstance(r.group, t.InputChannelEmpty) else c.peer(r.group)
    c.w.link(c.me, c.peer(r.broadcast), group)
    return True


def _managed(c: Call, channel: Any) -> tuple[Peer, Channel]:
    p = c.peer(channel)
    c.w.check_admin(c.me, p, "change_info")
    return p, c.w.channels[p[1]]


@on(f.channels.DeleteChannelRequest)
def delete_channel(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    c.w.delete_chat(c.me, p)
    return changed(c, p)


@on(f.messages.DeleteChatRequest)
def delete_chat(c: Call, r: Any) -> Any:
    c.w.delete_chat(c.me, chat_of(c, r.chat_id))
    return True


@on(f.messages.MigrateChatRequest)
def migrate_chat(c: Call, r: Any) -> Any:
    p = chat_of(c, r.chat_id)
    mark = c.mark(p)
    ch = c.w.migrate(c.me, c.w.chats[p[1]], c.session)
    return c.done(p, mark, others=[("channel", ch.id)])
