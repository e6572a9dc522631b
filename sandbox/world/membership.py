"""Who is in a chat, who runs it, and what becomes of chats and accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.making import Making
from sandbox.world.model import Channel, Group, Peer, RpcFailure, User


class Membership(Making):
    def join(self, user_id: int, peer: Peer, invite: bool = False, origin: Any = None) -> None:
        """Become a member; private chats need an invitation. Being one already is no error in a channel."""
        chat = self.chat(peer)
        public = isinstance(chat, Channel) and chat.username
        if chat.deleted or chat.members.get(user_id) == "banned" or not (public or invite):
            raise RpcFailure(400, "CHANNEL_PRIVATE")
        if user_id not in chat.members:
            chat.members[user_id] = "member"
            self._say(chat, "join", user_id, user_id, origin)

    def leave(self, user_id: int, peer: Peer, origin: Any = None) -> None:
        chat = self.chat(peer)
        if not chat.has(user_id):
            raise RpcFailure(400, "USER_NOT_PARTICIPANT")
        if chat.members[user_id] == "creator" and isinstance(chat, Channel):
            raise RpcFailure(400, "USER_CREATOR")
        self._say(chat, "leave", user_id, user_id, origin)
        del chat.members[user_id]

    def set_role(
        self, actor: int, peer: Peer, user_id: int, role: str | None, denied: Iterable[str] = ()
    ) -> None:
        """member, admin (without the rights `denied`), banned, or None for out of the chat."""
        self.check_admin(actor, peer, "ban_users" if role in ("banned", None) else "add_admins")
        chat = self.chat(peer)
        if chat.members.get(user_id) == "creator":
            raise RpcFailure(400, "USER_CREATOR")
        if role is None:
            chat.members.pop(user_id, None)
        else:
            chat.members[user_id] = role
        if isinstance(chat, Channel):
            chat.denied.pop(user_id, None)
            if role == "admin" and (lacking := set(denied)):
                chat.denied[user_id] = lacking

    def make_invite(self, user_id: int, peer: Peer) -> str:
        """A new invitation's hash: t.me/+hash."""
        self.check_admin(user_id, peer, "invite_users")
        seed = b"%s invite %d" % (self.secret, next(self._ids))
        invite = hashlib.sha256(seed).hexdigest()[:16]
        self.chat(peer).invites[invite] = user_id
        return invite

    def invited_to(self, invite: str) -> Peer:
        """Where the hash leads; RpcFailure INVITE_HASH_EXPIRED where it leads nowhere."""
        for kind, table in (("channel", self.channels), ("chat", self.chats)):
            for chat in table.values():
                if invite in chat.invites and not chat.deleted:
                    return kind, chat.id
        raise RpcFailure(400, "INVITE_HASH_EXPIRED")

    def delete_chat(self, user_id: int, peer: Peer) -> None:
        chat = self.chat(peer)
        if chat.members.get(user_id) != "creator":
            raise RpcFailure(400, "CHAT_ADMIN_REQUIRED")
        chat.deleted = True

    def migrate(self, user_id: int, group: Group, origin: Any = None) -> Channel:
        """Turn a basic group into a supergroup; its old history stays where it is."""
        self.check_admin(user_id, ("chat", group.id))
        if group.migrated_to is not None:
            raise RpcFailure(400, "CHAT_ID_INVALID")
        kept: dict[str, Any] = {"about": group.about, "noforwards": group.noforwards, "photo": group.photo}
        kept["barred"] = set(group.barred)
        members = dict(group.members)
        c = Channel(next(self._ids), group.title, megagroup=True, members=members, **kept)
        last = self.boxes["user", user_id].last(("chat", group.id))
        c.migrated_from = (group.id, last.id if last else 0)
        self.channels[c.id] = c
        self.boxes["channel", c.id] = Box(("channel", c.id))
        me = self.users[user_id]
        self.add_service(group, "migrate_to", sender=me, detail=c.id, origin=origin)
        group.migrated_to = c.id
        self.add_service(c, "migrate_from", group.title, sender=me, detail=group.id, origin=origin)
        return c

    def revoke(self, user: User, reason: str = "SESSION_REVOKED") -> None:
        """End all the account's logins; `reason` is the 401 it meets, or USER_DEACTIVATED_BAN for good."""
        user.deleted = user.deleted or reason.startswith("USER_DEACTIVATED")
        self.emit(Event("revoked", None, extra={"user": user.id, "reason": reason}))

    def _say(self, chat: Channel | Group, what: str, actor: int, about: int, origin: Any) -> None:
        """Groups say who comes and goes; broadcast channels do not."""
        if isinstance(chat, Group) or chat.megagroup:
            self.add_service(chat, what, sender=self.users[actor], detail=about, origin=origin)
