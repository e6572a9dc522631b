"""Putting people, chats and media into the world."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.model import Channel, Media, Message, Topic, User
from sandbox.world.state import State


class Making(State):
    def add_user(self, first_name: str, **kw: Any) -> User:
        u = User(kw.pop("id", None) or next(self._ids), first_name, **kw)
        self.users[u.id] = u
        self.boxes["user", u.id] = Box(("user", u.id))
        return u

    def add_bot(self, username: str, token: str | None = None) -> User:
        u = self.add_user(username, username=username, bot=True)
        u.token = token or f"{u.id}:{hashlib.sha256(self.secret + username.encode()).hexdigest()[:35]}"
        return u

    def add_channel(self, title: str, owner: User | None = None, **kw: Any) -> Channel:
        c = Channel(kw.pop("id", None) or next(self._ids), title, **kw)
        self.channels[c.id] = c
        self.boxes["channel", c.id] = Box(("channel", c.id))
        if owner:
            c.members[owner.id] = "creator"
        self.add_service(c, "create", title)  # real channels start with message 1, a service message
        return c

    def add_topic(self, c: Channel, title: str) -> Topic:
        m = self.add_service(c, "topic", title)  # a topic's id is the id of its service message
        c.topics[m.id] = Topic(m.id, title)
        return c.topics[m.id]

    def add_service(self, c: Channel, what: str, text: str) -> Message:
        box = self.boxes["channel", c.id]
        m = Message(box.next_id, box.key, None, int(self.clock()), text, service=what)
        box.next_id += 1
        pts = box.add(m)
        self.emit(Event("new", box, [(pts, 1, m)]))
        return m

    def add_media(self, kind: str, data: bytes = b"", **kw: Any) -> Media:
        m = Media(kind, kw.pop("id", None) or 10**12 + next(self._ids), data, **kw)
        self.files[m.id] = m
        return m
