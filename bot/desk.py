"""What waits to be sent to one chat. The newest state of a job replaces an older one that nobody has seen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from bot.faces import Face
from bot.service_news import ServiceNews
from domain.job import Job, ReportPlace
from engine.events import DependencyFailed, JobStalled

GATHER = 0.5  # seconds that a notice waits for others to join it
KEPT = 4  # news of the service that wait for a chat that can't be reached


@dataclass(slots=True, eq=False)
class Card:
    """A job's one progress message. `shown` is what stands there, as far as we know."""

    job: Job
    place: ReportPlace
    shown: Face | None = None
    edited_at: float = float("-inf")
    is_lost: bool = False  #: somebody deleted the message: send a new one
    was_replaced: bool = False  #: which is done once


@dataclass(slots=True, eq=False)
class Notice:
    """What is to be told in one new message: of each job the newest, of the service the last few."""

    resumed: dict[int, Job] = field(default_factory=dict)
    ended: dict[int, Job] = field(default_factory=dict)
    stalled: dict[int, JobStalled] = field(default_factory=dict)
    blocked: dict[tuple[int, int], DependencyFailed] = field(default_factory=dict)
    service: list[ServiceNews] = field(default_factory=list)

    def jobs(self) -> Iterator[Job]:
        yield from self.resumed.values()
        yield from self.ended.values()
        yield from (event.job for event in self.stalled.values())
        yield from (event.job for event in self.blocked.values())

    def before(self, newer: Notice) -> Notice:
        """Both as one."""
        return Notice(
            self.resumed | newer.resumed,
            self.ended | newer.ended,
            self.stalled | newer.stalled,
            self.blocked | newer.blocked,
            (self.service + newer.service)[-KEPT:],
        )


@dataclass(frozen=True, slots=True)
class OldCard:
    """A message that is no longer its job's card and is to go."""

    message_id: int


Work = Card | Notice | OldCard


class Desk:
    """Cards take turns: one that was sent goes to the end of the line."""

    def __init__(self, *, edit_every: float) -> None:
        """`edit_every`: at least that many seconds between two edits of one card."""
        self._edit_every = edit_every
        self._cards: dict[int, Card] = {}
        self._notice: Notice | None = None
        self._notice_due = 0.0
        self._old: deque[OldCard] = deque()
        self._changed = asyncio.Event()
        self.failures = 0  #: in a row

    def put_card(self, card: Card) -> None:
        if card.job.id not in self._cards:
            self._cards[card.job.id] = card
            self._changed.set()

    def put_old(self, message_id: int) -> None:
        self._old.append(OldCard(message_id))
        self._changed.set()

    def put_resumed(self, job: Job, *, now: float) -> None:
        self._note(now).resumed[job.id] = job

    def put_ended(self, job: Job, *, now: float) -> None:
        self._note(now).ended[job.id] = job

    def put_stalled(self, event: JobStalled, *, now: float) -> None:
        self._note(now).stalled[event.job.id] = event

    def put_blocked(self, event: DependencyFailed, *, now: float) -> None:
        self._note(now).blocked[event.job.id, event.after_id] = event

    def put_service(self, news: ServiceNews, *, now: float) -> None:
        notice = self._note(now)
        notice.service = [*notice.service, news][-KEPT:]

    def put_back(self, work: Work) -> None:
        """It could not be sent. What came meanwhile is newer and wins; its place in the line is kept."""
        match work:
            case Card():
                self._cards = {work.job.id: work} | self._cards
            case OldCard():
                self._old.appendleft(work)
            case Notice():
                self._notice = work.before(self._notice or Notice())

    def due_in(self, now: float) -> float | None:
        """Seconds until something may be sent, as far as the desk is concerned; None when it is empty."""
        due = [card.edited_at + self._edit_every for card in self._cards.values()]
        if self._notice:
            due.append(self._notice_due)
        if self._old:
            due.append(now)
        return min(due) - now if due else None

    def take(self, now: float) -> Work | None:
        """The next thing to send: notices first, they are few."""
        if self._notice and self._notice_due <= now:
            notice, self._notice = self._notice, None
            return notice
        for card in self._cards.values():
            if card.edited_at + self._edit_every <= now:
                return self._cards.pop(card.job.id)
        return self._old.popleft() if self._old else None

    def drop(self, job_id: int) -> None:
        self._cards.pop(job_id, None)

    def clear(self) -> None:
        self._cards, self._notice = {}, None
        self._old.clear()

    def owes(self) -> bool:
        """Whether something waits here that nobody will ever send if it is not sent now."""
        return self._notice is not None or any(not card.job.is_unfinished for card in self._cards.values())

    async def rest(self, seconds: float) -> None:
        """Returns after that time, or as soon as something new is put here."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def _note(self, now: float) -> Notice:
        if self._notice is None:
            self._notice, self._notice_due = Notice(), now + GATHER
        self._changed.set()
        return self._notice
