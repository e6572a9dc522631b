"""Carries what waits on the desks to Telegram, one worker a chat, so that a slow chat delays no other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import assert_never

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)

from bot import notices
from bot.board import Board
from bot.desk import Card, Desk, Notice, OldCard, Work
from bot.faces import Face, Faces
from bot.language import Languages
from bot.sending import DeleteCard, EditCard, SendCard
from bot.traffic import Traffic
from domain.errors import DatabaseBroken
from domain.job import JobStatus, ReportPlace
from engine.jobs import JobService
from engine.listing import Found

log = structlog.get_logger(__name__)

TICK = 15.0  # seconds after which "another 4 min" is looked at again
LONGEST_BACKOFF = 30.0  # seconds between two tries while Telegram can't be reached
NOT_MODIFIED = ("message is not modified",)
LOST = ("message to edit not found", "message can't be edited", "message_id_invalid")
ALREADY_GONE = ("message to delete not found", "message can't be deleted", "message_id_invalid")
#: A bad request that means the same as 403: this chat is closed to us.
CLOSED = (
    "chat not found",
    "chat was deleted",
    "chat was upgraded",
    "not enough rights",
    "no rights to",
    "chat_write_forbidden",
    "topic_closed",
    "topic_deleted",
)


class Courier:
    """`clock` gives monotonic seconds, the same as the board's."""

    def __init__(
        self,
        *,
        bot: Bot,
        board: Board,
        faces: Faces,
        traffic: Traffic,
        languages: Languages,
        jobs: JobService,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._board = board
        self._faces = faces
        self._traffic = traffic
        self._languages = languages
        self._jobs = jobs
        self._clock = clock

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as workers:
            workers.create_task(self._tick())
            while True:
                chat_id = await self._board.fresh.get()
                workers.create_task(self._serve(chat_id, self._board.desks[chat_id]))

    async def settle(self, seconds: float) -> None:
        """Waits, at most that long, until final states and notices are through."""
        deadline = self._clock() + seconds
        while self._board.owes() and self._clock() < deadline:  # noqa: ASYNC110 - sent is what sets no event
            await asyncio.sleep(0.02)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._board.mark_all()

    async def _serve(self, chat_id: int, desk: Desk) -> None:
        """Ends, and the desk with it, when nothing waits there any more."""
        while (due := desk.due_in(self._clock())) is not None:
            delay = max(due, self._traffic.card_delay(chat_id))
            if delay > 0:
                await desk.rest(delay)
            elif (work := desk.take(self._clock())) is not None:
                await self._carry(chat_id, desk, work)
        del self._board.desks[chat_id]

    async def _carry(self, chat_id: int, desk: Desk, work: Work) -> None:
        """One request at most. Whatever happens, the next one gets its turn."""
        try:
            await self._send(chat_id, work)
            desk.failures = 0
        except TelegramRetryAfter as flood:
            self._traffic.hold(chat_id, flood.retry_after)
            desk.put_back(work)
        except TelegramMigrateToChat as moved:
            self._board.move(chat_id, moved.migrate_to_chat_id)
        except TelegramForbiddenError as closed:
            self._give_up(chat_id, closed)
        except TelegramBadRequest as refused:
            if _says(refused, CLOSED):
                self._give_up(chat_id, refused)
            else:
                log.error("card_refused", chat_id=chat_id, reason=refused.message)
        except (TelegramAPIError, ClientDecodeError) as outage:
            desk.failures += 1
            self._traffic.hold(chat_id, min(2.0 ** (desk.failures - 1), LONGEST_BACKOFF))
            desk.put_back(work)
            log.warning("card_delayed", chat_id=chat_id, reason=str(outage), tries=desk.failures)
        except DatabaseBroken as broken:  # the next tick tries again
            log.warning("card_without_database", chat_id=chat_id, reason=str(broken))
        except Exception:
            log.exception("card_failed", chat_id=chat_id)

    def _give_up(self, chat_id: int, refusal: TelegramAPIError) -> None:
        log.info("chat_closed", chat_id=chat_id, reason=refusal.message)
        self._board.leave(chat_id)

    async def _send(self, chat_id: int, work: Work) -> None:
        match work:
            case Card():
                await self._show(work)
            case Notice():
                self._traffic.take_for_card(chat_id)
                await self._bot(SendCard(chat_id=chat_id, text=await self._told(chat_id, work)))
            case OldCard(message_id=message_id):
                self._traffic.take_for_card(chat_id)
                await self._remove(chat_id, message_id)
            case _:
                assert_never(work)

    async def _show(self, card: Card) -> None:
        job, face = card.job, await self._faces.of(card.job)
        stands_at: ReportPlace | None
        if card.is_lost:
            stands_at = await self._send_anew(card, face)
        elif face == card.shown:
            stands_at = card.place
        else:
            stands_at = await self._edit(card, face)
        if stands_at != card.place:  # deleted, or shown elsewhere by now
            return
        card.shown, card.edited_at = face, self._clock()
        if card.job is job and not job.is_unfinished:
            self._board.forget(card)

    async def _edit(self, card: Card, face: Face) -> ReportPlace | None:
        """Where the card stands now; None if its message is gone."""
        place = card.place
        self._traffic.take_for_card(place.chat_id)
        edit = EditCard(
            chat_id=place.chat_id, message_id=place.message_id, text=face.text, reply_markup=face.buttons
        )
        try:
            await self._bot(edit)
        except TelegramBadRequest as refused:
            if _says(refused, NOT_MODIFIED):
                return place
            if not _says(refused, LOST):
                raise
            self._lost(card)
            return None
        return place

    def _lost(self, card: Card) -> None:
        if card.was_replaced:
            log.info("card_deleted_again", job=card.job.id)
            self._board.forget(card)
        else:
            card.is_lost = True
            self._board.mark(card)

    async def _send_anew(self, card: Card, face: Face) -> ReportPlace:
        chat_id = card.place.chat_id
        self._traffic.take_for_card(chat_id)
        sent = await self._bot(SendCard(chat_id=chat_id, text=face.text, reply_markup=face.buttons))
        place = ReportPlace(chat_id, sent.message_id)
        card.place, card.is_lost, card.was_replaced = place, False, True
        await self._jobs.show_at(card.job.id, place)
        return place

    async def _remove(self, chat_id: int, message_id: int) -> None:
        try:
            await self._bot(DeleteCard(chat_id=chat_id, message_id=message_id))
        except TelegramBadRequest as refused:
            if not _says(refused, ALREADY_GONE):
                raise

    async def _told(self, chat_id: int, notice: Notice) -> str:
        """In the language of the first job's owner: in a group several may be meant."""
        owner_id = next((job.owner_id for job in notice.jobs()), chat_id)
        return notices.text(notice, self._languages.say_to(owner_id), found=await self._found(notice))

    async def _found(self, notice: Notice) -> dict[int, Found]:
        """What the jobs have found that are told to be complete; nothing when the database is gone."""
        completed = [job for job in notice.ended.values() if job.status is JobStatus.COMPLETED]
        try:
            return {job.id: await self._jobs.found(job) for job in completed[: notices.NAMED]}
        except DatabaseBroken as broken:  # that it is complete is news all the same
            log.warning("notice_without_database", reason=str(broken))
            return {}


def _says(refusal: TelegramAPIError, words: tuple[str, ...]) -> bool:
    return any(word in refusal.message.lower() for word in words)
