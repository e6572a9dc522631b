"""/start and /help."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import Message

from bot import menu
from bot.language import Languages, Say
from domain.asker import Asker


async def start(message: Message, bot: Bot, asker: Asker, say: Say, languages: Languages) -> None:
    await message.answer(
        say(
            "Hello! I copy the history of one Telegram chat into another: in order, nothing lost, "
            "nothing twice.\n\n"
            "Order a copy like this:\n<code>/clone @source @target</code>\n\n/help explains the rest."
        )
    )
    if asker.is_admin:
        await menu.publish_to_admin(bot, languages.every, asker.user_id)


async def show_help(message: Message, asker: Asker, say: Say) -> None:
    chats = say(
        "A chat is a @name, a t.me link (public, private, topic or invite) or a numeric id. "
        "The account that copies must be able to read the source and to post in the target. "
        "To copy once more what is already copied, add the word <code>again</code>."
    )
    more = say(
        "Behind an order may also stand its priority (<code>low</code>, <code>normal</code>, "
        "<code>high</code>) and the jobs that have to be complete first: "
        "<code>/clone @source @target high after 3</code>"
    )
    await message.answer(menu.listed(say, is_admin=asker.is_admin) + "\n\n" + chats + "\n\n" + more)


def router() -> Router:
    router = Router(name="start")
    router.message.register(start, Command("start", ignore_case=True))
    router.message.register(show_help, Command("help", ignore_case=True))
    return router
