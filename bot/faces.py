"""What a job's message looks like right now: text and buttons together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from aiogram.types import InlineKeyboardMarkup

from bot.card import card, snapshot
from bot.keyboards import admin_job, job_buttons
from bot.language import Languages, Say
from domain.job import Job, JobStatus
from engine.jobs import JobService


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
        say, awaited = self._languages.say_to(job.owner_id), await self._awaited(job)
        text = card(job, self._jobs.live(job), say, now=datetime.now(UTC), awaited=awaited)
        return Face(text, job_buttons(job, say))

    async def for_other(self, job: Job, say: Say) -> Face:
        """What an admin sees of somebody else's job."""
        return Face(await self._snapshot(job, say), job_buttons(job, say))

    async def in_menu(self, job: Job, page: int, say: Say, *, asked: bool = False) -> Face:
        """The same within /admin; `asked`: whether it shall really be cancelled."""
        return Face(await self._snapshot(job, say), admin_job(job, page, say, asked=asked))

    async def _snapshot(self, job: Job, say: Say) -> str:
        awaited = await self._awaited(job)
        return snapshot(job, self._jobs.live(job), say, now=datetime.now(UTC), awaited=awaited)

    async def _awaited(self, job: Job) -> list[Job]:
        """Asked anew each time: they go on while this job stands still."""
        return await self._jobs.awaited(job) if job.status is JobStatus.PENDING and job.after else []
