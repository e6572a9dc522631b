"""The listener: knows every key, and pushes what happens in the world to whoever is connected."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator

from telethon.crypto import AuthKey as ClientKey
from telethon.sessions import StringSession
from telethon.tl import types as t

from sandbox.mtproto import convert
from sandbox.mtproto.calls import Calls
from sandbox.mtproto.connection import Connection
from sandbox.mtproto.handshake import ServerKey
from sandbox.mtproto.media import DC, when
from sandbox.mtproto.session import AuthKey, Session
from sandbox.world import Box, Event, RpcFailure, World


class MTProtoServer:
    """`gzip` packs answers over 512 bytes; `shortest_key` see Handshake."""

    def __init__(
        self, world: World, key: ServerKey | None = None, gzip: bool = False, shortest_key: int = 2040
    ) -> None:
        self.world = world
        self.key = key or ServerKey()
        self.gzip = gzip
        self.shortest_key = shortest_key
        self.auth_keys: dict[bytes, AuthKey] = {}
        self.uploads: dict[tuple[bytes, int], dict[int, bytes]] = {}
        self.connections: set[Connection] = set()
        self.host, self.port = "127.0.0.1", 0
        self._by_user: dict[int, dict[bytes, AuthKey]] = {}
        self.calls = Calls(self)
        world.listeners.append(self.on_event)

    async def start(self, port: int = 0) -> MTProtoServer:
        self._server = await asyncio.start_server(self._accept, self.host, port, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self.world.listeners.remove(self.on_event)
        self._server.close()
        self.calls.stop()
        for c in list(self.connections):
            c.close(abort=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        c = Connection(self, reader, writer)
        self.connections.add(c)
        try:
            await c.run()
        finally:
            self.connections.discard(c)

    def learn(self, key: bytes, user_id: int | None = None) -> AuthKey:
        """Know a key from now on; with `user_id`, as logged in."""
        auth = AuthKey(key)
        auth = self.auth_keys.setdefault(auth.id, auth)
        if user_id is not None:
            self.bind(auth, user_id)
        return auth

    def bind(self, auth: AuthKey, user_id: int | None) -> None:
        """Log the key in (or out, with None)."""
        if auth.user_id is not None:
            self._by_user[auth.user_id].pop(auth.id, None)
        auth.user_id = user_id
        if user_id is not None:
            auth.dead = None
            self._by_user.setdefault(user_id, {})[auth.id] = auth

    def kill(self, auth: AuthKey, answer: RpcFailure) -> None:
        """Whoever uses the key gets this answer from now on, until a new login."""
        self.bind(auth, None)
        auth.dead = answer

    def session_for(self, user_id: int, dc: int = DC) -> StringSession:
        """A logged-in Telethon session without any handshake."""
        key = b"\x01" + os.urandom(255)
        self.learn(key, user_id)
        session = StringSession()
        session.set_dc(dc, self.host, self.port)
        session.auth_key = ClientKey(key)
        return session

    def sessions(self, user_id: int) -> Iterator[Session]:
        """The user's sessions that are connected."""
        for auth in self._by_user.get(user_id, {}).values():
            yield from (s for s in auth.sessions.values() if s.conn)

    def on_event(self, ev: Event) -> None:
        if ev.kind == "qr":
            self._tell_scanned(ev.extra["token"])
        elif ev.kind == "revoked":
            for auth in list(self._by_user.get(ev.extra["user"], {}).values()):
                self.kill(auth, RpcFailure(401, ev.extra["reason"]))
        elif ev.kind in ("new", "edit", "delete", "pin") and ev.box is not None:
            for uid in self.world.readers(ev.box):
                self._push(uid, ev, ev.box)

    def _push(self, uid: int, ev: Event, box: Box) -> None:
        body = None
        for s in self.sessions(uid):
            if s is ev.origin or not s.wants_updates:
                continue
            body = body or bytes(convert.updates(self.world, uid, box, ev.kind, ev.items))
            s.queue(body, reply=False)
            s.flush()

    def _tell_scanned(self, token: bytes) -> None:
        update = bytes(t.UpdateShort(t.UpdateLoginToken(), when(int(time.time()))))
        for auth in self.auth_keys.values():
            if auth.login.get("qr") == token:
                for s in auth.sessions.values():
                    s.queue(update, reply=False)
                    s.flush()
