"""The real bot on the sandbox's real Bot API, with an engine that copies nothing, and people around it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from bot.service import BotService
from bot.traffic import Pace
from engine.events import Events
from sandbox.botapi.server import BotApiServer
from sandbox.world import Event, Message, Peer, User, World
from tests.bot.idle_engine import IdleEngine

WAIT = 8.0  # seconds
#: Twenty times Telegram's; only tests about the limits have these on and keep them.
QUICK = Pace(gap=0.05, edit_every=0.15, group_seconds=3)


async def until(condition: Callable[[], Any], seconds: float = WAIT) -> Any:
    """The condition's value as soon as it is true; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)
    return value


@dataclass(frozen=True)
class Seen:
    """Something the bot sent or edited."""

    at: float  # monotonic
    kind: str  # new | edit
    id: int
    text: str


class Person:
    """Somebody who sees one chat with the bot: their own, or a group."""

    def __init__(self, stage: Stage, user: User, peer: Peer | None = None) -> None:
        self.stage, self.user = stage, user
        self.peer = peer or ("user", stage.bot.id)
        self.seen: list[Seen] = []

    def write(self, text: str) -> None:
        self.stage.world.send(self.user.id, self.peer, [{"text": text}])

    async def ask(self, text: str) -> Message:
        """Writes, and returns the next message that the bot sends."""
        count = len(self.new)
        self.write(text)
        answer = await until(lambda: self.new[count:])
        return self.message(answer[0].id)

    async def shows(self, *parts: str, seconds: float = WAIT) -> Message:
        """The first message of the bot that has all these words now."""
        return await until(
            lambda: next((m for m in self.messages if all(p in m.text for p in parts)), None), seconds
        )

    async def press(self, message: Message, words: str) -> dict[str, Any]:
        """Presses the button with these words; the bot's answer to it."""
        data = next(b["callback_data"] for b in self.buttons(message) if words in b["text"])
        return await self.press_data(message.id, data)

    async def press_data(self, message_id: int, data: str) -> dict[str, Any]:
        _, answer = self.stage.world.press(self.user.id, self.peer, message_id, data.encode())
        return await asyncio.wait_for(answer, WAIT)

    def buttons(self, message: Message) -> list[dict[str, Any]]:
        """As they are now."""
        return [button for row in self.message(message.id).markup or [] for button in row]

    def words(self, message: Message) -> list[str]:
        return [button["text"] for button in self.buttons(message)]

    def message(self, message_id: int) -> Message:
        return self.box.by_id[message_id]

    @property
    def box(self) -> Any:
        return self.stage.world.box_for(self.user.id, self.peer)

    @property
    def new(self) -> list[Seen]:
        return [one for one in self.seen if one.kind == "new"]

    @property
    def messages(self) -> list[Message]:
        """The bot's, those that still stand there."""
        return [self.box.by_id[one.id] for one in self.new if one.id in self.box.by_id]

    def hear(self, event: Event) -> None:
        if event.kind not in ("new", "edit") or event.box is not self.box:
            return
        for _, _, m in event.items:
            if m.author == self.stage.bot.id and m.peer == self.peer:
                self.seen.append(Seen(time.monotonic(), event.kind, m.id, m.text))


class Stage:
    """Alice and Bert may use the bot, Ada is an admin, Eve is a stranger."""

    def __init__(self, pace: Pace = QUICK, *, limits: bool = False) -> None:
        self.world = World()
        self.api = BotApiServer(self.world, limits=limits)
        self.pace = pace
        self.bot = self.world.add_bot("ferry_bot")
        self.alice, self.bert, self.ada, self.eve = (
            self.person(name) for name in ("Alice", "Bert", "Ada", "Eve")
        )
        self.events = Events()
        self.engine = IdleEngine(self.events)
        self.service: BotService | None = None
        self.running: asyncio.Task[None] | None = None

    def person(self, name: str, language: str = "en") -> Person:
        user = self.world.add_user(name)
        user.language = language  # type: ignore[attr-defined]
        person = Person(self, user)
        self.world.listeners.append(person.hear)
        return person

    def group(self, *members: Person) -> list[Person]:
        """The same people, as they see a new group with the bot in it."""
        group = self.world.add_channel("Group", members[0].user, megagroup=True)
        for person in members[1:]:
            group.members[person.user.id] = "member"
        group.members[self.bot.id] = "member"
        seen = [Person(self, member.user, ("channel", group.id)) for member in members]
        self.world.listeners.extend(person.hear for person in seen)
        return seen

    def make(self, *, token: str | None = None, url: str | None = None) -> BotService:
        return BotService(
            token=token or self.bot.token or "",
            api_server=url or self.api.url,
            admin_ids={self.ada.user.id},
            user_ids={self.alice.user.id, self.bert.user.id},
            jobs=self.engine,  # type: ignore[arg-type]
            events=self.events,
            pace=self.pace,
        )

    def start(self) -> None:
        self.service = self.make()
        self.running = asyncio.create_task(self.service.run())

    async def stop(self) -> None:
        if self.service is not None and self.running is not None:
            await self.service.close()
            await self.running
            self.service = self.running = None

    async def __aenter__(self) -> Self:
        await self.api.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self.service is not None and self.running is not None:
            self.running.cancel()
            await asyncio.wait([self.running])
            inner = self.service._bot.session._session  # type: ignore[attr-defined]
            await inner.close()  # aiogram's own close sleeps a quarter of a second for TLS: there is none
        await self.api.stop()
