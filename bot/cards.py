"""What handlers do with cards: show a job in a chat, or react to a button under one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiogram.types import CallbackQuery, Message

from bot.board import Board
from bot.faces import Face, Faces
from bot.language import Say
from domain.asker import AT_THE_TERMINAL, Asker
from domain.job import OPERATOR, Job, ReportPlace
from engine.jobs import JobService

#: A job that ended this shortly before the start may have ended unseen.
UNSEEN = timedelta(minutes=10)


class Cards:
    """A job has one card, where its owner last asked for it. Others (admins) get snapshots."""

    def __init__(self, *, board: Board, faces: Faces, jobs: JobService) -> None:
        self._board = board
        self._faces = faces
        self._jobs = jobs

    async def show(self, job: Job, *, asker: Asker, say: Say, message: Message, silent: bool = False) -> None:
        """Answers `message` with the job."""
        if asker.user_id != job.owner_id:
            face = await self._faces.for_other(job, say)
            await message.answer(face.text, reply_markup=face.buttons)
            return
        face = await self._faces.of(job)
        sent = await message.answer(face.text, reply_markup=face.buttons, disable_notification=silent)
        await self._pin(job, ReportPlace(sent.chat.id, sent.message_id), face, asker)

    async def pressed(self, job: Job, *, asker: Asker, say: Say, query: CallbackQuery) -> None:
        """A button under `job`, which may have changed by it, was pressed."""
        if query.message is None:
            return
        place = ReportPlace(query.message.chat.id, query.message.message_id)
        if asker.user_id == job.owner_id:
            await self._pin(job, place, None, asker)
        elif not self._board.is_shown_at(job, place) and isinstance(query.message, Message):
            face = await self._faces.for_other(job, say)
            await query.message.edit_text(face.text, reply_markup=face.buttons)

    async def catch_up(self) -> None:
        """Shows how jobs ended that the service had no time to show before it was stopped."""
        since = datetime.now(UTC) - UNSEEN
        for job in await self._jobs.list(asker=AT_THE_TERMINAL, everyone=True):
            ended = job.finished_at is not None and job.finished_at >= since
            if ended and job.report is not None and job.owner_id != OPERATOR:
                self._board.mark(self._board.pin(job, job.report, None))

    async def _pin(self, job: Job, place: ReportPlace, face: Face | None, asker: Asker) -> None:
        card = self._board.pin(job, place, face)
        known = card.job
        if job.report != place:
            await self._jobs.show_at(job.id, place)
            # Its events may have come while nobody knew the card. Those from now on replace card.job.
            newest = await self._jobs.get(job.id, asker=asker)
            if card.job is known:
                card.job = newest
        self._board.mark(card)
