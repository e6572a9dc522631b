"""Session strings are worth an account each: they reach the database sealed with the operator's secret."""

from __future__ import annotations

import asyncio
import base64
import os
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from domain.errors import SettingError, WrongSecretKey
from storage.meta import MetaStore

_SALT = "vault_salt"
_CHECK = "vault_check"
_CHECK_WORD = "ferry"


class Vault:
    """Seals and opens texts. Made by `Vault.unlock`, which alone can tell a wrong key."""

    def __init__(self, fernet: Fernet) -> None:
        self._fernet = fernet

    @classmethod
    async def unlock(cls, secret: str | Path, meta: MetaStore) -> Self:
        """The vault of the database behind `meta`, opened by SECRET_KEY or by the key file at a path.

        The first secret is the database's for ever; only then is a missing key file made.
        Raises WrongSecretKey (nothing was changed), SettingError for a key file that cannot be used.
        """
        if isinstance(secret, Path):
            if not secret.exists() and await meta.get(_CHECK) is not None:
                raise WrongSecretKey
            secret = key_from_file(secret)
        salt = await meta.keep(_SALT, base64.b64encode(os.urandom(16)).decode())
        # About 50 ms of work that must not hold up the loop.
        vault = cls(await asyncio.to_thread(_fernet, secret, base64.b64decode(salt)))
        sealed = await meta.keep(_CHECK, vault.seal(_CHECK_WORD).decode())
        vault.open(sealed.encode())
        return vault

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises WrongSecretKey when it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise WrongSecretKey from None


def key_from_file(path: Path) -> str:
    """The secret in the file at `path`, which is made (for its owner's eyes alone) if there is none.

    Raises SettingError when it can't be read or made, is empty, or others may read it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_key_file(path)
        if path.stat().st_mode & 0o077:
            raise _unusable(f"others may read the key file {path}, so run: chmod 600 {path}")
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(f"the key file {path} can't be read or made ({error})") from error
    if not secret:
        raise _unusable(f"the key file {path} is empty, so put the old one back or delete it")
    return secret


def _make_key_file(path: Path) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with open(file, "wb") as out:
        out.write(Fernet.generate_key() + b"\n")
        out.flush()
        os.fsync(file)  # what it seals is worthless without it


def _unusable(problem: str) -> SettingError:
    return SettingError(name="SECRET_KEY", problem=problem)


def _fernet(secret: str, salt: bytes) -> Fernet:
    # n, r, p: what RFC 7914 and OWASP call interactive; a key file's 32 random bytes need no more.
    key = Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
