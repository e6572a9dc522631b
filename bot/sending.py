"""How requests leave: answers wait for their turn and obey 429; cards have waited for theirs already."""

from __future__ import annotations

import asyncio

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import DeleteMessage, EditMessageText, Response, SendMessage, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.traffic import Traffic

#: An answer that Telegram holds back for longer (seconds in all) is given up.
LONGEST_WAIT = 120


class Paced:
    """Marks a method whose sender has taken its turn in the traffic and handles 429 itself."""


class SendCard(SendMessage, Paced):
    pass


class EditCard(EditMessageText, Paced):
    pass


class DeleteCard(DeleteMessage, Paced):
    pass


class HiddenToken(BaseRequestMiddleware):
    """The token is part of every URL, and some network errors quote the URL: into logs and sentences."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramNetworkError as error:
            if bot.token not in error.message:
                raise
            raise TelegramNetworkError(method, error.message.replace(bot.token, "TOKEN")) from None


class PatientAnswers(BaseRequestMiddleware):
    """aiogram itself neither paces requests nor repeats what got 429."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if isinstance(method, Paced):
            return await make_request(bot, method)
        chat_id = getattr(method, "chat_id", None)
        waited = 0
        while True:
            if isinstance(chat_id, int):
                await self._traffic.turn(chat_id)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as flood:
                waited += flood.retry_after
                if waited > LONGEST_WAIT:
                    raise
                if isinstance(chat_id, int):
                    self._traffic.hold(chat_id, flood.retry_after)
                else:
                    await asyncio.sleep(flood.retry_after)
