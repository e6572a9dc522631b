"""Keys and sessions: who is logged in with which key, and what waits to be sent to them."""

from __future__ import annotations

import os
import time
from collections import Counter
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from telethon.tl import types as t

from sandbox.mtproto.envelope import container, encode, rpc_result
from sandbox.world import RpcFailure

if TYPE_CHECKING:
    from sandbox.mtproto.connection import Connection

SEEN_LIMIT = 4_000  # message ids remembered per session; Telethon re-sends only what is in flight
IDLE_SESSIONS = 16  # per key; every reconnect of Telethon opens a new one
CONTAINER_MESSAGES, CONTAINER_BYTES = 100, 900_000


class AuthKey:
    """One authorisation key: what a session string holds. The login lives here, not on the connection."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.id = sha1(key).digest()[-8:]
        self.salt = int.from_bytes(os.urandom(8), "little", signed=True)
        self.user_id: int | None = None  # changed by MTProtoServer.bind alone, which keeps the index
        self.layer = 0
        self.sessions: dict[int, Session] = {}
        self.login: dict[str, Any] = {}  # the steps of a login under way
        self.dead: RpcFailure | None = None  # the answer to everything, once the key is no longer good
        self.connections: set[Connection] = set()
        self.calls: Counter[str] = Counter()  # made with it, by method

    def open(self, session_id: int) -> Session:
        if len(self.sessions) >= IDLE_SESSIONS:
            for s in [s for s in self.sessions.values() if s.conn is None]:
                del self.sessions[s.id]
        s = self.sessions[session_id] = Session(self, session_id)
        return s


class Session:
    """One (auth key, session id) pair; lives across TCP connections."""

    def __init__(self, auth: AuthKey, session_id: int) -> None:
        self.auth = auth
        self.id = session_id
        self.conn: Connection | None = None
        self.wants_updates = False
        self._seq = self._last_id = 0
        self._out: list[tuple[bytes, bool, bool]] = []
        self._seen: dict[int, None] = {}  # in order of arrival

    @property
    def user_id(self) -> int | None:
        return self.auth.user_id

    def is_new(self, message_id: int) -> bool:
        """Whether this message comes for the first time; it is remembered."""
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > SEEN_LIMIT:
            for old in list(self._seen)[: SEEN_LIMIT // 2]:
                del self._seen[old]
        return True

    def queue(self, body: bytes, content: bool = True, reply: bool = True) -> None:
        self._out.append((body, content, reply))

    def reply(self, request_id: int, result: Any, compress: bool = False) -> None:
        """Queue the answer to a request: a handler's result or a refusal."""
        if isinstance(result, RpcFailure):
            body = bytes(t.RpcError(result.code, result.message))
        else:
            body = encode(result)
        self.queue(rpc_result(request_id, body, compress))

    def flush(self) -> None:
        if not self._out or self.conn is None:
            return
        items, self._out = self._out, []
        packed: list[tuple[int, int, bytes]] = []
        for body, content, reply in items:
            packed.append((self._new_id(reply), self._seq * 2 + content, body))
            self._seq += content
        while packed:
            size = n = 0
            while n < min(len(packed), CONTAINER_MESSAGES) and (
                n == 0 or size + len(packed[n][2]) < CONTAINER_BYTES
            ):
                size += len(packed[n][2]) + 16
                n += 1
            chunk, packed = packed[:n], packed[n:]
            if n == 1:
                self.conn.send_encrypted(self, *chunk[0])
            else:  # the container's id must be above its contents'
                self.conn.send_encrypted(self, self._new_id(True), self._seq * 2, container(chunk))

    def _new_id(self, reply: bool) -> int:
        """Server ids: odd, strictly rising, clock-based; 1 mod 4 for replies, 3 for pushes."""
        now = time.time()  # never the world's clock: Telethon refuses ids over 300 s old or 30 s ahead
        base = (int(now) << 32 | int(now % 1 * 2**32)) & ~3
        base = max(base, (self._last_id & ~3) + 4)
        self._last_id = base | (1 if reply else 3)
        return self._last_id
