"""One TCP connection: packets in, packets out, and which key may use it."""

from __future__ import annotations

import asyncio
import logging
import struct
import time
from typing import TYPE_CHECKING, Any

from telethon.extensions import BinaryReader
from telethon.tl import functions as f
from telethon.tl import types as t
from telethon.tl.core import GzipPacked

from sandbox.mtproto.envelope import CONTAINER, seal, unseal
from sandbox.mtproto.handshake import Handshake
from sandbox.mtproto.session import AuthKey, Session
from sandbox.mtproto.transport import Codec, detect
from sandbox.world import RpcFailure

if TYPE_CHECKING:
    from sandbox.mtproto.server import MTProtoServer

log = logging.getLogger("sandbox.mtproto")
HIGH_WATER = 1 << 20  # bytes waiting in the socket before reading pauses
GRACE = 0.2  # seconds in which an older connection of the same key may turn out to be closed


class Connection:
    def __init__(
        self, server: MTProtoServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.sessions: set[Session] = set()
        self._codec: Codec
        self._handshake = Handshake(server.key, server.shortest_key)
        self.gone = asyncio.Event()  # set when it is closed, by whichever side

    async def run(self) -> None:
        try:
            self._codec = await detect(self.reader)
            while True:
                await self._packet(await self._codec.read(self.reader))
                if self.writer.transport.get_write_buffer_size() > HIGH_WATER:
                    await self.writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:
            log.exception("connection failed")
        finally:
            self.close()

    def close(self, abort: bool = False) -> None:
        self.gone.set()
        for s in self.sessions:
            s.auth.connections.discard(self)
            if s.conn is self:
                s.conn = None
        if abort:
            self.writer.transport.abort()
        else:
            self.writer.close()

    def send_encrypted(self, s: Session, mid: int, seq: int, body: bytes) -> None:
        data = struct.pack("<qqqii", s.auth.salt, s.id, mid, seq, len(body)) + body
        self.writer.write(self._codec.frame(seal(s.auth.key, s.auth.id, data)))

    async def _packet(self, data: bytes) -> None:
        key_id = data[:8]
        if key_id == bytes(8):
            return self._plain(data)
        auth = self.server.auth_keys.get(key_id)
        if auth is None:  # a transport error: Telethon raises AuthKeyNotFound on it
            self.writer.write(self._codec.frame(struct.pack("<i", -404)))
            return self.close()
        body = unseal(auth.key, data)
        salt, sid, mid, seq, size = struct.unpack_from("<qqqii", body)
        if self.server.world.strict_keys and len(auth.connections) > (self in auth.connections):
            await self._contend(auth, sid)
        session = self._session(auth, sid, mid, salt)
        if salt != auth.salt:  # Telethon always starts with salt 0
            session.queue(bytes(t.BadServerSalt(mid, seq, 48, auth.salt)), content=False)
        elif mid % 4 or not -300 < (mid >> 32) - time.time() < 30:
            code = 18 if mid % 4 else 16
            session.queue(bytes(t.BadMsgNotification(mid, seq, code)), content=False)
        else:
            self._message(session, mid, body[32 : 32 + size])
        session.flush()

    def _session(self, auth: AuthKey, sid: int, mid: int, salt: int) -> Session:
        session = auth.sessions.get(sid)
        if session is None:
            session = auth.open(sid)
            if salt == auth.salt:
                session.queue(bytes(t.NewSessionCreated(mid, sid, auth.salt)))
        session.conn = self
        self.sessions.add(session)
        auth.connections.add(self)
        return session

    async def _contend(self, auth: AuthKey, sid: int) -> None:
        """One key on two live connections stands for two addresses: at Telegram that is the end of the key.

        A process that was killed leaves a connection whose end may still be unread, hence the short wait.
        """
        deadline = time.monotonic() + GRACE
        while auth.dead is None and self._rivals(auth, sid):
            if time.monotonic() > deadline:
                self.server.kill(auth, RpcFailure(406, "AUTH_KEY_DUPLICATED"))
            await asyncio.sleep(0.005)

    def _rivals(self, auth: AuthKey, sid: int) -> bool:
        others = [c for c in auth.connections if c is not self]
        return any(s.auth is auth and s.id != sid for c in others for s in c.sessions)

    def _plain(self, data: bytes) -> None:
        req = BinaryReader(data[20:]).tgread_object()
        answer = bytes(self._handshake.step(req))
        if self._handshake.auth_key:
            self.server.learn(self._handshake.auth_key)
        mid = (int(time.time()) << 32) | 1
        self.writer.write(self._codec.frame(struct.pack("<qqi", 0, mid, len(answer)) + answer))

    # ---- inside the envelope ---------------------------------------------------------------------
    def _message(self, s: Session, mid: int, body: bytes) -> None:
        code = int.from_bytes(body[:4], "little")
        if code == CONTAINER:
            count, pos = struct.unpack_from("<i", body, 4)[0], 8
            for _ in range(count):
                inner, _seq, size = struct.unpack_from("<qii", body, pos)
                self._message(s, inner, body[pos + 16 : pos + 16 + size])
                pos += 16 + size
        elif code == GzipPacked.CONSTRUCTOR_ID:
            self._message(s, mid, GzipPacked.from_reader(BinaryReader(body[4:])).data)
        else:
            try:
                req = BinaryReader(body).tgread_object()
            except Exception as e:
                log.warning("unreadable message %s: %r", body[:8].hex(), e)
                s.reply(mid, RpcFailure(400, "INPUT_METHOD_INVALID"))
            else:
                self._request(s, mid, req)

    def _request(self, s: Session, mid: int, req: Any) -> None:
        if isinstance(req, (t.MsgsAck, t.MsgsStateInfo, t.MsgsAllInfo)):
            return
        if isinstance(req, (f.PingRequest, f.PingDelayDisconnectRequest)):
            s.queue(bytes(t.Pong(mid, req.ping_id)))
        elif isinstance(req, f.GetFutureSaltsRequest):
            now = int(time.time())
            salts = [t.FutureSalt(now, now + 86400, s.auth.salt)]
            s.queue(bytes(t.FutureSalts(mid, now, salts)))
        elif isinstance(req, f.DestroySessionRequest):
            s.queue(bytes(t.DestroySessionOk(req.session_id)))
        elif s.is_new(mid):
            self.server.calls.take(self, s, mid, req)
