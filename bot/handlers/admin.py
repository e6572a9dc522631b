"""/admin: everybody's jobs, memory and queue. For those in ADMIN_IDS; to others it does not exist."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.access import IsAdmin
from bot.callbacks import AdminJob, AdminMenu, Menu, Verb
from bot.faces import Face, Faces
from bot.keyboards import admin_home, admin_jobs
from bot.language import Say
from bot.pages import Page, job_list, overview
from domain.asker import Asker
from engine.jobs import JobService


async def open_menu(message: Message, say: Say, jobs: JobService) -> None:
    await message.answer(overview(await jobs.queue(), say), reply_markup=admin_home(say))


async def home(query: CallbackQuery, say: Say, jobs: JobService) -> None:
    await query.answer()
    await _redraw(query, await _home(say, jobs))


async def pause_all(query: CallbackQuery, asker: Asker, say: Say, jobs: JobService) -> None:
    count = await jobs.pause_all(asker=asker)
    await query.answer(str(say.plural("{n} job paused.", "{n} jobs paused.", count)))
    await _redraw(query, await _home(say, jobs))


async def resume_all(query: CallbackQuery, asker: Asker, say: Say, jobs: JobService) -> None:
    count = await jobs.resume_all(asker=asker)
    await query.answer(str(say.plural("{n} job goes on.", "{n} jobs go on.", count)))
    await _redraw(query, await _home(say, jobs))


async def list_all(
    query: CallbackQuery, callback_data: AdminMenu, asker: Asker, say: Say, jobs: JobService
) -> None:
    page = Page.of(await jobs.list(asker=asker, everyone=True), callback_data.page)
    await query.answer()
    text = job_list(page, say, progress=lambda job: jobs.live(job).progress, owners=True)
    await _redraw(query, Face(text, admin_jobs(page.jobs, page.number, page.count, say)))


async def show(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    """Also what Refresh and "No, keep it" lead to."""
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer()
    await _redraw(query, await faces.in_menu(job, callback_data.page, say))


async def pause(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    job = await jobs.pause(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} is paused.", id=job.id))
    await _redraw(query, await faces.in_menu(job, callback_data.page, say))


async def resume(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    job = await jobs.resume(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} goes on.", id=job.id))
    await _redraw(query, await faces.in_menu(job, callback_data.page, say))


async def retry(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    job = await jobs.retry(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} is tried again from where it stopped.", id=job.id))
    await _redraw(query, await faces.in_menu(job, callback_data.page, say))


async def ask_cancel(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    job = await jobs.get(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Really cancel job {id}?", id=job.id))
    await _redraw(query, await faces.in_menu(job, callback_data.page, say, asked=True))


async def cancel(
    query: CallbackQuery, callback_data: AdminJob, asker: Asker, say: Say, jobs: JobService, faces: Faces
) -> None:
    job = await jobs.cancel(callback_data.job_id, asker=asker)
    await query.answer(say.plain("Job {id} is cancelled.", id=job.id))
    await _redraw(query, await faces.in_menu(job, callback_data.page, say))


async def _home(say: Say, jobs: JobService) -> Face:
    return Face(overview(await jobs.queue(), say), admin_home(say))


async def _redraw(query: CallbackQuery, face: Face) -> None:
    if isinstance(query.message, Message):
        await query.message.edit_text(face.text, reply_markup=face.buttons)


def router() -> Router:
    router = Router(name="admin")
    router.message.filter(IsAdmin())
    router.callback_query.filter(IsAdmin())
    router.message.register(open_menu, Command("admin", ignore_case=True))
    for menu, opened in (
        (Menu.HOME, home),
        (Menu.JOBS, list_all),
        (Menu.PAUSE_ALL, pause_all),
        (Menu.RESUME_ALL, resume_all),
    ):
        router.callback_query.register(opened, AdminMenu.filter(F.menu == menu))
    for verb, press in (
        (Verb.SHOW, show),
        (Verb.REFRESH, show),
        (Verb.KEEP, show),
        (Verb.PAUSE, pause),
        (Verb.RESUME, resume),
        (Verb.RETRY, retry),
        (Verb.CANCEL, ask_cancel),
        (Verb.REALLY, cancel),
    ):
        router.callback_query.register(press, AdminJob.filter(F.verb == verb))
    return router
