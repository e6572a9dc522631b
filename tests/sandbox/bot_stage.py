"""The stage with a bot on it: an administrator of both channels, whom Alice has written to."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox.botapi import BotApiServer
from sandbox.botapi.ids import chat_id
from sandbox.world import Channel, Message, User
from tests.sandbox.stage import Stage


async def close(bot: Bot) -> None:
    """aiogram's own close sleeps a quarter of a second for TLS, which there is none of here."""
    inner = bot.session._session  # type: ignore[attr-defined]
    if inner is not None:
        await inner.close()


class BotStage(Stage):
    """`bot` is the real aiogram with HTML as its default; limits are off unless a test is about them."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(bot_api=True, **kw)
        self.ferry: User = self.world.add_bot("ferry_bot")
        for c in (self.src, self.dst):
            c.members[self.ferry.id] = "admin"
        self.group: Channel = self.world.add_channel("Group", self.alice, megagroup=True)
        self.group.members[self.ferry.id] = "member"
        self.bots: list[Bot] = []

    async def __aenter__(self) -> BotStage:
        await super().__aenter__()
        self.bot_api.limits = False
        self.bot = self.new_bot()
        self.write("/start")
        return self

    async def __aexit__(self, *exc: object) -> None:
        for bot in self.bots:
            await close(bot)
        await super().__aexit__(*exc)

    def new_bot(self, token: str | None = None, server: BotApiServer | None = None) -> Bot:
        session: AiohttpSession = AiohttpSession(
            api=TelegramAPIServer.from_base((server or self.bot_api).url)
        )
        bot = Bot(token or self.ferry.token or "", session, default=DefaultBotProperties(parse_mode="HTML"))
        self.bots.append(bot)
        return bot

    def write(self, text: str, **fields: Any) -> Message:
        """Alice writes to the bot; the message as the bot sees it."""
        self.world.send(self.alice.id, ("user", self.ferry.id), [{"text": text, **fields}])
        newest = self.world.boxes["user", self.ferry.id].last(("user", self.alice.id))
        assert newest is not None
        return newest

    def put(self, chat: Channel, *specs: dict[str, Any]) -> list[int]:
        """Alice posts; the ids."""
        return [m.id for _, m in self.world.send(self.alice.id, ("channel", chat.id), list(specs))]

    def message(self, chat: Channel, message_id: int) -> Message:
        return self.world.boxes["channel", chat.id].by_id[message_id]

    @property
    def source_id(self) -> int:
        return chat_id(("channel", self.src.id))

    @property
    def target_id(self) -> int:
        return chat_id(("channel", self.dst.id))

    @property
    def group_id(self) -> int:
        return chat_id(("channel", self.group.id))
