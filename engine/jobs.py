"""JobService: what bot and command line can do with jobs. It checks who asks, then writes, then tells."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from typing import TypeAlias

import psutil

from domain.account import AccountState
from domain.asker import Asker
from domain.errors import (
    AccountStopped,
    IllegalMove,
    NoSuchJob,
    NotFailed,
    PausedByAdmin,
    UrgentIsForAdmins,
)
from domain.job import UNFINISHED, Change, Job, JobKind, JobStatus, PauseReason, Priority, ReportPlace
from domain.message import Skip
from domain.preview import Preview
from domain.typed import Typed
from engine.events import Events, JobChanged
from engine.following_up import FollowingUp
from engine.listing import Found, Lines, Listing
from engine.live import Live, Queue
from engine.memory_optimizer import MemoryOptimizer
from engine.ordering import Ordering
from engine.preview import Previewing
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from storage.accounts import AccountStore
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore

#: Inside JobService the name `list` is a method.
Jobs: TypeAlias = list[Job]
Skips: TypeAlias = list[Skip]
Changes: TypeAlias = list[Change]


class JobService:
    """Every change is written with the one who asked for it."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        store: ProgressStore,
        findings: FindingStore,
        pool: AccountPool,
        state: TaskStateManager,
        memory: MemoryOptimizer,
        events: Events,
        max_user: int,
        max_total: int,
    ) -> None:
        self._jobs, self._accounts, self._store = jobs, accounts, store
        self._state, self._memory, self._events = state, memory, events
        self._max_user, self._max_total = max_user, max_total
        following_up = FollowingUp(jobs=jobs, accounts=accounts, store=store, findings=findings, pool=pool)
        self._ordering = Ordering(jobs=jobs, accounts=accounts, pool=pool, following_up=following_up)
        self._previewing = Previewing(ordering=self._ordering, pool=pool)
        self._listing = Listing(store=store, findings=findings)
        self._process = psutil.Process()

    async def create(
        self,
        *,
        asker: Asker,
        source: str,
        target: str,
        account_id: int | None = None,
        again: bool = False,
        priority: Priority = Priority.NORMAL,
        after: Collection[int] = (),
    ) -> Job:
        """An order to copy everything as it is; see `order`."""
        typed = Typed(
            source=source,
            target=target,
            account_id=account_id,
            again=again,
            priority=priority,
            after=tuple(after),
        )
        return await self.order(typed, asker=asker)

    async def order(self, typed: Typed, *, asker: Asker) -> Job:
        """Checks an order and writes it down; nothing is left behind when it is refused.

        Raises BadReference, ChatNotFound, TopicNotFound, SameChat, NoReadRight, NoPostRight,
        ProtectedSource, NoAccount, NoSuchAccount, AlreadyOrdered, AlreadyCopied, UrgentIsForAdmins,
        NoSuchJob for one of `after` and for `of_job`, those of domain/refusals.py, and TelegramErrors.
        """
        _urgent_for_admins_only(typed.priority, asker)
        await self._must_be_the_askers(typed.after, asker)
        return self._told(await self._ordering.take(typed, asker=asker))

    async def preview(self, typed: Typed, *, asker: Asker) -> Preview:
        """What a copy would do. It reads all that a copy reads and changes nothing. Raises as `order`."""
        return await self._previewing.preview(typed, asker=asker)

    async def get(self, job_id: int, *, asker: Asker) -> Job:
        """Raises NoSuchJob, also for somebody else's."""
        job = await self._jobs.get(job_id)
        if job is None or not asker.may_touch(job):
            raise NoSuchJob(job_id=job_id)
        return job

    async def list(self, *, asker: Asker, everyone: bool = False, unfinished: bool = False) -> Jobs:
        """Newest first. `everyone` is for admins; others get their own all the same."""
        owner = None if everyone and asker.is_admin else asker.user_id
        return await self._jobs.list(owner_id=owner, statuses=UNFINISHED if unfinished else None)

    async def pause(self, job_id: int, *, asker: Asker) -> Job:
        job = await self.get(job_id, asker=asker)
        by = PauseReason.OWNER if job.owner_id == asker.user_id else PauseReason.ADMIN
        return self._told(await self._jobs.move(job_id, JobStatus.PAUSED, pause_reason=by, who=asker.user_id))

    async def resume(self, job_id: int, *, asker: Asker) -> Job:
        """Lets a paused job go on, or a failed one try again from its checkpoint.

        Raises NoSuchJob, IllegalMove, PausedByAdmin, and AccountStopped when its login is still gone.
        """
        return await self._let_go_on(await self.get(job_id, asker=asker), asker)

    async def retry(self, job_id: int, *, asker: Asker) -> Job:
        """Lets a failed job try again from its checkpoint. Raises NoSuchJob, NotFailed, AccountStopped."""
        job = await self.get(job_id, asker=asker)
        if job.status is not JobStatus.FAILED:
            raise NotFailed(job_id=job_id, status=job.status)
        return await self._let_go_on(job, asker)

    async def cancel(self, job_id: int, *, asker: Asker) -> Job:
        await self.get(job_id, asker=asker)
        return self._told(await self._jobs.move(job_id, JobStatus.CANCELLED, who=asker.user_id))

    async def prioritise(self, job_id: int, priority: Priority, *, asker: Asker) -> Job:
        """For every unfinished job, running ones too. Raises NoSuchJob, NotWaiting, UrgentIsForAdmins."""
        await self.get(job_id, asker=asker)
        _urgent_for_admins_only(priority, asker)
        return self._told(await self._jobs.set_priority(job_id, priority, who=asker.user_id))

    async def set_after(self, job_id: int, after_ids: Collection[int], *, asker: Asker) -> Job:
        """From now on the job waits for exactly those jobs; for none of them when there are none.

        Raises NoSuchJob (also for one of `after_ids`), AfterItself, AfterCircle, NotWaiting.
        """
        await self._must_be_the_askers([job_id, *after_ids], asker)
        return self._told(await self._jobs.set_after(job_id, after_ids, who=asker.user_id))

    async def pause_all(self, *, asker: Asker) -> int:
        """Pauses everybody's jobs; returns how many. Raises PermissionError for who is no admin."""
        _admins_only(asker)
        moved = 0
        for job in await self._all({JobStatus.PENDING, JobStatus.RUNNING}):
            moved += await self._try_move(job, JobStatus.PAUSED, asker, pause_reason=PauseReason.ADMIN)
        return moved

    async def resume_all(self, *, asker: Asker) -> int:
        """Resumes what an admin paused, and nothing that its owner or trouble did."""
        _admins_only(asker)
        moved = 0
        for job in await self._all({JobStatus.PAUSED}):
            if job.pause_reason is PauseReason.ADMIN:
                moved += await self._try_move(job, JobStatus.PENDING, asker)
        return moved

    async def show_at(self, job_id: int, report: ReportPlace) -> None:
        """Where the bot shows this job, so that it finds the message again after a restart."""
        await self._jobs.set_report(job_id, report)

    async def skips(self, job_id: int, *, asker: Asker) -> Skips:
        await self.get(job_id, asker=asker)
        return await self._store.skips(job_id)

    async def found(self, job: Job) -> Found:
        """How much the job found or could not do, by kind and state."""
        return await self._listing.found(job)

    def listing(self, job: Job) -> AsyncGenerator[Lines, None]:
        """All that the job skipped, then all that it found, a page at a time."""
        return self._listing.pages(job)

    async def comments_of(self, job: Job) -> Jobs:
        """The jobs that copy the comments of the channel that `job` copies."""
        return await self._jobs.about(job.id, JobKind.COMMENTS)

    async def history(self, job_id: int, *, asker: Asker) -> Changes:
        """Oldest first."""
        await self.get(job_id, asker=asker)
        return await self._jobs.history(job_id)

    async def awaited(self, job: Job) -> Jobs:
        """The jobs that must still be completed before this one may start, as they stand now."""
        found = [await self._jobs.get(after_id) for after_id in job.after]
        return [one for one in found if one is not None and one.status is not JobStatus.COMPLETED]

    def live(self, job: Job) -> Live:
        return self._state.live(job)

    async def queue(self) -> Queue:
        reading = self._memory.reading
        return Queue(
            counts=await self._jobs.counts(),
            max_user=self._max_user,
            max_total=self._max_total,
            memory_rss=self._process.memory_info().rss,
            memory_percent=reading.percent if reading else psutil.virtual_memory().percent,
            memory_level=self._memory.level,
        )

    async def _let_go_on(self, job: Job, asker: Asker) -> Job:
        if job.pause_reason is PauseReason.ADMIN and not asker.is_admin:
            raise PausedByAdmin(job_id=job.id)
        account = await self._accounts.get(job.account_id)
        if account is None or account.state is AccountState.STOPPED:
            raise AccountStopped(account_id=job.account_id, reason="nobody has logged in again yet")
        return self._told(await self._jobs.move(job.id, JobStatus.PENDING, who=asker.user_id))

    async def _must_be_the_askers(self, job_ids: Collection[int], asker: Asker) -> None:
        """Raises NoSuchJob for the first that is not: nobody learns of others' jobs by waiting for them."""
        for job_id in job_ids:
            await self.get(job_id, asker=asker)

    async def _all(self, statuses: Collection[JobStatus]) -> Jobs:
        return await self._jobs.list(statuses=statuses, limit=1_000_000)

    async def _try_move(
        self, job: Job, to: JobStatus, asker: Asker, *, pause_reason: PauseReason | None = None
    ) -> bool:
        try:
            moved = await self._jobs.move(job.id, to, pause_reason=pause_reason, who=asker.user_id)
        except IllegalMove:
            return False  # it ended meanwhile
        self._told(moved)
        return True

    def _told(self, job: Job) -> Job:
        self._events.emit(JobChanged(job))
        return job


def _urgent_for_admins_only(priority: Priority, asker: Asker) -> None:
    if priority is Priority.URGENT and not asker.is_admin:
        raise UrgentIsForAdmins


def _admins_only(asker: Asker) -> None:
    if not asker.is_admin:
        raise PermissionError("only admins may do this to everybody's jobs")
