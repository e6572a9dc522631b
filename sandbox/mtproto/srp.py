"""Server side of Telegram's SRP 2FA check (core.telegram.org/api/srp)."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import Any

from telethon import password as client_side
from telethon.tl import types as t

from sandbox.mtproto.handshake import DH_PRIME, G, int_bytes


def _h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def _pad(n: int) -> bytes:
    return n.to_bytes(256, "big")


class Srp:
    """One pending check; a new one per account.getPassword."""

    def __init__(self, password: str) -> None:
        self._algo = t.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
            os.urandom(16), os.urandom(16), G, int_bytes(DH_PRIME)
        )
        x = int.from_bytes(client_side.compute_hash(self._algo, password), "big")
        self._id = int.from_bytes(os.urandom(7), "big")
        self._v = pow(G, x, DH_PRIME)
        k = int.from_bytes(_h(_pad(DH_PRIME), _pad(G)), "big")
        self._b = int.from_bytes(os.urandom(256), "big")
        self._public = (k * self._v + pow(G, self._b, DH_PRIME)) % DH_PRIME

    def question(self) -> Any:
        return t.account.Password(
            new_algo=self._algo,
            new_secure_algo=t.SecurePasswordKdfAlgoUnknown(),
            secure_random=os.urandom(32),
            has_password=True,
            current_algo=self._algo,
            srp_B=_pad(self._public),
            srp_id=self._id,
            hint="sandbox",
        )

    def check(self, answer: Any) -> bool:
        a = int.from_bytes(answer.A, "big")
        if answer.srp_id != self._id or not 0 < a < DH_PRIME:
            return False
        u = int.from_bytes(_h(_pad(a), _pad(self._public)), "big")
        s = pow(a * pow(self._v, u, DH_PRIME), self._b, DH_PRIME)
        both = bytes(x ^ y for x, y in zip(_h(_pad(DH_PRIME)), _h(_pad(G)), strict=True))
        salts = _h(self._algo.salt1), _h(self._algo.salt2)
        m1 = _h(both, *salts, _pad(a), _pad(self._public), _h(_pad(s)))
        return bool(m1 == answer.M1)
