"""/start and /help."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.types import Message
from markupsafe import Markup

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
    what = say(
        "So may what to copy: <code>from 100 to 200</code> (numbers of messages, or links to them), "
        "<code>since 2026-01-31 until 2026-03-01</code>, <code>last 50</code>, <code>ids 5,7-12</code>, "
        "<code>kinds photo,video</code>, <code>topic 7</code>. And how: <code>no-replies</code>, "
        "<code>keep-author</code>, <code>no-pins</code>, <code>profile</code> (title, description and "
        "photo, too). <code>/clone @source new-target</code> makes the target."
    )
    listed = menu.listed(say, is_admin=asker.is_admin)
    await message.answer(Markup("\n\n").join([listed, chats, more, what]))


def router() -> Router:
    router = Router(name="start")
    router.message.register(start, Command("start", ignore_case=True))
    router.message.register(show_help, Command("help", ignore_case=True))
    return router
