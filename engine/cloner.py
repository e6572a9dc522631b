"""One run of one job: plan → journal → send → checkpoint, with the next page already on its way.

Any trouble ends the run with the step in flight still in the journal; the next run settles it before it
sends anything. So there is one way out of every doubt, a killed process included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.checkpoint import Checkpoint
from domain.errors import FerryError
from domain.job import Job, Progress
from domain.message import Skip
from domain.step import Step, random_id
from engine.background import Background
from engine.memory_optimizer import MemoryOptimizer
from engine.planner import Planner
from engine.reader import Reader
from engine.sender import Divided, Done, Sender
from engine.state_manager import TaskStateManager
from engine.target import Target
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Cloner:
    """Copies one job's source to its target until the end, a stop, or trouble."""

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        state: TaskStateManager,
        sender: Sender,
        memory: MemoryOptimizer,
        background: Background,
        target: Target,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._pool, self._store, self._state = job, pool, store, state
        self._sender, self._memory, self._background = sender, memory, background
        self._target, self._stop = target, stop
        self._planner = Planner(name_of=_random_ids(job))
        self._reader: Reader | None = None
        self._upcoming: asyncio.Task[Step | None] | None = None
        self._journalled = False  # whether the next step stands in the database

    async def run(self) -> bool:
        """True when the whole source is done, False when told to stop. Raises TelegramErrors, LostLease."""
        try:
            step = await self._begin()
            while step is not None and not self._stop.is_set():
                await self._sender.turn(step)
                async with self._target.turn():
                    if self._stop.is_set():  # while we waited or another job had the target
                        return False
                    step = await self._carry_out(step)
            return step is None and not self._stop.is_set()
        finally:
            if self._upcoming is not None:
                self._upcoming.cancel()
            if self._reader is not None:
                self._reader.close()

    async def _begin(self) -> Step | None:
        """Settles what an earlier run left in flight and gives the first step of this one."""
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
            async with self._target.turn():
                return await self._settle(left)
        first = await self._plan()
        return first and replace(first, number=self._progress.step_number + 1)

    async def _settle(self, left: Step) -> Step | None:
        """Records what of a step in doubt has arrived; gives the step that is to be sent next."""
        after = self._progress.last_target_id
        done = await self._sender.settle(left.items, after=after) if left.items else Done({})
        if done.rest and not done.copied:
            self._journalled = True
            return left  # nothing of it arrived: it goes out just as it was journalled
        if not done.rest:
            return await self._conclude(left, done)
        remaining = replace(left, number=left.number + 1, items=done.rest, skips=())
        progress = replace(self._after(left, done), offset_id=self._progress.offset_id)
        await self._write(progress, copied=done.copied, skips=left.skips + done.skips, step=remaining)
        return remaining

    async def _carry_out(self, step: Step) -> Step | None:
        """Sends one step while the page after the next is read; returns the next one."""
        if not self._journalled:
            await self._write(self._progress, step=step)
        self._plan_ahead()
        if self._reader is not None and self._memory.read_ahead:
            await self._reader.ask()
        outcome = await self._sender.send(step, after=self._progress.last_target_id)
        if isinstance(outcome, Divided):
            if outcome.slow_mode:
                self._planner.one_at_a_time()
            return await self._divide(step, outcome.parts)
        return await self._conclude(step, outcome)

    async def _divide(self, step: Step, parts: Sequence[Step]) -> Step | None:
        planned, trouble = await self._planned()
        if trouble is not None:
            raise trouble
        first, *others = parts
        if planned is not None:
            self._planner.give_back(planned)
        if step.late:  # behind the cursor: what is not journalled would never be planned again
            owed = tuple(item for part in others for item in part.items)
            first = replace(first, later=owed + step.later)
        else:
            for part in reversed(others):
                self._planner.give_back(part)
        first = replace(first, number=step.number + 1)
        progress = replace(self._progress, step_number=step.number)
        await self._write(progress, step=self._to_journal(first))
        return first

    async def _conclude(self, step: Step, done: Done) -> Step | None:
        """Writes what came of `step` together with the step that follows, in one transaction."""
        following, trouble = await self._planned()
        if owed := done.rest + step.later:
            if following is not None:
                self._planner.give_back(following)
            following = Step(0, step.kind, owed, step.through_id, late=True)
        elif self._stop.is_set():
            following = None  # a step that is not sent now need not be settled later
        elif following is not None and trouble is None and (wait := self._sender.must_wait(following)):
            following, trouble = None, wait
        if following is not None:
            following = replace(following, number=step.number + 1)
            self._plan_ahead()  # while the database writes
        progress = self._after(step, done)
        skips = step.skips + done.skips
        await self._write(progress, copied=done.copied, skips=skips, step=self._to_journal(following))
        if trouble is not None:
            raise trouble
        return following

    def _to_journal(self, step: Step | None) -> Step | None:
        """A step is journalled when it may be sent at once: then only one in the target is ever in doubt.

        While others want the target it is journalled when its turn comes, but for what the cursor has passed.
        """
        return step if step is not None and (step.late or not self._target.others_want_it) else None

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
        self._planner.hold(self._sender.room)
        while self._planner.wants_more:
            page = await self._reader.page()
            if page.is_end:
                self._planner.end()
            else:
                self._state.counted(self._job.id, page.total)
                self._planner.feed(page.messages)
        return self._planner.next()

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
        self._journalled = step is not None

    @property
    def _progress(self) -> Progress:
        return self._state.progress(self._job.id)


def _random_ids(job: Job) -> Callable[[int], int]:
    """What gives a source message's copy its random_id in this job."""
    target, source = job.target.peer.marked_id, job.source.peer.marked_id
    return lambda message_id: random_id(key=job.key, target=target, source=source, message_id=message_id)
