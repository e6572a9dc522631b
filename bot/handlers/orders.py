"""Ordering a copy, or a look at what it would do; the list of one's jobs."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from markupsafe import Markup

from bot.callbacks import MyJobs
from bot.cards import Cards
from bot.copy_words import parse_adoption, parse_copy
from bot.keyboards import my_jobs
from bot.language import Say
from bot.pages import Page, job_list
from bot.previews import Reading, shown
from domain.asker import Asker
from domain.errors import FerryError
from engine.jobs import JobService


async def clone(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.order(parse_copy(command), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)
    for comments in await jobs.comments_of(job):
        await cards.show(comments, asker=asker, say=say, message=message, silent=True)


async def adopt(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.order(parse_adoption(command), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def preview(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, reading: Reading
) -> None:
    """Reading a whole history takes its time: the answer says so, until it is the result."""
    typed = parse_copy(command)
    with reading.of(asker.user_id):
        answer = await message.answer(say("Reading what would be copied. Nothing is sent."))
        try:
            found = await jobs.preview(typed, asker=asker)
        except FerryError:
            await answer.delete()
            raise
        await answer.edit_text(shown(found, command.args or "", say))


async def list_jobs(message: Message, asker: Asker, say: Say, jobs: JobService) -> None:
    text, buttons = await _page(0, asker, say, jobs)
    await message.answer(text, reply_markup=buttons)


async def turn_page(
    query: CallbackQuery, callback_data: MyJobs, asker: Asker, say: Say, jobs: JobService
) -> None:
    text, buttons = await _page(callback_data.page, asker, say, jobs)
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(text, reply_markup=buttons)


async def _page(
    number: int, asker: Asker, say: Say, jobs: JobService
) -> tuple[Markup, InlineKeyboardMarkup | None]:
    page = Page.of(await jobs.list(asker=asker), number)
    text = job_list(page, say, progress=lambda job: jobs.live(job).progress)
    return text, my_jobs(page.jobs, page.number, page.count, say)


def router() -> Router:
    router = Router(name="orders")
    for name, command in (("clone", clone), ("preview", preview), ("adopt", adopt)):
        router.message.register(command, Command(name, ignore_case=True))
    router.message.register(list_jobs, Command("jobs", ignore_case=True))
    router.callback_query.register(turn_page, MyJobs.filter())
    return router
