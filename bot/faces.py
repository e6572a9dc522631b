"""What a job's message looks like right now: text and buttons together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiogram.types import InlineKeyboardMarkup

from bot.card import card, owner
from bot.keyboards import admin_job, job_buttons
from bot.language import Languages, Say
from bot.results import NOTHING
from domain.job import Job, JobStatus
from engine.jobs import JobService
from engine.listing import Found


@dataclass(frozen=True, slots=True)
class Face:
    text: str
    buttons: InlineKeyboardMarkup | None


class Faces:
    def __init__(self, *, jobs: JobService, languages: Languages) -> None:
        self._jobs = jobs
        self._languages = languages

    async def of(self, job: Job) -> Face:
        """The card, in its owner's language."""
        return await self._card(job, self._languages.say_to(job.owner_id))

    async def for_other(self, job: Job, say: Say) -> Face:
        """What an admin sees of somebody else's job."""
        face = await self._card(job, say)
        return replace(face, text=f"{face.text}\n\n{owner(job, say)}")

    async def in_menu(self, job: Job, page: int, say: Say, *, asked: bool = False) -> Face:
        """The same within /admin; `asked`: whether it shall really be cancelled."""
        face = await self.for_other(job, say)
        return replace(face, buttons=admin_job(job, page, say, asked=asked))

    async def _card(self, job: Job, say: Say) -> Face:
        awaited, found = await self._awaited(job), await self._found(job)
        live, now = self._jobs.live(job), datetime.now(UTC)
        text = card(job, live, say, now=now, awaited=awaited, found=found)
        return Face(text, job_buttons(job, say, found=found))

    async def _awaited(self, job: Job) -> list[Job]:
        """Asked anew each time: they go on while this job stands still."""
        return await self._jobs.awaited(job) if job.status is JobStatus.PENDING and job.after else []

    async def _found(self, job: Job) -> Found:
        return NOTHING if job.is_unfinished else await self._jobs.found(job)
