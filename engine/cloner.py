"""One run of one job: plan → journal → send → checkpoint, with the next page already on its way.

Any trouble ends the run with the step in flight still in the journal; the next run settles it before it
sends anything. So there is one way out of every doubt, a killed process included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from domain.errors import FerryError
from domain.job import Job, Progress
from domain.message import Skip, SkipReason
from domain.step import Step, StepKind
from engine.background import Background
from engine.done import Divided, Done
from engine.expected import Expected, references
from engine.ledger import Ledger
from engine.memory_optimizer import MemoryOptimizer
from engine.reader import Reader
from engine.route import Route
from engine.sender import Sender
from engine.target import Target
from engine.telegram.pool import AccountPool

#: Why what an answer left out is not sent late any more.
TOPIC_GONE = "TOPIC_DELETED"


class Cloner:
    """Copies one job's source to its target until the end, a stop, or trouble."""

    def __init__(
        self,
        *,
        job: Job,
        route: Route,
        pool: AccountPool,
        ledger: Ledger,
        sender: Sender,
        memory: MemoryOptimizer,
        background: Background,
        target: Target,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._route, self._pool, self._ledger = job, route, pool, ledger
        self._sender, self._memory, self._background = sender, memory, background
        self._target, self._stop = target, stop
        self._planner, self._copying = route.planner, route.copying
        self._expected = Expected(job.wishes.selection, topics=route.topics.is_mapped)
        self._reader: Reader | None = None
        self._upcoming: asyncio.Task[Step | None] | None = None
        self._journalled = False  # whether the next step stands in the database

    async def run(self) -> bool:
        """True when everything is done, False when told to stop. Raises TelegramErrors, LostLease."""
        try:
            step = await self._begin()
            while not self._stop.is_set():
                if step is None and (step := await self._last_change()) is None:
                    return True
                await self._sender.turn(step)
                async with self._target.turn():
                    if self._stop.is_set():  # while we waited or another job had the target
                        return False
                    step = await self._carry_out(step)
            return False
        finally:
            if self._upcoming is not None:
                self._upcoming.cancel()
            if self._reader is not None:
                self._reader.close()

    async def _begin(self) -> Step | None:
        """Settles what an earlier run left in flight and gives the first step of this one."""
        left = await self._ledger.step_in_flight()
        cursor = self._progress.offset_id
        self._read_after(max(cursor, left.through_id) if left and left.through_id else cursor)
        if left is not None:
            self._expected.owed(left.items + left.later)
            async with self._target.turn():
                return await self._settle(left)
        first = await self._plan()
        return await self._numbered(first, self._progress.step_number + 1)

    def _read_after(self, number: int) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = Reader(
            pool=self._pool,
            account_id=self._job.account_id,
            chat=self._job.source,
            after_id=number,
            background=self._background,
            incoming=self._route.incoming,
            selection=self._job.wishes.selection,
        )

    async def _last_change(self) -> Step | None:
        """All messages are done: what else is to be made like the source?"""
        return await self._numbered(await self._route.closing.next(), self._progress.step_number + 1)

    async def _numbered(self, step: Step | None, number: int) -> Step | None:
        if step is None:
            return None
        step = await self._route.topics.titled(step)
        return replace(await self._copying.address(step), number=number)

    async def _settle(self, left: Step) -> Step | None:
        """Records what of a step in doubt has arrived; gives the step that is to be sent next."""
        after = self._progress.last_target_id
        if not left.kind.sends:
            happened = await self._route.changes.happened(left, after=after)
            self._journalled = happened is None
            return left if happened is None else await self._conclude(left, happened)
        done = await self._sender.settle(left, after=after) if left.items else Done()
        if done.rest and self._route.topics.lacks(left):
            if not (done.copied or left.late):  # planned once more, behind a step that makes the topic
                self._read_after(self._progress.offset_id)
                return await self._numbered(await self._plan(), self._progress.step_number + 1)
            skips = [Skip(i.source_id, SkipReason.REFUSED, TOPIC_GONE) for i in done.rest + left.later]
            done = replace(done, rest=(), skips=(*done.skips, *skips))
            left = replace(left, later=())
        if done.rest and not done.copied:
            again = await self._copying.address(left)
            self._journalled = again == left
            return again  # nothing of it arrived: it goes out just as it was journalled
        if not done.rest:
            return await self._conclude(left, done)
        remaining = replace(left, number=left.number + 1, items=done.rest, skips=(), passed=0)
        remaining = await self._copying.address(remaining)
        done = replace(done, skips=left.skips + done.skips)
        progress = replace(self._ledger.after(left, done), offset_id=self._progress.offset_id)
        await self._write(left, done, progress, remaining)
        return remaining

    async def _carry_out(self, step: Step) -> Step | None:
        """Sends one step while the page after the next is read; returns the next one."""
        if not self._journalled:
            await self._ledger.journal(step)
        if step.kind.sends or step.kind is StepKind.TOPIC:
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
        first = replace(await self._copying.address(first), number=step.number + 1)
        progress = replace(self._progress, step_number=step.number)
        await self._write(step, Done(), progress, first)
        return first

    async def _conclude(self, step: Step, done: Done) -> Step | None:
        """Writes what came of `step` together with the step that follows, in one transaction."""
        self._made(step, done)
        following, trouble = await self._planned()
        if owed := done.rest + step.later:
            if following is not None:
                self._planner.give_back(following)
            following = replace(step, items=owed, skips=(), passed=0, late=True, later=())
        elif self._stop.is_set():
            following = None  # a step that is not sent now need not be settled later
        elif following is not None and trouble is None and (wait := self._sender.must_wait(following)):
            following, trouble = None, wait
        if following is not None and trouble is None:
            following, trouble = await self._addressed(following, step.number + 1)
        if following is not None:
            self._plan_ahead()  # while the database writes
        done = replace(done, skips=step.skips + done.skips)
        await self._write(step, done, self._ledger.after(step, done), following)
        if trouble is not None:
            raise trouble
        return following

    def _made(self, step: Step, done: Done) -> None:
        self._copying.note({**done.copied, **done.mapped})
        for source_topic, target_topic in done.mapped.items():
            self._route.topics.made(source_topic, target_topic)
            self._planner.opened(source_topic)
        if step.through_id:
            self._expected.done(step.through_id)
        self._expected.owed(done.rest + step.later)

    async def _addressed(self, step: Step, number: int) -> tuple[Step | None, FerryError | None]:
        """Trouble on the way is told only after what was sent has been written down."""
        try:
            return await self._numbered(step, number), None
        except FerryError as trouble:
            if step.late:
                return replace(step, number=number), trouble  # nothing but the journal knows of it
            return None, trouble

    async def _write(self, step: Step, done: Done, progress: Progress, following: Step | None) -> None:
        """A step is journalled when it may be sent at once: then only one in the target is ever in doubt.

        While others want the target it is journalled when its turn comes, but for what the cursor has passed.
        """
        if following is not None and self._target.others_want_it and not following.late:
            following = None
        await self._ledger.write(step, done, progress, following)
        self._journalled = following is not None

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
                continue
            self._ledger.counted(page.total)
            self._expected.read(page.messages)
            named = references(page.messages)
            known = {number for number in named if number in self._expected}
            known |= await self._copying.look_up(named - known)
            self._planner.feed(page.messages, known)
        step = self._planner.next()
        if step is not None:
            await self._copying.prepare(step, self._expected)
        return step

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress
