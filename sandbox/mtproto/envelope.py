"""MTProto 2.0's encryption and the few TL shapes Telethon cannot write itself."""

from __future__ import annotations

import gzip
import os
import struct
from hashlib import sha256
from typing import Any

from telethon.crypto import AES
from telethon.tl import TLObject
from telethon.tl.core import GzipPacked, MessageContainer

RPC_RESULT = struct.pack("<I", 0xF35C6D01)
TRUE, FALSE, VECTOR = b"\xb5\x75\x72\x99", b"\x37\x97\x79\xbc", b"\x15\xc4\xb5\x1c"
CONTAINER = MessageContainer.CONSTRUCTOR_ID


def _kdf(key: bytes, msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    a = sha256(msg_key + key[x : x + 36]).digest()
    b = sha256(key[x + 40 : x + 76] + msg_key).digest()
    return a[:8] + b[8:24] + a[24:], b[:8] + a[8:24] + b[24:]


def seal(key: bytes, key_id: bytes, data: bytes) -> bytes:
    """Server to client."""
    data += os.urandom(-(len(data) + 12) % 16 + 12)
    msg_key = sha256(key[96:128] + data).digest()[8:24]
    return key_id + msg_key + bytes(AES.encrypt_ige(data, *_kdf(key, msg_key, 8)))


def unseal(key: bytes, packet: bytes) -> bytes:
    """Client to server; ConnectionError where the packet was not made with this key."""
    msg_key = packet[8:24]
    body = bytes(AES.decrypt_ige(packet[24:], *_kdf(key, msg_key, 0)))
    if sha256(key[88:120] + body).digest()[8:24] != msg_key:
        raise ConnectionError("msg_key")
    return body


def encode(value: Any) -> bytes:
    """Any handler's return value as TL bytes."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return VECTOR + struct.pack("<i", len(value)) + b"".join(x._bytes() for x in value)
    return bytes(value._bytes())


def rpc_result(request_id: int, body: bytes, compress: bool) -> bytes:
    if compress and len(body) > 512:
        packed = TLObject.serialize_bytes(gzip.compress(body, 1))
        body = struct.pack("<I", GzipPacked.CONSTRUCTOR_ID) + packed
    return RPC_RESULT + struct.pack("<q", request_id) + body


def container(messages: list[tuple[int, int, bytes]]) -> bytes:
    """Several (msg_id, seq_no, body) as one body."""
    inner = b"".join(struct.pack("<qii", i, s, len(b)) + b for i, s, b in messages)
    return struct.pack("<Ii", CONTAINER, len(messages)) + inner
