"""Making, renaming, protecting and ending chats."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Channel, Peer, RpcFailure

ABOUT_LIMIT = 255  # characters


def _chat(c: Call, chat_id: int) -> Peer:
    return c.peer(t.InputPeerChat(chat_id))


def changed(c: Call, p: Peer) -> Any:
    """Updates that say only that something about the chat is new."""
    update = t.UpdateChannel(p[1]) if p[0] == "channel" else t.UpdateChat(p[1])
    return cv.envelope(c.w, c.me, [update], [], [p])


@on(f.channels.CreateChannelRequest, users_only=True)
def create_channel(c: Call, r: Any) -> Any:
    if not r.title.strip():
        raise RpcFailure(400, "CHAT_TITLE_EMPTY")
    kind = {"megagroup": bool(r.megagroup or r.forum), "forum": bool(r.forum)}
    ch = c.w.add_channel(r.title, c.w.users[c.me], about=_about(r.about), origin=c.session, **kind)
    return c.done(("channel", ch.id), 0)


@on(f.messages.CreateChatRequest, users_only=True)
def create_chat(c: Call, r: Any) -> Any:
    users = [c.w.users[c.peer(u)[1]] for u in r.users]
    mark = c.w.boxes["user", c.me].pts
    g = c.w.add_group(r.title, c.w.users[c.me], users, origin=c.session)
    return t.messages.InvitedUsers(c.done(("chat", g.id), mark), [])


@on(f.channels.EditTitleRequest)
def edit_title(c: Call, r: Any) -> Any:
    return _retitle(c, c.peer(r.channel), r.title)


@on(f.messages.EditChatTitleRequest)
def edit_chat_title(c: Call, r: Any) -> Any:
    return _retitle(c, _chat(c, r.chat_id), r.title)


def _retitle(c: Call, p: Peer, title: str) -> Any:
    mark = c.mark(p)
    c.w.set_title(c.me, p, title, c.session)
    return c.done(p, mark)


@on(f.messages.EditChatAboutRequest)
def edit_chat_about(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check_admin(c.me, p)
    chat = c.w.chat(p)
    if chat.about == r.about:
        raise RpcFailure(400, "CHAT_ABOUT_NOT_MODIFIED")
    chat.about = _about(r.about)
    return True


def _about(text: str) -> str:
    if len(text) > ABOUT_LIMIT:
        raise RpcFailure(400, "CHAT_ABOUT_TOO_LONG")
    return text


@on(f.messages.ToggleNoForwardsRequest)
def toggle_no_forwards(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
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
    p, ch = _managed(c, r.channel)
    if not ch.megagroup or ch.forum == r.enabled:
        raise RpcFailure(400, "CHAT_NOT_MODIFIED")
    ch.forum = r.enabled
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
    (_, ch), (_, group) = _managed(c, r.broadcast), _managed(c, r.group)
    ch.linked, group.linked = group.id, ch.id
    return True


def _managed(c: Call, channel: Any) -> tuple[Peer, Channel]:
    p = c.peer(channel)
    c.w.check_admin(c.me, p)
    return p, c.w.channels[p[1]]


@on(f.channels.DeleteChannelRequest)
def delete_channel(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    c.w.delete_chat(c.me, p)
    return changed(c, p)


@on(f.messages.DeleteChatRequest)
def delete_chat(c: Call, r: Any) -> Any:
    c.w.delete_chat(c.me, _chat(c, r.chat_id))
    return True


@on(f.messages.MigrateChatRequest)
def migrate_chat(c: Call, r: Any) -> Any:
    p = _chat(c, r.chat_id)
    mark = c.mark(p)
    ch = c.w.migrate(c.me, c.w.chats[p[1]], c.session)
    return c.done(p, mark, others=[("channel", ch.id)])
