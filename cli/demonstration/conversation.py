"""The sandbox's person talks to the bot, with a Telegram client as people have one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox.control import ControlClient
from sandbox.info import SandboxInfo
from sandbox.person import Person

LOOKED_AT = 100  # the newest messages of the chat


class Conversation:
    def __init__(self, person: Person, *, name: str, bot: str) -> None:
        self.name, self._person, self._bot = name, person, bot

    async def say(self, text: str) -> int:
        """The message's id."""
        return int((await self._person.say(self._bot, text)).id)

    async def heard(self, *, after: int) -> list[str]:
        """What the bot wrote after the message `after`, oldest first."""
        messages = await self._person.messages(self._bot, LOOKED_AT)
        return [m.message for m in messages if m.id > after and not m.out]

    async def last_id(self) -> int:
        messages = await self._person.messages(self._bot, 1)
        return messages[-1].id if messages else 0


@asynccontextmanager
async def conversation(info: SandboxInfo, control: ControlClient) -> AsyncIterator[Conversation]:
    """On a session of its own: the service uses the account's other one at the same time."""
    user = info.users[0]
    host, _, port = info.telegram_server.rpartition(":")
    person = Person(
        host=host,
        port=int(port),
        public_key=Path(info.server_key_path).read_text(encoding="utf-8"),
        session=await control.session(user.id),
        updates=False,  # every copied message would be announced to it
    )
    async with person:
        yield Conversation(person, name=user.name.split()[0], bot=f"@{info.bot_username}")
