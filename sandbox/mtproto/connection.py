"""One TCP connection: packets in, packets out, and each call on its way through the world."""

from __future__ import annotations

import asyncio
import inspect
import logging
import struct
import time
from typing import TYPE_CHECKING, Any

from telethon.extensions import BinaryReader
from telethon.tl import functions as f
from telethon.tl import types as t
from telethon.tl.core import GzipPacked

from sandbox.mtproto import rpc
from sandbox.mtproto.envelope import CONTAINER, encode, rpc_result, seal, unseal
from sandbox.mtproto.handshake import Handshake
from sandbox.mtproto.session import Session
from sandbox.mtproto.transport import Codec, detect
from sandbox.world import RpcFailure

if TYPE_CHECKING:
    from sandbox.mtproto.server import MTProtoServer

log = logging.getLogger("sandbox.mtproto")
HIGH_WATER = 1 << 20  # bytes waiting in the socket before reading pauses


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
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            self._codec = await detect(self.reader)
            while True:
                self._packet(await self._codec.read(self.reader))
                if self.writer.transport.get_write_buffer_size() > HIGH_WATER:
                    await self.writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:
            log.exception("connection failed")
        finally:
            self.close()

    def close(self, abort: bool = False) -> None:
        for s in self.sessions:
            if s.conn is self:
                s.conn = None
        if abort:
            self.writer.transport.abort()
        else:
            self.writer.close()

    def send_encrypted(self, s: Session, mid: int, seq: int, body: bytes) -> None:
        data = struct.pack("<qqqii", s.auth.salt, s.id, mid, seq, len(body)) + body
        self.writer.write(self._codec.frame(seal(s.auth.key, s.auth.id, data)))

    def _packet(self, data: bytes) -> None:
        key_id = data[:8]
        if key_id == bytes(8):
            return self._plain(data)
        auth = self.server.auth_keys.get(key_id)
        if auth is None:  # a transport error: Telethon raises AuthKeyNotFound on it
            self.writer.write(self._codec.frame(struct.pack("<i", -404)))
            return self.close()
        body = unseal(auth.key, data)
        salt, sid, mid, seq, size = struct.unpack_from("<qqqii", body)
        session = auth.sessions.get(sid)
        if session is None:
            session = auth.open(sid)
            if salt == auth.salt:
                session.queue(bytes(t.NewSessionCreated(mid, sid, auth.salt)))
        session.conn = self
        self.sessions.add(session)
        if salt != auth.salt:  # Telethon always starts with salt 0
            session.queue(bytes(t.BadServerSalt(mid, seq, 48, auth.salt)), content=False)
        elif mid % 4 or not -300 < (mid >> 32) - time.time() < 30:
            code = 18 if mid % 4 else 16
            session.queue(bytes(t.BadMsgNotification(mid, seq, code)), content=False)
        else:
            self._message(session, mid, body[32 : 32 + size])
        session.flush()

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
                self._reply(s, mid, RpcFailure(400, "INPUT_METHOD_INVALID"))
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
            self._call(s, mid, req)

    def _call(self, s: Session, mid: int, req: Any) -> None:
        req, updates = rpc.unwrap(s.auth, req)
        name = rpc.name_of(req)
        if s.user_id and updates and name != "help.getConfig":
            s.wants_updates = True
        fault = self.server.world.fault_for(name, s.user_id)
        if fault and fault.action == "drop_before":
            return self.close(abort=True)
        if fault and fault.action == "flood":
            return self._reply(s, mid, RpcFailure(420, f"FLOOD_WAIT_{int(fault.seconds)}"))
        if fault and fault.action == "error":
            return self._reply(s, mid, RpcFailure(fault.code, fault.message))
        result = self._answer(s, req, name)
        if fault and fault.action == "drop_after":  # committed, and the client will never hear of it
            return self.close(abort=True)
        if inspect.isawaitable(result) or (fault and fault.action == "delay"):
            task = asyncio.create_task(self._later(s, mid, result, fault.seconds if fault else 0))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        self._reply(s, mid, result)

    def _answer(self, s: Session, req: Any, name: str) -> Any:
        try:
            return rpc.dispatch(self.server, s, req)
        except RpcFailure as e:
            return e
        except Exception:
            log.exception("handler %s failed", name)
            return RpcFailure(400, "SANDBOX_BUG")  # not 500: Telethon retries those 5 times, 2 s apart

    async def _later(self, s: Session, mid: int, result: Any, delay: float) -> None:
        await asyncio.sleep(delay)
        if inspect.isawaitable(result):
            try:
                result = await result
            except RpcFailure as e:
                result = e
        self._reply(s, mid, result)
        s.flush()

    def _reply(self, s: Session, mid: int, result: Any) -> None:
        if isinstance(result, RpcFailure):
            s.queue(rpc_result(mid, bytes(t.RpcError(result.code, result.message)), False))
        else:
            s.queue(rpc_result(mid, encode(result), self.server.gzip))
