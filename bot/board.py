"""Which jobs are shown where, and what is to be told to whom: listens to the engine, sends nothing itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection

from bot.desk import Card, Desk
from bot.faces import Face
from bot.notices import deserves_notice
from bot.service_news import deserves_telling
from domain.job import OPERATOR, Job, ReportPlace
from engine.events import (
    DatabaseBack,
    DatabaseLost,
    DependencyFailed,
    Event,
    JobAdvanced,
    JobChanged,
    JobResumed,
    JobStalled,
    MemoryChanged,
)


class Board:
    """Jobs of the command line have no card. `clock` gives monotonic seconds."""

    def __init__(
        self,
        *,
        edit_every: float,
        admin_ids: Collection[int] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._edit_every = edit_every
        self._admin_ids = admin_ids
        self._clock = clock
        self._cards: dict[int, Card] = {}
        self.desks: dict[int, Desk] = {}
        self.fresh: asyncio.Queue[int] = asyncio.Queue()  #: chats whose desk nobody serves yet

    def hear(self, event: Event) -> None:
        match event:
            case JobAdvanced(job_id=job_id):
                if (card := self._cards.get(job_id)) is not None:
                    self.mark(card)
            case JobChanged(job=job):
                self._mark_those_after(job)
                if job.owner_id != OPERATOR:
                    self._changed(job)
            case JobResumed(job=job) if job.owner_id != OPERATOR:
                self._follow(job)
                self._desk_of(job).put_resumed(job, now=self._clock())
            case JobStalled(job=job) if job.owner_id != OPERATOR:
                self._desk_of(job).put_stalled(event, now=self._clock())
            case DependencyFailed(job=job) if job.owner_id != OPERATOR:
                self._desk_of(job).put_blocked(event, now=self._clock())
            case MemoryChanged() | DatabaseLost() | DatabaseBack() if deserves_telling(event):
                for admin_id in self._admin_ids:  # the number of a private chat is that of the person
                    self._desk(admin_id).put_service(event, now=self._clock())

    def mark(self, card: Card) -> None:
        """Its text may have changed."""
        self._desk(card.place.chat_id).put_card(card)

    def mark_all(self) -> None:
        """Time alone changes a text, too."""
        for card in self._cards.values():
            self.mark(card)

    def pin(self, job: Job, place: ReportPlace, shown: Face | None) -> Card:
        """From now on the job is shown there. A card elsewhere goes: two would contradict each other."""
        card = self._cards.get(job.id)
        before = card.place if card else job.report
        if card is None:
            card = self._cards[job.id] = Card(job, place)
        if before != place:
            card.place, card.is_lost, card.was_replaced = place, False, False
            if before is not None:
                self._desk(before.chat_id).drop(job.id)
                self._desk(before.chat_id).put_old(before.message_id)
        if shown is not None:
            card.shown, card.edited_at = shown, self._clock()
        return card

    def is_shown_at(self, job: Job, place: ReportPlace) -> bool:
        card = self._cards.get(job.id)
        return place == (card.place if card else job.report)

    def forget(self, card: Card) -> None:
        self._cards.pop(card.job.id, None)

    def leave(self, chat_id: int) -> None:
        """The chat takes nothing from us any more."""
        self._desk(chat_id).clear()
        self._cards = {known: card for known, card in self._cards.items() if card.place.chat_id != chat_id}

    def move(self, old_chat: int, new_chat: int) -> None:
        """A group became a supergroup: other ids, so the cards are sent anew there."""
        moved = [card for card in self._cards.values() if card.place.chat_id == old_chat]
        self._desk(old_chat).clear()
        for card in moved:
            card.place, card.is_lost = ReportPlace(new_chat, 0), True
            self.mark(card)

    def owes(self) -> bool:
        return any(desk.owes() for desk in self.desks.values())

    def _changed(self, job: Job) -> None:
        known = self._cards.get(job.id)
        was = None if known is None else (known.job.status, known.job.pause_reason)
        self._follow(job)
        if deserves_notice(job) and was != (job.status, job.pause_reason):
            self._desk_of(job).put_ended(job, now=self._clock())

    def _mark_those_after(self, job: Job) -> None:
        """Their cards say how it stands with what they wait for."""
        for card in self._cards.values():
            if job.id in card.job.after:
                self.mark(card)

    def _follow(self, job: Job) -> None:
        card = self._cards.get(job.id)
        if card is not None:
            card.job = job
        elif job.report is not None:
            card = self._cards[job.id] = Card(job, job.report)
        if card is not None:
            self.mark(card)

    def _desk_of(self, job: Job) -> Desk:
        """Of the chat that shows the job, or else of its owner's own."""
        card = self._cards.get(job.id)
        return self._desk(card.place.chat_id if card else job.owner_id)

    def _desk(self, chat_id: int) -> Desk:
        desk = self.desks.get(chat_id)
        if desk is None:
            desk = self.desks[chat_id] = Desk(edit_every=self._edit_every)
            self.fresh.put_nowait(chat_id)
        return desk
