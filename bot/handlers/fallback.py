"""What nobody else understood: a kind pointer to /help. In groups only to what is clearly meant for us."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.types import CallbackQuery, Message

from bot.language import Say


async def not_understood(message: Message, say: Say) -> None:
    await message.answer(say("I don't understand that. /help shows what I can do."))


async def old_button(query: CallbackQuery, say: Say) -> None:
    await query.answer(say.plain("This button does nothing any more. Try /jobs."), show_alert=True)


async def is_for_us(message: Message, bot: Bot) -> bool:
    command = (message.text or "").split(maxsplit=1)[0]
    name = (await bot.me()).username or ""
    return command.startswith("/") and command.lower().endswith(f"@{name}".lower())


def router() -> Router:
    router = Router(name="fallback")
    router.message.register(not_understood, F.text, F.chat.type == ChatType.PRIVATE)
    router.message.register(not_understood, F.text, is_for_us)
    router.callback_query.register(old_button)
    return router
