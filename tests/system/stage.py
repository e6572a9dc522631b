"""The real service and the real sandbox, each a process of its own, and people who talk to the bot."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

from cli.demonstration.children import Child, run_ferry
from sandbox.control.client import ControlClient
from sandbox.info import INFO_FILE, SandboxInfo, SandboxUser
from sandbox.person import Person
from sandbox.scenario import Pair

DEADLINE = 20.0  # seconds for anything that a test waits for
FORWARD = "messages.forwardMessages"


class Stage:
    """`async with Stage(folder, jobs=…, messages=…) as stage`; the service starts when told to."""

    def __init__(self, folder: Path, *, jobs: int, messages: int) -> None:
        self._folder, self._jobs, self._messages = folder, jobs, messages
        self._stack = contextlib.AsyncExitStack()
        self.service: Child | None = None

    async def __aenter__(self) -> Stage:
        sandbox = await Child.sandbox(self._folder, jobs=self._jobs, messages=self._messages, seed=7)
        self._stack.push_async_callback(sandbox.stop)
        self.info = await self._read_info(sandbox)
        self.control = await self._stack.enter_async_context(ControlClient.of(self.info))
        self.owner = self.info.users[0]
        await self.control.change_user(self.owner.id, premium=True)  # or replies lose their custom emoji
        self._environment = {**os.environ, **self.info.settings()}
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.service is not None:
            await self.service.stop()
        await self._stack.aclose()

    @property
    def pairs(self) -> list[Pair]:
        return self.info.pairs

    async def _read_info(self, sandbox: Child) -> SandboxInfo:
        async with asyncio.timeout(DEADLINE):
            while not (self._folder / INFO_FILE).exists():
                sandbox.check()
                await asyncio.sleep(0.02)
        return SandboxInfo.read(self._folder)

    async def ferry(self, *arguments: str, stdin: str = "") -> str:
        """`python main.py ARGUMENTS` with the service's settings."""
        return await run_ferry(*arguments, environment=self._environment, cwd=self._folder, stdin=stdin)

    async def log_in(self, user: SandboxUser) -> None:
        await self.ferry("account", "add", "--owner", str(user.id), stdin=user.session)

    async def start(self, **settings: str) -> None:
        self._environment.update(settings)
        self.service = await Child.service(self._folder, self._environment)

    async def kill(self) -> None:
        assert self.service is not None
        await self.service.kill()

    async def stop(self) -> None:
        assert self.service is not None
        await self.service.stop()

    async def person(self, user: SandboxUser) -> Talk:
        """On a session of its own, as a phone beside the service is."""
        host, _, port = self.info.telegram_server.rpartition(":")
        person = Person(
            host=host,
            port=int(port),
            public_key=Path(self.info.server_key_path).read_text(),
            session=await self.control.session(user.id),
        )
        await self._stack.enter_async_context(person)
        return Talk(person, f"@{self.info.bot_username}")

    async def is_copied(self, pair: Pair) -> bool:
        return (await self.control.compare(pair.source, pair.target)).same


class Talk:
    """One person's chat with the bot."""

    def __init__(self, person: Person, bot: str) -> None:
        self._person, self._bot = person, bot

    async def say(self, text: str) -> int:
        """The number of the message said: what the bot writes next comes behind it."""
        return int((await self._person.say(self._bot, text)).id)

    async def hear(self, *words: str, after: int = 0) -> Any:
        """The newest of the bot's messages, edited ones included, that has all these words."""

        def fits(message: Any) -> bool:
            return not message.out and all(word in message.message for word in words)

        return await self._person.wait_for(self._bot, fits, DEADLINE, after=after)

    async def card(self, number: int, state: str) -> Any:
        """The newest card of a job, once its first line says `state`."""
        return await self.hear(f"Job {number} · {state}")

    async def ask(self, text: str, *words: str) -> Any:
        """Says it and waits for an answer that has these words."""
        return await self.hear(*words, after=await self.say(text))

    async def press(self, message: Any, button: str) -> Any:
        (label,) = [b.text for row in message.buttons for b in row if button in b.text]
        return await self._person.press(message, label)
