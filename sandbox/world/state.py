"""The world's tables and the questions everyone asks of them; what changes them stands in its own modules."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import math
import time
from collections.abc import Callable
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.faults import Fault
from sandbox.world.lengths import Lengths
from sandbox.world.limits import FloodLimit
from sandbox.world.model import Channel, Group, Media, Message, Peer, RpcFailure, User
from sandbox.world.random_ids import MODES, RandomIds

CALLS_LIMIT = 100_000  # journalled calls that are kept


class State:
    """`clock` gives the world's seconds (Unix time); `secret` seeds tokens and access hashes."""

    def __init__(self, clock: Callable[[], float] = time.time, secret: bytes = b"sandbox") -> None:
        self.clock = clock
        self.secret = secret
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self.chats: dict[int, Group] = {}
        self.boxes: dict[Peer, Box] = {}
        self.files: dict[int, Media] = {}
        #: The only addresses of which Telegram has a preview -> title, description, site_name, photo (Media).
        self.previews: dict[str, dict[str, Any]] = {}
        self.lengths = Lengths()
        self.faults: list[Fault] = []
        self.limits: list[FloodLimit] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.random_ids = RandomIds()
        self.callbacks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.calls: list[tuple[str, int | None]] = []  # every RPC, for assertions
        self.login_code = "12345"
        self.protected: set[tuple[int, int]] = set()  # (who protects, the chat with whom)
        self.strict_keys = True  # a key used by two connections at once is dead from then on
        self.qr_tokens: dict[bytes, int | None] = {}  # token -> the user who scanned it
        self._ids = itertools.count(1000)
        self._copies: dict[int, list[tuple[Box, int]]] = {}  # uid -> where the copies are, outside channels
        self._names: dict[str, Peer] = {}

    @property
    def random_id_mode(self) -> str:
        """How a repeated random_id is answered: one of random_ids.MODES."""
        return self.random_ids.mode

    @random_id_mode.setter
    def random_id_mode(self, mode: str) -> None:
        self.set_random_id_mode(mode)

    def set_random_id_mode(self, mode: str, target: Peer | None = None) -> None:
        """For everybody, or for what is sent to one chat."""
        if mode not in MODES:
            raise ValueError(f"no mode of random ids called {mode!r}; there are: {', '.join(MODES)}")
        if target is None:
            self.random_ids.mode = mode
        else:
            self.random_ids.modes[target] = mode

    def access_hash(self, viewer: int, kind: str, id_: int) -> int:
        """Access hashes differ per account, as the real ones do."""
        h = hashlib.blake2b(b"%s|%d|%s|%d" % (self.secret, viewer, kind.encode(), id_), digest_size=8)
        return int.from_bytes(h.digest(), "little", signed=True)

    def by_username(self, name: str) -> Peer | None:
        name = name.lstrip("@").lower()
        peer = self._names.get(name)
        if peer is None or name not in self._usernames(peer):  # somebody changed a username directly
            self._names = {n: p for p in (*self._people(), *self._channels()) for n in self._usernames(p)}
            peer = self._names.get(name)
        return peer

    def _people(self) -> list[Peer]:
        return [("user", i) for i in self.users]

    def _channels(self) -> list[Peer]:
        return [("channel", i) for i in self.channels]

    def _usernames(self, peer: Peer) -> list[str]:
        if peer[0] == "user":
            names = [self.users[peer[1]].username]
        else:
            names = [self.channels[peer[1]].username, *self.channels[peer[1]].usernames]
        return [name.lower() for name in names if name]

    def knows(self, peer: Peer) -> bool:
        kind, id_ = peer
        if kind == "user":
            return id_ in self.users
        return id_ in self.channels if kind == "channel" else id_ in self.chats

    def chat(self, peer: Peer) -> Channel | Group:
        """The channel or basic group behind a peer that is no user; KeyError where there is none."""
        return self.channels[peer[1]] if peer[0] == "channel" else self.chats[peer[1]]

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
            if c.has(viewer) and not c.deleted:
                box = self.boxes["channel", c.id]
                out.append((box.key, box, box.last(box.key)))
        box = self.boxes["user", viewer]
        out += [(peer, box, box.last(peer)) for peer, ids in box.order.items() if ids]
        out.sort(key=lambda d: -(d[2].date if d[2] else 0))
        return out

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
        if not self.faults:
            return None
        return next((f for f in self.faults if f.take(method, user, target)), None)

    def charge(self, method: str, account: int | None, target: Peer | None = None, messages: int = 1) -> None:
        """Count a call against the limits; RpcFailure FLOOD_WAIT with the true rest where one is full."""
        now = self.clock()
        touched = [x for x in self.limits if x.applies(method, account, target)]
        wait = max((x.wait(account, target, messages, now) for x in touched), default=0.0)
        if wait > 0:
            raise RpcFailure(420, f"FLOOD_WAIT_{math.ceil(wait)}")
        for x in touched:
            x.charge(account, target, messages, now)
