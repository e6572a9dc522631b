"""A person with a real Telegram client on the sandbox, who talks to bots as people do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any

from telethon import TelegramClient, events
from telethon.crypto import rsa
from telethon.sessions import StringSession

from sandbox.mtproto.media import DC

LOOKED_AT = 50  # the newest messages of a chat, among which an awaited one is looked for
SAFETY_NET = 1.0  # seconds; an update that Telegram dropped is noticed this late


class Person:
    """`session` is a Telethon session string; `public_key` the sandbox's RSA key as PEM.

    Without `updates` nothing is announced to it, and `wait_for` looks once a second.
    Peers are whatever Telethon takes: "@name", an entity, an id met before. Messages are Telethon's.
    """

    def __init__(self, *, host: str, port: int, public_key: str, session: str, updates: bool = True) -> None:
        rsa.add_key(public_key, old=False)
        stored = StringSession(session)
        stored.set_dc(DC, host, port)
        self.client = TelegramClient(stored, 1, "sandbox", retry_delay=0.1, receive_updates=updates)
        self._stirred = asyncio.Event()

    async def __aenter__(self) -> Person:
        await self.client.connect()
        self.client.add_event_handler(self._stir, events.NewMessage)
        self.client.add_event_handler(self._stir, events.MessageEdited)
        await self.client.get_me()  # updates are sent to those who asked for something
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.disconnect()

    async def say(self, peer: Any, text: str) -> Any:
        """Sends exactly this text and returns the message."""
        return await self.client.send_message(peer, text, parse_mode=None)

    async def press(self, message: Any, button: str | bytes) -> Any:
        """Taps the button with this label (or data); returns the bot's answer, None if it gave none in time.

        Raises LookupError where the message has no such button.
        """
        shown = [b for row in message.buttons or [] for b in row]
        for b in shown:
            if button in (b.text, b.data):
                return await b.click()
        raise LookupError(f"no button {button!r}; there are: {', '.join(b.text for b in shown) or 'none'}")

    async def messages(self, peer: Any, limit: int = 20) -> list[Any]:
        """The newest messages, oldest of them first."""
        found = await self.client.get_messages(peer, limit=limit)
        return list(reversed(found))

    async def wait_for(
        self,
        peer: Any,
        predicate: Callable[[Any], bool],
        timeout: float = 10,  # noqa: ASYNC109 - the deadline is part of what it does
        *,
        after: int = 0,
    ) -> Any:
        """The newest message with an id above `after` that fits, now or within `timeout` seconds.

        Raises TimeoutError with what the chat said last.
        """
        recent: list[Any] = []
        try:
            async with asyncio.timeout(timeout):
                while True:
                    self._stirred.clear()
                    recent = await self.messages(peer, LOOKED_AT)
                    for m in reversed(recent):
                        if m.id > after and predicate(m):
                            return m
                    await self._stir_or_net()
        except TimeoutError:
            last = recent[-1].message if recent else None
            raise TimeoutError(f"no such message within {timeout} s; the last one was {last!r}") from None

    async def _stir_or_net(self) -> None:
        try:
            async with asyncio.timeout(SAFETY_NET):
                await self._stirred.wait()
        except TimeoutError:
            pass

    async def _stir(self, _event: Any) -> None:
        self._stirred.set()
