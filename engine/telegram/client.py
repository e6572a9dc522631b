"""Makes Telethon clients that neither sleep, nor retry, nor reconnect behind the engine's back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import StringSession


@dataclass(frozen=True, slots=True)
class TelegramServer:
    """A Telegram that is not the public one. `key_path` is its public RSA key (PEM, PKCS#1)."""

    host: str
    port: int
    dc: int
    key_path: Path


@dataclass(frozen=True, slots=True)
class ApiKeys:
    api_id: int
    api_hash: str


class LeanSession(StringSession):
    """A session in memory that does not collect every user it ever saw: jobs keep their access hashes."""

    def process_entities(self, tlo: Any) -> None:
        """Telethon would keep a row for each user of each page, for ever (Telethon#3235)."""


class ClientFactory:
    """Knows which Telegram we talk to. Trusts a sandbox's key only when told to talk to that sandbox."""

    def __init__(self, *, keys: ApiKeys, server: TelegramServer | None) -> None:
        self._keys, self._server = keys, server
        if server is not None:
            rsa.add_key(server.key_path.read_text(), old=False)

    def for_copying(self, session: str) -> TelegramClient:
        """One try a call and no silent resend: what became of a call is the engine's to find out.

        Without updates Telethon also keeps no local block on a request class after a flood wait.
        """
        return self._make(
            session, connection_retries=0, request_retries=0, auto_reconnect=False, receive_updates=False
        )

    def for_login(self, session: str = "") -> TelegramClient:
        return self._make(session, connection_retries=3, request_retries=1, retry_delay=1)

    def _make(self, session: str, **options: Any) -> TelegramClient:
        stored = LeanSession(session)
        if self._server is not None:
            stored.set_dc(self._server.dc, self._server.host, self._server.port)
        return TelegramClient(
            stored,
            self._keys.api_id,
            self._keys.api_hash,
            device_model="Ferry",
            flood_sleep_threshold=0,
            raise_last_call_error=True,
            timeout=CONNECT_TIMEOUT,
            **options,
        )


#: Seconds to wait for one TCP connection.
CONNECT_TIMEOUT = 10


async def disconnect(client: TelegramClient) -> None:
    """Ends the connection, whatever state it is in."""
    ending = client.disconnect()
    if asyncio.isfuture(ending) or asyncio.iscoroutine(ending):
        await ending
