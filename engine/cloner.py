"""One run of one job: plan → journal → send → checkpoint, with the next page already on its way.

Any trouble ends the run with the step in flight still in the journal; the next run settles it before it
sends anything. So there is one way out of every doubt, a killed process included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain.checkpoint import Checkpoint
from domain.errors import FerryError, MessageRefused, MustWait, OneAtATime, TelegramError
from domain.job import Job, Progress
from domain.message import Skip, SkipReason
from domain.step import Step, StepItem, random_id
from engine.background import Background
from engine.limiter import Limiter
from engine.planner import Planner, halve, one_each
from engine.reader import Reader
from engine.settle import Settler
from engine.state_manager import TaskStateManager
from engine.telegram.account import TelegramAccount
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore

#: Messages in a row that Telegram refuses for the same reason before the job stops instead of skipping on.
SAME_REFUSALS = 20
#: Reasons that are about the message itself, however many of its kind come in a row (telegram-facts 1).
ABOUT_ONE_MESSAGE = frozenset(
    {
        "BROADCAST_PUBLIC_VOTERS_FORBIDDEN",
        "CHAT_FORWARDS_RESTRICTED",
        "GROUPED_MEDIA_INVALID",
        "MEDIA_EMPTY",
        "MEDIA_INVALID",
        "PAYMENT_UNSUPPORTED",
        "QUIZ_ANSWER_MISSING",
    }
)
#: What Telegram answers when not one of the messages can be forwarded any more (telegram-facts 1).
ALL_GONE = "MESSAGE_ID_INVALID"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step: copies (source id → target id), skips, and what must be sent once more."""

    copied: dict[int, int]
    skips: tuple[Skip, ...] = ()
    rest: tuple[StepItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Divided:
    """The step was refused as a whole, nothing of it was sent; these parts take its place."""

    parts: Sequence[Step]


class Cloner:
    """Copies one job's source to its target until the end, a stop, or trouble."""

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        state: TaskStateManager,
        settler: Settler,
        limiter: Limiter,
        background: Background,
        target_lock: asyncio.Lock,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._pool, self._store, self._state = job, pool, store, state
        self._settler, self._limiter, self._background = settler, limiter, background
        self._target_lock, self._stop = target_lock, stop
        self._planner = Planner(name_of=_random_ids(job))
        self._reader: Reader | None = None
        self._upcoming: asyncio.Task[Step | None] | None = None
        self._refusals = 0
        self._refused_for = ""

    async def run(self) -> bool:
        """True when the whole source is done, False when told to stop. Raises TelegramErrors, LostLease."""
        try:
            step = await self._begin()
            while step is not None and not self._stop.is_set():
                async with self._target_lock:
                    if self._stop.is_set():  # while another job had the target
                        return False
                    step = await self._carry_out(step)
            return step is None and not self._stop.is_set()
        finally:
            if self._upcoming is not None:
                self._upcoming.cancel()
            if self._reader is not None:
                self._reader.close()

    async def _begin(self) -> Step | None:
        """Settles what an earlier run left in flight and gives the first step of this one, journalled."""
        left = await self._store.step_in_flight(self._job.id)
        cursor = self._progress.offset_id
        self._reader = Reader(
            pool=self._pool,
            account_id=self._job.account_id,
            chat=self._job.source,
            after_id=max(cursor, left.through_id) if left else cursor,
            background=self._background,
        )
        if left is not None:
            async with self._target_lock:
                return await self._settle(left)
        first = await self._plan()
        if first is not None:
            first = replace(first, number=self._progress.step_number + 1)
            await self._write(self._progress, step=first)
        return first

    async def _settle(self, left: Step) -> Step | None:
        """Records what of a step in doubt has arrived; gives the step that is to be sent next."""
        account = await self._pool.get(self._job.account_id)
        found = await self._find(account, left.items) if left.items else {}
        rest = tuple(item for item in left.items if item.source_id not in found)
        if rest and not found:
            return left  # nothing of it arrived: it goes out just as it was journalled
        if not rest:
            return await self._conclude(left, Done(found))
        remaining = replace(left, number=left.number + 1, items=rest)
        progress = replace(self._after(left, Done(found)), offset_id=self._progress.offset_id)
        await self._write(progress, copied=found, step=remaining)
        return remaining

    async def _carry_out(self, step: Step) -> Step | None:
        """Sends one step while the page after the next is read; returns the next one, journalled."""
        self._plan_ahead()
        if self._reader is not None:
            await self._reader.ask()
        outcome = await self._send(step)
        if isinstance(outcome, Divided):
            return await self._divide(step, outcome.parts)
        return await self._conclude(step, outcome)

    async def _send(self, step: Step) -> Done | Divided:
        if not step.items:
            return Done({})
        self._limiter.check(self._job.account_id)
        account = await self._pool.get(self._job.account_id)
        try:
            mapping = await account.forward(self._job.source, self._job.target, step.items)
        except MustWait as order:
            self._limiter.told_to_wait(self._job.account_id, order)
            raise
        except OneAtATime:
            self._planner.one_at_a_time()
            return Divided(one_each(step))
        except MessageRefused as refusal:
            if refusal.values["reason"] == ALL_GONE:
                return await self._left_out(account, step, {}, step.items)
            return self._refused(step, refusal.values["reason"])
        self._refusals = 0
        self._limiter.sent(self._job.account_id, len(step.items))
        missing = tuple(item for item in step.items if item.source_id not in mapping)
        return await self._left_out(account, step, mapping, missing) if missing else Done(mapping)

    async def _left_out(
        self, account: TelegramAccount, step: Step, mapping: dict[int, int], missing: tuple[StepItem, ...]
    ) -> Done:
        """The answer maps fewer messages than were sent: look at each one that it leaves out."""
        there = await account.still_there(self._job.source, [item.source_id for item in missing])
        skips = tuple(Skip(i.source_id, SkipReason.DELETED) for i in missing if i.source_id not in there)
        left = tuple(item for item in missing if item.source_id in there)
        if left:
            mapping = mapping | await self._find(account, left, known=frozenset(mapping.values()))
            left = tuple(item for item in left if item.source_id not in mapping)
        if left and step.late:  # sent a second time, left out a second time
            skips += tuple(Skip(i.source_id, SkipReason.REFUSED, "left out of the answer") for i in left)
            left = ()
        return Done(mapping, skips, left)

    def _refused(self, step: Step, reason: str) -> Done | Divided:
        """Halves the step until the message or album to blame stands alone; that one is a skip."""
        halves = halve(step)
        if halves is not None:
            return Divided(halves)
        self._refusals = self._refusals + 1 if reason == self._refused_for else 1
        self._refused_for = reason
        if self._refusals >= SAME_REFUSALS and reason not in ABOUT_ONE_MESSAGE:
            raise TelegramError(reason=reason)
        return Done({}, tuple(Skip(item.source_id, SkipReason.REFUSED, reason) for item in step.items))

    async def _divide(self, step: Step, parts: Sequence[Step]) -> Step | None:
        planned, trouble = await self._planned()
        if trouble is not None:
            raise trouble
        later = [*parts[1:], *([planned] if planned else [])]
        for part in reversed(later):
            self._planner.give_back(part)
        first = replace(parts[0], number=step.number + 1)
        await self._write(replace(self._progress, step_number=step.number), step=first)
        return first

    async def _conclude(self, step: Step, done: Done) -> Step | None:
        """Writes what came of `step` together with the step that follows, in one transaction."""
        following, trouble = await self._planned()
        if done.rest:
            if following is not None:
                self._planner.give_back(following)
            following = Step(0, step.kind, done.rest, step.through_id, late=True)
        elif self._stop.is_set():
            following = None  # a step that is not sent now need not be settled later
        if following is not None:
            following = replace(following, number=step.number + 1)
            self._plan_ahead()  # while the database writes
        progress = self._after(step, done)
        await self._write(progress, copied=done.copied, skips=step.skips + done.skips, step=following)
        if trouble is not None:
            raise trouble
        return following

    async def _planned(self) -> tuple[Step | None, FerryError | None]:
        """The next step. Trouble in reading ahead is told only after what was sent has been written down."""
        upcoming = self._plan_ahead()
        self._upcoming = None
        try:
            return await upcoming, None
        except FerryError as trouble:
            return None, trouble

    def _plan_ahead(self) -> asyncio.Task[Step | None]:
        if self._upcoming is None:
            self._upcoming = self._background.start(self._plan(), name=f"plan job {self._job.id}")
        return self._upcoming

    async def _plan(self) -> Step | None:
        assert self._reader is not None
        while self._planner.wants_more:
            page = await self._reader.page()
            if page.is_end:
                self._planner.end()
            else:
                self._state.counted(self._job.id, page.total)
                self._planner.feed(page.messages)
        return self._planner.next()

    async def _find(
        self, account: TelegramAccount, items: Sequence[StepItem], known: frozenset[int] = frozenset()
    ) -> dict[int, int]:
        after = self._progress.last_target_id
        return await self._settler.find(account, self._job, items, after=after, known=known)

    def _after(self, step: Step, done: Done) -> Progress:
        """The progress once `step` is done."""
        now = self._progress
        return replace(
            now,
            offset_id=max(now.offset_id, step.through_id),
            step_number=step.number,
            copied=now.copied + len(done.copied),
            skipped=now.skipped + len(step.skips) + len(done.skips),
            last_target_id=max(now.last_target_id, *done.copied.values(), 0),
        )

    async def _write(
        self,
        progress: Progress,
        *,
        copied: dict[int, int] | None = None,
        skips: tuple[Skip, ...] = (),
        step: Step | None,
    ) -> None:
        await self._state.barrier(
            Checkpoint(
                job_id=self._job.id,
                generation=self._job.generation,
                progress=progress,
                copied=tuple((copied or {}).items()),
                skips=skips,
                step=step,
            )
        )

    @property
    def _progress(self) -> Progress:
        return self._state.progress(self._job.id)


def _random_ids(job: Job) -> Callable[[int], int]:
    """What gives a source message's copy its random_id in this job."""
    target, source = job.target.peer.marked_id, job.source.peer.marked_id
    return lambda message_id: random_id(key=job.key, target=target, source=source, message_id=message_id)
