"""JobService: what bot and command line can do with jobs. It checks who asks, then writes, then tells."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from typing import TypeAlias

import psutil

from domain.account import Account, AccountState
from domain.asker import Asker
from domain.errors import (
    AccountStopped,
    AlreadyCopied,
    AlreadyOrdered,
    ChatNotFound,
    IllegalMove,
    NoAccount,
    NoPostRight,
    NoReadRight,
    NoSuchAccount,
    NoSuchJob,
    PausedByAdmin,
    SameChat,
)
from domain.job import UNFINISHED, Job, JobStatus, NewJob, PauseReason, ReportPlace
from domain.message import Skip
from domain.peer import Chat
from domain.reference import parse_reference
from engine.events import Events, JobChanged
from engine.live import Live, Queue
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from engine.telegram.resolve import Resolver
from storage.accounts import AccountStore
from storage.jobs import JobStore
from storage.progress import ProgressStore

#: Inside JobService the name `list` is a method.
Jobs: TypeAlias = list[Job]
Skips: TypeAlias = list[Skip]
Accounts: TypeAlias = list[Account]

#: What one account can't do, another of the same owner perhaps can.
_NOT_WITH_THIS_ACCOUNT = (AccountStopped, ChatNotFound, NoReadRight, NoPostRight)


class JobService:
    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        store: ProgressStore,
        pool: AccountPool,
        state: TaskStateManager,
        events: Events,
        max_user: int,
        max_total: int,
    ) -> None:
        self._jobs, self._accounts, self._store, self._pool = jobs, accounts, store, pool
        self._state, self._events = state, events
        self._max_user, self._max_total = max_user, max_total
        self._ordering = asyncio.Lock()  # two equal orders at once must not both find that there is none
        self._process = psutil.Process()

    async def create(
        self, *, asker: Asker, source: str, target: str, account_id: int | None = None, again: bool = False
    ) -> Job:
        """Checks an order and writes it down; nothing is left behind when it is refused.

        Raises BadReference, ChatNotFound, TopicNotFound, SameChat, NoReadRight, NoPostRight,
        ProtectedSource, NoAccount, NoSuchAccount, AlreadyOrdered, AlreadyCopied, and TelegramErrors.
        """
        parse_reference(source), parse_reference(target)  # both are checked before anyone is asked
        async with self._ordering:
            account, source_chat, target_chat = await self._resolve(asker, source, target, account_id)
            await self._refuse_repetition(asker, source_chat, target_chat, again=again)
            connected = await self._pool.get(account.id)
            _, total = await connected.newest_id(source_chat)
            newest, _ = await connected.newest_id(target_chat)
            job = await self._jobs.add(
                NewJob(
                    owner_id=asker.user_id,
                    account_id=account.id,
                    key=secrets.token_bytes(32),
                    source=source_chat,
                    target=target_chat,
                    total=total,
                    last_target_id=newest,
                )
            )
        self._events.emit(JobChanged(job))
        return job

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
        return self._told(await self._jobs.move(job_id, JobStatus.PAUSED, pause_reason=by))

    async def resume(self, job_id: int, *, asker: Asker) -> Job:
        """Lets a paused job go on, or a failed one try again from its checkpoint.

        Raises NoSuchJob, IllegalMove, PausedByAdmin, and AccountStopped when its login is still gone.
        """
        job = await self.get(job_id, asker=asker)
        if job.pause_reason is PauseReason.ADMIN and not asker.is_admin:
            raise PausedByAdmin(job_id=job_id)
        account = await self._accounts.get(job.account_id)
        if account is None or account.state is AccountState.STOPPED:
            raise AccountStopped(account_id=job.account_id, reason="nobody has logged in again yet")
        return self._told(await self._jobs.move(job_id, JobStatus.PENDING))

    async def cancel(self, job_id: int, *, asker: Asker) -> Job:
        await self.get(job_id, asker=asker)
        return self._told(await self._jobs.move(job_id, JobStatus.CANCELLED))

    async def pause_all(self, *, asker: Asker) -> int:
        """Pauses everybody's jobs; returns how many. Raises PermissionError for who is no admin."""
        _admins_only(asker)
        moved = 0
        for job in await self._all({JobStatus.PENDING, JobStatus.RUNNING}):
            moved += await self._try_move(job, JobStatus.PAUSED, pause_reason=PauseReason.ADMIN)
        return moved

    async def resume_all(self, *, asker: Asker) -> int:
        """Resumes what an admin paused, and nothing that its owner or trouble did."""
        _admins_only(asker)
        moved = 0
        for job in await self._all({JobStatus.PAUSED}):
            if job.pause_reason is PauseReason.ADMIN:
                moved += await self._try_move(job, JobStatus.PENDING)
        return moved

    async def show_at(self, job_id: int, report: ReportPlace) -> None:
        """Where the bot shows this job, so that it finds the message again after a restart."""
        await self._jobs.set_report(job_id, report)

    async def skips(self, job_id: int, *, asker: Asker) -> Skips:
        await self.get(job_id, asker=asker)
        return await self._store.skips(job_id)

    def live(self, job: Job) -> Live:
        return self._state.live(job)

    async def queue(self) -> Queue:
        return Queue(
            counts=await self._jobs.counts(),
            max_user=self._max_user,
            max_total=self._max_total,
            memory_rss=self._process.memory_info().rss,
            memory_percent=psutil.virtual_memory().percent,
        )

    async def _resolve(
        self, asker: Asker, source: str, target: str, account_id: int | None
    ) -> tuple[Account, Chat, Chat]:
        """The first of the asker's accounts that may do it; if none may, the first one's reason is told."""
        reason: Exception | None = None
        for account in await self._usable(asker, account_id):
            try:
                return account, *await self._resolve_with(account, source, target)
            except _NOT_WITH_THIS_ACCOUNT as error:
                reason = reason or error
        raise reason or NoAccount(user_id=asker.user_id)

    async def _resolve_with(self, account: Account, source: str, target: str) -> tuple[Chat, Chat]:
        resolver = Resolver(account=await self._pool.get(account.id), name=account.name)
        source_chat = await resolver.source(source)
        target_chat = await resolver.target(target)
        if _would_read_itself(source_chat, target_chat):
            raise SameChat(title=source_chat.title)
        return source_chat, target_chat

    async def _usable(self, asker: Asker, account_id: int | None) -> Accounts:
        """An account without an owner belongs to the operator: admins and the command line."""
        owned = await self._accounts.for_owner(asker.user_id)
        if asker.is_admin:
            owned += await self._accounts.for_owner(None)
        if account_id is None:
            return owned
        chosen = [account for account in owned if account.id == account_id]
        if not chosen:
            raise NoSuchAccount(account_id=account_id)
        return chosen

    async def _refuse_repetition(self, asker: Asker, source: Chat, target: Chat, *, again: bool) -> None:
        before = await self._jobs.latest_like(owner_id=asker.user_id, source=source, target=target)
        if before is None:
            return
        names = {"job_id": before.id, "source": source.title, "target": target.title}
        if before.status is not JobStatus.COMPLETED:
            raise AlreadyOrdered(**names)
        if not again:
            raise AlreadyCopied(**names)

    async def _all(self, statuses: Collection[JobStatus]) -> Jobs:
        return await self._jobs.list(statuses=statuses, limit=1_000_000)

    async def _try_move(self, job: Job, to: JobStatus, *, pause_reason: PauseReason | None = None) -> bool:
        try:
            self._told(await self._jobs.move(job.id, to, pause_reason=pause_reason))
        except IllegalMove:
            return False  # it ended meanwhile
        return True

    def _told(self, job: Job) -> Job:
        self._events.emit(JobChanged(job))
        return job


def _would_read_itself(source: Chat, target: Chat) -> bool:
    """Two different topics of one forum are fine; a topic inside the chat that is read is not."""
    if source.peer.marked_id != target.peer.marked_id:
        return False
    return source.topic_id is None or target.topic_id is None or source.topic_id == target.topic_id


def _admins_only(asker: Asker) -> None:
    if not asker.is_admin:
        raise PermissionError("only admins may do this to everybody's jobs")
