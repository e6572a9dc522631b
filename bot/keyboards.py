"""The buttons under the bot's messages. Which verbs a job offers hangs on the moves its status allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import AdminJob, AdminMenu, JobAction, Menu, MyJobs, Verb
from bot.kinds import COPYING, Work, work
from bot.language import N_, Say
from bot.results import NOTHING, has_list, is_open
from domain.job import Job, JobKind, JobStatus, PauseReason
from engine.listing import Found

WORDS = {
    Verb.PAUSE: N_("⏸ Pause"),
    Verb.RESUME: N_("▶️ Resume"),
    Verb.RETRY: N_("🔁 Retry"),
    Verb.CANCEL: N_("✖️ Cancel"),
    Verb.REFRESH: N_("🔄 Refresh"),
    Verb.VERIFY: N_("🔎 Verify"),
    Verb.REPAIR: N_("🩹 Repair"),
    Verb.SKIPPED: N_("📋 Which ones"),
    Verb.CSV: N_("📎 All as a file"),
    Verb.AGAIN: N_("🔁 Try again"),
    Verb.DELETE: N_("🗑 Delete them"),
    Verb.WIPE: N_("Yes, delete them"),
    Verb.SPARE: N_("No, keep them"),
}
PER_ROW = 4
PAGE = 8  # jobs


def job_buttons(job: Job, say: Say, *, found: Found = NOTHING) -> InlineKeyboardMarkup | None:
    """A card's. A pause by an admin is theirs to end, so the owner gets no button for it.

    `found` is what a job that has ended found or could not do.
    """
    verbs = [verb for verb in _verbs(job) if not (verb is Verb.RESUME and _held_by_admin(job))]
    return _keyboard([_of_job(job, [*verbs, *_following(job, found)], say)])


def listing(job: Job, say: Say, *, may_copy: bool) -> InlineKeyboardMarkup:
    """Under the list of what a job left out or found; `may_copy`: another try may copy some of it."""
    return _certain([_of_job(job, [Verb.CSV, *([Verb.AGAIN] if may_copy else [])], say)])


def really_delete(job: Job, say: Say) -> InlineKeyboardMarkup:
    return _certain([_of_job(job, [Verb.WIPE, Verb.SPARE], say)])


def really_cancel(job: Job, say: Say) -> InlineKeyboardMarkup:
    return _certain([_asked(say, lambda verb: JobAction(verb=verb, job_id=job.id))])


def my_jobs(jobs: Sequence[Job], page: int, pages: int, say: Say) -> InlineKeyboardMarkup | None:
    """`jobs` are the page's."""
    return _keyboard(
        [
            *_numbers(jobs, lambda job: JobAction(verb=Verb.SHOW, job_id=job.id)),
            _turning(page, pages, say, lambda to: MyJobs(page=to)),
        ]
    )


def admin_home(say: Say) -> InlineKeyboardMarkup:
    return _certain(
        [
            [
                _button(say.plain("📋 All jobs"), AdminMenu(menu=Menu.JOBS)),
                _button(say.plain("🔄 Refresh"), AdminMenu(menu=Menu.HOME)),
            ],
            [
                _button(say.plain("⏸ Pause all"), AdminMenu(menu=Menu.PAUSE_ALL)),
                _button(say.plain("▶️ Resume all"), AdminMenu(menu=Menu.RESUME_ALL)),
            ],
        ]
    )


def admin_jobs(jobs: Sequence[Job], page: int, pages: int, say: Say) -> InlineKeyboardMarkup:
    return _certain(
        [
            *_numbers(jobs, lambda job: AdminJob(verb=Verb.SHOW, job_id=job.id, page=page)),
            _turning(page, pages, say, lambda to: AdminMenu(menu=Menu.JOBS, page=to)),
            [_button(say.plain("« Menu"), AdminMenu(menu=Menu.HOME))],
        ]
    )


def admin_job(job: Job, page: int, say: Say, *, asked: bool = False) -> InlineKeyboardMarkup:
    """`asked`: whether it shall really be cancelled."""

    def action(verb: Verb) -> CallbackData:
        return AdminJob(verb=verb, job_id=job.id, page=page)

    verbs = _asked(say, action) if asked else _row(_verbs(job), say, action)
    return _certain([verbs, [_button(say.plain("« All jobs"), AdminMenu(menu=Menu.JOBS, page=page))]])


def _verbs(job: Job) -> list[Verb]:
    verbs = []
    if job.may_become(JobStatus.PAUSED):
        verbs.append(Verb.PAUSE)
    if job.status is JobStatus.PAUSED:
        verbs.append(Verb.RESUME)
    if job.status is JobStatus.FAILED:
        verbs.append(Verb.RETRY)
    if job.may_become(JobStatus.CANCELLED):
        verbs.append(Verb.CANCEL)
    if job.is_unfinished:
        verbs.append(Verb.REFRESH)
    return verbs


def _following(job: Job, found: Found) -> list[Verb]:
    """What may come after a job that has ended."""
    if job.is_unfinished:
        return []
    completed = job.status is JobStatus.COMPLETED
    return [
        *([Verb.VERIFY] if completed and job.kind in COPYING else []),
        *([Verb.REPAIR] if completed and job.kind is JobKind.VERIFY and is_open(found) else []),
        *([Verb.DELETE] if completed and work(job) is Work.DOUBLES and is_open(found) else []),
        *([Verb.SKIPPED] if has_list(job, found) else []),
    ]


def _of_job(job: Job, verbs: Sequence[Verb], say: Say) -> list[InlineKeyboardButton]:
    return _row(verbs, say, lambda verb: JobAction(verb=verb, job_id=job.id))


def _held_by_admin(job: Job) -> bool:
    return job.status is JobStatus.PAUSED and job.pause_reason is PauseReason.ADMIN


def _asked(say: Say, action: Callable[[Verb], CallbackData]) -> list[InlineKeyboardButton]:
    return [
        _button(say.plain("Yes, cancel it"), action(Verb.REALLY)),
        _button(say.plain("No, keep it"), action(Verb.KEEP)),
    ]


def _row(
    verbs: Sequence[Verb], say: Say, action: Callable[[Verb], CallbackData]
) -> list[InlineKeyboardButton]:
    return [_button(say.plain(WORDS[verb]), action(verb)) for verb in verbs]


def _numbers(jobs: Sequence[Job], action: Callable[[Job], CallbackData]) -> list[list[InlineKeyboardButton]]:
    buttons = [_button(str(job.id), action(job)) for job in jobs]
    return [buttons[start : start + PER_ROW] for start in range(0, len(buttons), PER_ROW)]


def _turning(
    page: int, pages: int, say: Say, to: Callable[[int], CallbackData]
) -> list[InlineKeyboardButton]:
    row = []
    if page > 0:
        row.append(_button(say.plain("◀ Newer"), to(page - 1)))
    if page < pages - 1:
        row.append(_button(say.plain("Older ▶"), to(page + 1)))
    return row


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def _keyboard(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    filled = [row for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=filled) if filled else None


def _certain(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
