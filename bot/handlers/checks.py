"""Checking and mending what a job copied, and the list of what a job left out or found."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, FSInputFile, Message

from bot import keyboards
from bot.callbacks import JobAction, Verb
from bot.cards import Cards
from bot.copy_words import parse_repair
from bot.csv_file import csv_of
from bot.kinds import COPYING
from bot.language import Say
from bot.listing import SHOWN, is_worth_telling, listed
from bot.typed import parse_chat, parse_number
from domain.asker import Asker
from domain.finding import Finding
from domain.job import Job, JobKind
from domain.message import WORTH_A_TRY, Skip
from domain.typed import Typed
from engine.jobs import JobService

#: What each verb orders.
ORDERS = {
    Verb.VERIFY: Typed(kind=JobKind.VERIFY),
    Verb.REPAIR: Typed(kind=JobKind.REPAIR),
    Verb.AGAIN: Typed(skipped=True),
    Verb.WIPE: Typed(kind=JobKind.DEDUPE, delete=True),
}


async def verify(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.order(Typed(kind=JobKind.VERIFY, of_job=parse_number(command)), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def repair(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.order(parse_repair(command), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def dedupe(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    """Lists them; its card then has a button to delete them."""
    job = await jobs.order(Typed(kind=JobKind.DEDUPE, source=parse_chat(command)), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def skipped(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    await _list(await jobs.get(parse_number(command), asker=asker), message, say, jobs)


async def csv(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    await _send_file(await jobs.get(parse_number(command), asker=asker), message, say, jobs)


async def order_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    """The new job's card comes as a new message."""
    typed = replace(ORDERS[callback_data.verb], of_job=callback_data.job_id)
    job = await jobs.order(typed, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await cards.show(job, asker=asker, say=say, message=query.message)


async def delete_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    """What is deleted never comes back, so it is asked once more."""
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        question = say(
            "Really delete the doubles that job {id} found in {title}?", id=job.id, title=job.source.title
        )
        await query.message.answer(question, reply_markup=keyboards.really_delete(job, say))


async def spare_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(say("Nothing is deleted."))


async def skipped_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await _list(job, query.message, say, jobs)


async def csv_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await _send_file(job, query.message, say, jobs)


async def _list(job: Job, message: Message, say: Say, jobs: JobService) -> None:
    found: list[Skip | Finding] = []
    is_empty, may_copy = True, False
    async with aclosing(jobs.listing(job)) as pages:
        async for page in pages:
            is_empty = False
            found += filter(is_worth_telling, page)
            may_copy |= any(isinstance(line, Skip) and line.reason in WORTH_A_TRY for line in page)
            if len(found) > SHOWN:
                break
    buttons = None if is_empty else keyboards.listing(job, say, may_copy=may_copy and job.kind in COPYING)
    await message.answer(listed(job, found, say), reply_markup=buttons)


async def _send_file(job: Job, message: Message, say: Say, jobs: JobService) -> None:
    async with csv_of(job, jobs) as file:
        if not file.lines:
            await message.answer(listed(job, [], say))
            return
        caption = say.plural("{n} line.", "{n} lines.", file.lines)
        if not file.is_whole:
            caption += " " + say("More would be too large for Telegram.")
        document = FSInputFile(file.path, filename=f"ferry-job-{job.id}.csv")
        await message.answer_document(document, caption=caption)


def router() -> Router:
    router = Router(name="checks")
    for name, command in (
        ("verify", verify),
        ("repair", repair),
        ("dedupe", dedupe),
        ("skipped", skipped),
        ("csv", csv),
    ):
        router.message.register(command, Command(name, ignore_case=True))
    for verb, press in (
        (Verb.VERIFY, order_pressed),
        (Verb.REPAIR, order_pressed),
        (Verb.AGAIN, order_pressed),
        (Verb.WIPE, order_pressed),
        (Verb.DELETE, delete_pressed),
        (Verb.SPARE, spare_pressed),
        (Verb.SKIPPED, skipped_pressed),
        (Verb.CSV, csv_pressed),
    ):
        router.callback_query.register(press, JobAction.filter(F.verb == verb))
    return router
