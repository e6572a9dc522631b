"""Who may use the bot: the people in USER_IDS and ADMIN_IDS. Everybody else learns how to ask."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from aiogram import BaseMiddleware
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.language import Languages, Say
from domain.asker import Asker

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

ONCE_IN = 60.0  # seconds between two answers to the same stranger


class Introduction(BaseMiddleware):
    """Tells filters and handlers who asks (`asker`) and how to talk to them (`say`)."""

    def __init__(self, *, admin_ids: Collection[int], allowed: Collection[int], languages: Languages) -> None:
        self._admin_ids = frozenset(admin_ids)
        self._allowed = frozenset(allowed)
        self._languages = languages

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None:
            return None
        data["asker"] = Asker(user.id, is_admin=user.id in self._admin_ids)
        if user.id in self._allowed:
            self._languages.learn(user.id, user.language_code)
        data["say"] = self._languages.say(user.language_code)
        return await handler(event, data)


class Door(BaseMiddleware):
    """Lets known people pass. It comes after the filters: in a group only what is meant for us is answered.

    `clock` gives monotonic seconds.
    """

    def __init__(self, *, allowed: Collection[int], clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = frozenset(allowed)
        self._clock = clock
        self._answered: dict[int, float] = {}  # by user, or by chat where the user is hidden

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        asker: Asker = data["asker"]
        say: Say = data["say"]
        if isinstance(event, Message) and event.sender_chat is not None:
            sentence = say("I can't see who you are. Please write as yourself, not as a chat.")
            return await self._refuse(event, sentence, event.chat.id)
        if asker.user_id in self._allowed:
            return await handler(event, data)
        if isinstance(event, CallbackQuery):
            return await event.answer(say.plain("This button is not for you."), show_alert=True)
        if isinstance(event, Message):
            sentence = say(
                "This bot serves only people whom its operator has let in. To be let in, "
                "give the operator your number: <code>{user_id}</code>",
                user_id=asker.user_id,
            )
            return await self._refuse(event, sentence, asker.user_id)
        return None

    async def _refuse(self, message: Message, sentence: str, stranger: int) -> None:
        now = self._clock()
        self._answered = {known: at for known, at in self._answered.items() if at + ONCE_IN > now}
        if stranger not in self._answered:
            self._answered[stranger] = now
            await message.answer(sentence)


class IsAdmin(Filter):
    async def __call__(self, event: TelegramObject, asker: Asker) -> bool:
        return asker.is_admin
