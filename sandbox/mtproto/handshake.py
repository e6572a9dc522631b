"""Server half of the MTProto authorisation-key exchange, as core.telegram.org/mtproto/auth_key states it."""

from __future__ import annotations

import os
import time
from hashlib import sha1
from typing import Any

import rsa
from cryptography.hazmat.primitives.asymmetric import rsa as openssl
from telethon import helpers
from telethon.crypto import AES
from telethon.crypto import rsa as tl_rsa
from telethon.crypto.authkey import AuthKey
from telethon.extensions import BinaryReader
from telethon.tl import functions as f
from telethon.tl import types as t

# The group Telegram itself publishes. Any safe prime does for the key exchange, but Telethon's 2FA code
# recognises only this one with g in 3, 4, 5, 7; for any other it tries to *factor* the prime and hangs.
DH_PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DB"
    "FA336F6E0AC925139543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
    "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B41"
    "0DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
    "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF"
    "6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
G = 3
# p < q; small on purpose: the client factors it in 0.5 ms. Telethon reads pq as a *signed* integer,
# so its top bit must be clear (41 bits here).
PQ = (1299709, 1299721)
INNER = (t.PQInnerData, t.PQInnerDataDc, t.PQInnerDataTemp, t.PQInnerDataTempDc)


def int_bytes(n: int) -> bytes:
    return n.to_bytes((n.bit_length() + 7) // 8, "big")


class ServerKey:
    """The sandbox's RSA key. `trust()` makes this process's Telethon accept it."""

    def __init__(self, key: rsa.PrivateKey | None = None) -> None:
        self.key = key or self.generate()
        self.public_pem: str = rsa.PublicKey(self.key.n, self.key.e).save_pkcs1().decode()
        self.fingerprint: int = tl_rsa._compute_fingerprint(self.key)

    @staticmethod
    def generate() -> rsa.PrivateKey:
        # OpenSSL needs 0.05 s where the pure-Python generator needs 1.3 s
        n = openssl.generate_private_key(65537, 2048).private_numbers()
        return rsa.PrivateKey(n.public_numbers.n, n.public_numbers.e, n.d, n.p, n.q)

    def trust(self) -> None:
        tl_rsa.add_key(self.public_pem, old=False)

    def decrypt(self, block: bytes) -> bytes:
        # CRT form: about 4x quicker than one big pow, which matters for a handshake per test.
        k, c = self.key, int.from_bytes(block, "big")
        m1, m2 = pow(c, k.exp1, k.p), pow(c, k.exp2, k.q)
        return int(m2 + (k.coef * (m1 - m2)) % k.p * k.q).to_bytes(256, "big")


class Handshake:
    """One per connection. `step()` takes a plain request and returns the plain reply.

    `shortest` is the length in bits that a key must exceed: Telethon drops a key's leading zero bytes (1 in
    256 has one) and StringSession then pads it at the wrong end, so such a key is refused for another.
    """

    def __init__(self, key: ServerKey, shortest: int = 2040) -> None:
        self._server_key = key
        self._shortest = shortest
        self._nonce = self._server_nonce = self._new_nonce = 0
        self._secret = 0
        self._aes: tuple[bytes, bytes] = (b"", b"")
        self.auth_key: bytes | None = None  # set once both sides have it

    def step(self, req: Any) -> Any:
        if isinstance(req, (f.ReqPqMultiRequest, f.ReqPqRequest)):
            self._nonce = req.nonce
            self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
            pq = int_bytes(PQ[0] * PQ[1])
            return t.ResPQ(self._nonce, self._server_nonce, pq, [self._server_key.fingerprint])
        if (req.nonce, req.server_nonce) != (self._nonce, self._server_nonce):
            raise ConnectionError("nonce mismatch")
        if isinstance(req, f.ReqDHParamsRequest):
            return self._dh_params(req)
        if isinstance(req, f.SetClientDHParamsRequest):
            return self._dh_finish(req)
        raise ConnectionError(f"unexpected plain request {type(req).__name__}")

    def _dh_params(self, req: Any) -> Any:
        plain = self._server_key.decrypt(req.encrypted_data)
        # old padding scheme (the one Telethon uses): [0x00] sha1(20) data padding
        reader = BinaryReader(plain[21:])
        inner = reader.tgread_object()
        if sha1(plain[21 : 21 + reader.tell_position()]).digest() != plain[1:21]:
            raise ConnectionError("p_q_inner_data hash")
        if not isinstance(inner, INNER) or (inner.p, inner.q) != tuple(map(int_bytes, PQ)):
            raise ConnectionError("p_q_inner_data")
        self._new_nonce = inner.new_nonce
        self._secret = int.from_bytes(os.urandom(256), "big")
        g_a = int_bytes(pow(G, self._secret, DH_PRIME))
        prime = int_bytes(DH_PRIME)
        answer = bytes(t.ServerDHInnerData(self._nonce, self._server_nonce, G, prime, g_a, int(time.time())))
        self._aes = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        body = sha1(answer).digest() + answer
        body += os.urandom(-len(body) % 16)
        return t.ServerDHParamsOk(self._nonce, self._server_nonce, AES.encrypt_ige(body, *self._aes))

    def _dh_finish(self, req: Any) -> Any:
        inner = BinaryReader(AES.decrypt_ige(req.encrypted_data, *self._aes)[20:]).tgread_object()
        key = pow(int.from_bytes(inner.g_b, "big"), self._secret, DH_PRIME)
        short = key.bit_length() <= self._shortest
        auth_key = int_bytes(key)
        nonce_hash = AuthKey(auth_key).calc_new_nonce_hash(self._new_nonce, 2 if short else 1)
        if short:
            return t.DhGenRetry(self._nonce, self._server_nonce, nonce_hash)
        self.auth_key = auth_key
        return t.DhGenOk(self._nonce, self._server_nonce, nonce_hash)
