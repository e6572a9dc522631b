"""Who may read, write and forward what, and how often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sandbox.world.model import Channel, Message, Peer, RpcFailure
from sandbox.world.permissions import check_kind
from sandbox.world.state import State


class Rights(State):
    def check(self, user_id: int, peer: Peer, posting: bool) -> None:
        """Raises RpcFailure where the user may not read (or post to) the peer."""
        if peer[0] == "channel":
            self._check_channel(user_id, peer[1], posting)
        elif peer[0] == "chat":
            self._check_group(user_id, peer, posting)
        elif posting and self.users[peer[1]].deleted:
            raise RpcFailure(400, "INPUT_USER_DEACTIVATED")

    def _check_channel(self, user_id: int, channel_id: int, posting: bool) -> None:
        c = self.channels[channel_id]
        role = c.members.get(user_id)
        if c.deleted or role == "banned" or (role is None and not c.username):
            raise RpcFailure(400, "CHANNEL_PRIVATE")
        if posting and c.monoforum:  # who writes there names a person: core.telegram.org/api/monoforum
            raise RpcFailure(400, "REPLY_TO_MONOFORUM_PEER_INVALID")
        if posting and not c.can_post(user_id):
            raise RpcFailure(400 if user_id in c.muted else 403, _refusal(user_id in c.muted))

    def _check_group(self, user_id: int, peer: Peer, posting: bool) -> None:
        g = self.chats[peer[1]]
        if g.deleted or (not g.has(user_id) and not self.boxes["user", user_id].order.get(peer)):
            raise RpcFailure(400, "CHAT_ID_INVALID")
        if posting and not g.can_post(user_id):
            raise RpcFailure(403, "CHAT_WRITE_FORBIDDEN")

    def check_admin(self, user_id: int, peer: Peer, right: str | None = None) -> None:
        """Raises RpcFailure unless the user runs the chat and, in a channel, was given the right to this."""
        self.check(user_id, peer, posting=False)
        if peer[0] == "user":
            return
        chat = self.chat(peer)
        if not chat.is_admin(user_id) or (isinstance(chat, Channel) and right in chat.lacking(user_id)):
            raise RpcFailure(400, "CHAT_ADMIN_REQUIRED")

    def check_pace(self, user_id: int, peer: Peer, messages: int, forwarding: bool) -> None:
        """Slow mode: one message (or one album) at a time for members who are no admins."""
        if peer[0] != "channel" or not messages:
            return
        c = self.channels[peer[1]]
        if not c.slowmode or c.is_admin(user_id):
            return
        if forwarding and messages > 1:
            raise RpcFailure(400, "SLOWMODE_MULTI_MSGS_DISABLED")
        now = self.clock()
        wait = c.last_post.get(user_id, 0.0) + c.slowmode - now
        if wait > 0:
            raise RpcFailure(420, f"SLOWMODE_WAIT_{math.ceil(wait)}")
        c.last_post[user_id] = now

    def check_kinds(self, user_id: int, peer: Peer, specs: Sequence[dict[str, Any]]) -> None:
        """One message of a kind that the group does not take refuses the whole call; so does a price.

        core.telegram.org/api/paid-messages: whoever names no stars that they would pay sends nothing, but for
        the admins.
        """
        if peer[0] == "user" or not specs:
            return
        chat = self.chat(peer)
        if isinstance(chat, Channel) and chat.stars and chat.megagroup and not chat.is_admin(user_id):
            raise RpcFailure(403, f"ALLOW_PAYMENT_REQUIRED_{chat.stars}")
        barred = chat.barred_for(user_id)
        for spec in specs if barred else ():
            if "service" not in spec:
                check_kind(spec, barred)

    def check_takeable(self, user_id: int, peer: Peer, messages: list[Message]) -> None:
        """Raises RpcFailure where the content is protected, by its chat or by itself.

        A private chat is protected for both as soon as one of them wishes so
        (core.telegram.org/api/content-protection).
        """
        if peer[0] == "user":
            chat_wide = not self.protected.isdisjoint(((user_id, peer[1]), (peer[1], user_id)))
        else:
            chat_wide = self.chat(peer).noforwards
        if chat_wide or any(m.noforwards for m in messages):
            raise RpcFailure(406, "CHAT_FORWARDS_RESTRICTED")


def _refusal(muted: bool) -> str:
    return "USER_BANNED_IN_CHANNEL" if muted else "CHAT_WRITE_FORBIDDEN"
