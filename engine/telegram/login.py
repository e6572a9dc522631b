"""A login, step by step: phone, code and, where two-step verification is on, the password."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from telethon import errors as tl
from telethon.sessions import StringSession

from domain.errors import FerryError, LoginRefused, MustWait, Unreachable
from engine.telegram import convert
from engine.telegram.client import ClientFactory, disconnect
from engine.telegram.errors import meaning, reason_of

#: What Telegram calls the mistakes people make while logging in, in words.
_WORDS = {
    "PHONE_NUMBER_INVALID": "this phone number is not valid; write it with + and the country code",
    "PHONE_NUMBER_UNOCCUPIED": "no Telegram account has this phone number",
    "PHONE_NUMBER_BANNED": "Telegram has banned this phone number",
    "PHONE_CODE_INVALID": "the code is wrong",
    "PHONE_CODE_EXPIRED": "the code has expired",
    "PASSWORD_HASH_INVALID": "the password is wrong",
}


@dataclass(frozen=True, slots=True)
class LoggedIn:
    user_id: int
    name: str
    session: str  #: the plain session string: seal it, never log it

    def __repr__(self) -> str:
        return f"LoggedIn(user_id={self.user_id})"


class Login:
    """An async context manager around one client; nothing is kept of a login that is not finished."""

    def __init__(self, *, clients: ClientFactory, session: str = "") -> None:
        self._clients, self._session = clients, session
        self._client: Any = None
        self._phone = ""

    async def __aenter__(self) -> Login:
        try:
            self._client = self._clients.for_login(self._session)
        except ValueError as error:  # Telethon's word for a string that is no session
            raise LoginRefused(reason="this is not a session string") from error
        await self._try(self._client.connect())
        return self

    async def __aexit__(self, *_: object) -> None:
        await disconnect(self._client)

    async def send_code(self, phone: str) -> None:
        """Telegram sends a code to the person's other devices. Raises LoginRefused, MustWait, Unreachable."""
        self._phone = phone
        await self._try(self._client.send_code_request(phone))

    async def enter_code(self, code: str) -> bool:
        """True when that was all, False when the password of two-step verification is still asked for."""
        try:
            await self._client.sign_in(self._phone, code)
        except tl.SessionPasswordNeededError:
            return False
        except Exception as error:
            raise _told(error) from error
        return True

    async def enter_password(self, password: str) -> None:
        await self._try(self._client.sign_in(password=password))

    async def finish(self) -> LoggedIn:
        """Who has logged in. Raises LoginRefused when nobody has, or when it is a bot."""
        me = await self._try(self._client.get_me())
        if me is None:
            raise LoginRefused(reason="this session is not logged in (any more)")
        if me.bot:
            raise LoginRefused(reason="this is a bot's login, and bots can't read history")
        name = f"@{me.username}" if me.username else convert.title_of(me)
        return LoggedIn(me.id, name, StringSession.save(self._client.session))

    async def _try(self, call: Any) -> Any:
        try:
            return await call
        except Exception as error:
            raise _told(error) from error


def _told(error: Exception) -> FerryError:
    ours = meaning(error, account_id=0, sending=False)
    if isinstance(ours, MustWait | Unreachable) or isinstance(error, asyncio.TimeoutError):
        return ours
    reason = reason_of(error)
    return LoginRefused(reason=_WORDS.get(reason, reason))
