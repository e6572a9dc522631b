"""The world's tables and the questions everyone asks of them; what changes them stands in its own modules."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import time
from collections.abc import Callable
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.faults import Fault
from sandbox.world.model import Channel, Media, Message, Peer, RpcFailure, User

CALLS_LIMIT = 100_000  # journalled calls that are kept


class State:
    """`clock` gives the world's seconds (Unix time); `secret` seeds tokens and access hashes."""

    def __init__(self, clock: Callable[[], float] = time.time, secret: bytes = b"sandbox") -> None:
        self.clock = clock
        self.secret = secret
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.boxes: dict[Peer, Box] = {}
        self.files: dict[int, Media] = {}
        self.faults: list[Fault] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.random_ids: dict[tuple[int, int], int] = {}
        self.callbacks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.calls: list[tuple[str, int | None]] = []  # every RPC, for assertions
        self.login_code = "12345"
        self.qr_tokens: dict[bytes, int | None] = {}  # token -> the user who scanned it
        self._ids = itertools.count(1000)

    def access_hash(self, viewer: int, kind: str, id_: int) -> int:
        """Access hashes differ per account, as the real ones do."""
        h = hashlib.blake2b(b"%s|%d|%s|%d" % (self.secret, viewer, kind.encode(), id_), digest_size=8)
        return int.from_bytes(h.digest(), "little", signed=True)

    def by_username(self, name: str) -> Peer | None:
        name = name.lstrip("@").lower()
        for kind, table in (("user", self.users), ("channel", self.channels)):
            for x in table.values():
                if x.username and x.username.lower() == name:
                    return kind, x.id
        return None

    def box_for(self, viewer: int, peer: Peer) -> Box:
        """The sequence in which `viewer` sees the messages of `peer`."""
        return self.boxes[peer] if peer[0] == "channel" else self.boxes["user", viewer]

    def readers(self, box: Box) -> list[int]:
        if box.key[0] == "user":
            return [box.key[1]]
        return [u for u, role in self.channels[box.key[1]].members.items() if role != "banned"]

    def dialogs(self, viewer: int) -> list[tuple[Peer, Box, Message | None]]:
        """Everything in the viewer's chat list, newest first."""
        out: list[tuple[Peer, Box, Message | None]] = []
        for c in self.channels.values():
            if c.members.get(viewer, "banned") != "banned":
                box = self.boxes["channel", c.id]
                out.append((box.key, box, box.last(box.key)))
        box = self.boxes["user", viewer]
        out += [(peer, box, box.last(peer)) for peer, ids in box.order.items() if ids]
        out.sort(key=lambda d: -(d[2].date if d[2] else 0))
        return out

    def check(self, user_id: int, peer: Peer, posting: bool) -> None:
        """Raises RpcFailure where the user may not read (or post to) the peer."""
        if peer[0] != "channel":
            return
        c = self.channels[peer[1]]
        role = c.members.get(user_id)
        if role == "banned" or (role is None and not c.username):
            raise RpcFailure(400, "CHANNEL_PRIVATE")
        if posting and not c.can_post(user_id):
            raise RpcFailure(403, "CHAT_WRITE_FORBIDDEN")

    def new_group_id(self) -> int:
        return 13_000_000_000_000_000 + next(self._ids)

    def emit(self, event: Event) -> None:
        for listener in list(self.listeners):
            listener(event)

    def fault_for(self, method: str, user: int | None, target: Peer | None = None) -> Fault | None:
        """Journals the call and returns the fault, if any, that it shall meet."""
        if len(self.calls) >= CALLS_LIMIT:
            del self.calls[: CALLS_LIMIT // 2]
        self.calls.append((method, user))
        return next((f for f in self.faults if f.take(method, user, target)), None)
