"""Putting people, chats and media into the world."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sandbox.world.box import Box
from sandbox.world.model import Channel, Group, Media, Message, Topic, User
from sandbox.world.sending import Sending


class Making(Sending):
    def add_user(self, first_name: str, **kw: Any) -> User:
        number = kw.pop("id", None) or next(i for i in self._ids if i not in self.users)
        u = User(number, first_name, **kw)
        self.users[u.id] = u
        self.boxes["user", u.id] = Box(("user", u.id))
        return u

    def add_bot(self, username: str, token: str | None = None) -> User:
        u = self.add_user(username, username=username, bot=True)
        u.token = token or f"{u.id}:{hashlib.sha256(self.secret + username.encode()).hexdigest()[:35]}"
        return u

    def add_channel(self, title: str, owner: User | None = None, *, origin: Any = None, **kw: Any) -> Channel:
        c = Channel(kw.pop("id", None) or next(self._ids), title, **kw)
        self.channels[c.id] = c
        self.boxes["channel", c.id] = Box(("channel", c.id))
        if owner:
            c.members[owner.id] = "creator"
        # real channels start with message 1, a service message
        self.add_service(c, "create", title, sender=owner, origin=origin)
        return c

    def add_group(
        self, title: str, owner: User, members: Iterable[User] = (), *, origin: Any = None, **kw: Any
    ) -> Group:
        """A basic group; everybody in it gets the message that it was made."""
        g = Group(kw.pop("id", None) or next(self._ids), title, **kw)
        self.chats[g.id] = g
        g.members |= {u.id: "member" for u in members} | {owner.id: "creator"}
        self.add_service(g, "create", title, sender=owner, detail=[*g.members], origin=origin)
        return g

    def add_topic(
        self,
        c: Channel,
        title: str,
        sender: User | None = None,
        origin: Any = None,
        *,
        color: int = 0x6FB9F0,
        emoji: int | None = None,
        **fields: Any,
    ) -> Topic:
        """`fields` are its service message's, such as the date."""
        c.become_forum()
        detail = {"color": color, "emoji": emoji}
        # a topic's id is the id of its service message
        m = self.add_service(c, "topic", title, sender=sender, detail=detail, origin=origin, **fields)
        c.topics[m.id] = Topic(m.id, title, icon_color=color, icon_emoji=emoji)
        return c.topics[m.id]

    def add_service(
        self,
        chat: Channel | Group,
        what: str,
        text: str = "",
        *,
        sender: User | None = None,
        detail: Any = None,
        origin: Any = None,
        **fields: Any,
    ) -> Message:
        """A service message; `what` and `detail` as in Message. In the sender's view."""
        peer = ("channel" if isinstance(chat, Channel) else "chat", chat.id)
        spec = {"text": text, "service": what, "detail": detail, **fields}
        ((_, _, m),) = self.commit(sender.id if sender else None, peer, [spec], origin)
        return m

    def add_media(self, kind: str, data: bytes = b"", **kw: Any) -> Media:
        m = Media(kind, kw.pop("id", None) or 10**12 + next(self._ids), data, **kw)
        self.files[m.id] = m
        return m
