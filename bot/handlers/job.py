"""Commands about one job, and the buttons of its card.

Only those who may touch a job get anywhere: the service tells everybody else that they have no such job.
"""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from bot import kinds, phrases
from bot.callbacks import JobAction, Verb
from bot.cards import Cards
from bot.history import history
from bot.keyboards import really_cancel
from bot.language import Say
from bot.typed import parse_job_and_others, parse_job_and_priority, parse_number
from domain.asker import Asker
from domain.job import Job
from engine.jobs import JobService


async def show(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.get(parse_number(command), asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def pause(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    job = await jobs.pause(parse_number(command), asker=asker)
    await message.answer(say("Job {id} is paused. /resume {id} lets it go on.", id=job.id))


async def resume(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    job = await jobs.resume(parse_number(command), asker=asker)
    await message.answer(say("Job {id} goes on.", id=job.id))


async def retry(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    job = await jobs.retry(parse_number(command), asker=asker)
    await message.answer(say("Job {id} is tried again from where it stopped.", id=job.id))


async def prioritise(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService
) -> None:
    job_id, priority = parse_job_and_priority(command)
    job = await jobs.prioritise(job_id, priority, asker=asker)
    told = say("Job {id} now has priority {priority}.", id=job.id, priority=phrases.priority(priority, say))
    await message.answer(told)


async def wait_for(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    """The card is the answer: it says what the job waits for now."""
    job_id, after = parse_job_and_others(command)
    job = await jobs.set_after(job_id, after, asker=asker)
    await cards.show(job, asker=asker, say=say, message=message)


async def tell_history(
    message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService
) -> None:
    job = await jobs.get(parse_number(command), asker=asker)
    changes = await jobs.history(job.id, asker=asker)
    await message.answer(history(job, changes, say, asker=asker, now=datetime.now(UTC)))


async def cancel(message: Message, command: CommandObject, asker: Asker, say: Say, jobs: JobService) -> None:
    job = await jobs.cancel(parse_number(command), asker=asker)
    await message.answer(_cancelled(job, say))


async def show_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    """From the list: the card comes as a new message."""
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await cards.show(job, asker=asker, say=say, message=query.message)


async def pause_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.pause(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} is paused.", id=job.id))
    await cards.pressed(job, asker=asker, say=say, query=query)


async def resume_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.resume(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} goes on.", id=job.id))
    await cards.pressed(job, asker=asker, say=say, query=query)


async def retry_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.retry(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} is tried again from where it stopped.", id=job.id))
    await cards.pressed(job, asker=asker, say=say, query=query)


async def refresh_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService, cards: Cards
) -> None:
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer(say.plain("This is how it stands."))
    await cards.pressed(job, asker=asker, say=say, query=query)


async def cancel_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    """The question is a message of its own: the card goes on being edited above it."""
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        question = say("Really cancel job {id}?", id=job.id) + " " + kinds.afterwards(job, say)
        await query.message.answer(question, reply_markup=really_cancel(job, say))


async def really_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    job = await jobs.cancel(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(_cancelled(job, say))


async def keep_pressed(
    query: CallbackQuery, callback_data: JobAction, asker: Asker, say: Say, jobs: JobService
) -> None:
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    if isinstance(query.message, Message):
        await query.message.edit_text(say("Job {id} is kept.", id=job.id))


def _cancelled(job: Job, say: Say) -> Markup:
    return say("Job {id} is cancelled.", id=job.id) + " " + kinds.afterwards(job, say)


def router() -> Router:
    router = Router(name="job")
    for name, command in (
        ("job", show),
        ("pause", pause),
        ("resume", resume),
        ("retry", retry),
        ("cancel", cancel),
        ("priority", prioritise),
        ("after", wait_for),
        ("history", tell_history),
    ):
        router.message.register(command, Command(name, ignore_case=True))
    for verb, press in (
        (Verb.SHOW, show_pressed),
        (Verb.PAUSE, pause_pressed),
        (Verb.RESUME, resume_pressed),
        (Verb.RETRY, retry_pressed),
        (Verb.REFRESH, refresh_pressed),
        (Verb.CANCEL, cancel_pressed),
        (Verb.REALLY, really_pressed),
        (Verb.KEEP, keep_pressed),
    ):
        router.callback_query.register(press, JobAction.filter(F.verb == verb))
    return router
