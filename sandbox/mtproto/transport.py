"""TCP framing: full, abridged, intermediate. The first bytes decide which."""

from __future__ import annotations

import asyncio
import struct
from zlib import crc32

MAX_PACKET = 1 << 24  # bytes; Telegram's own limit is lower


class Full:
    def __init__(self, head: bytes) -> None:
        self._head = head
        self._sent = 0

    async def read(self, r: asyncio.StreamReader) -> bytes:
        head = self._head + await r.readexactly(8 - len(self._head))
        self._head = b""
        length, _seq = struct.unpack("<ii", head)
        if not 12 <= length <= MAX_PACKET:
            raise ConnectionError("bad packet length")
        body = await r.readexactly(length - 8)
        if struct.unpack("<I", body[-4:])[0] != crc32(body[:-4], crc32(head)):
            raise ConnectionError("bad crc")
        return body[:-4]

    def frame(self, data: bytes) -> bytes:
        head = struct.pack("<ii", len(data) + 12, self._sent)
        self._sent += 1
        return b"".join((head, data, struct.pack("<I", crc32(data, crc32(head)))))


class Abridged:
    def __init__(self, head: bytes) -> None:
        self._head = head

    async def read(self, r: asyncio.StreamReader) -> bytes:
        head, self._head = self._head, b""
        head += await r.readexactly(max(0, 1 - len(head)))
        n, rest = head[0] & 0x7F, head[1:]
        if n == 0x7F:
            rest += await r.readexactly(max(0, 3 - len(rest)))
            n, rest = int.from_bytes(rest[:3], "little"), rest[3:]
        return rest + await r.readexactly(n * 4 - len(rest))

    def frame(self, data: bytes) -> bytes:
        n = len(data) >> 2
        return (bytes([n]) if n < 127 else b"\x7f" + n.to_bytes(3, "little")) + data


class Intermediate:
    async def read(self, r: asyncio.StreamReader) -> bytes:
        (n,) = struct.unpack("<i", await r.readexactly(4))
        if not 0 < n <= MAX_PACKET:
            raise ConnectionError("bad packet length")
        return await r.readexactly(n)

    def frame(self, data: bytes) -> bytes:
        return struct.pack("<i", len(data)) + data


Codec = Full | Abridged | Intermediate


async def detect(r: asyncio.StreamReader) -> Codec:
    first = await r.readexactly(4)
    if first[0] == 0xEF:
        return Abridged(first[1:])
    if first == b"\xee" * 4:
        return Intermediate()
    return Full(first)
