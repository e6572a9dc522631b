"""Orders about a job that is there already: verify, repair, delete the doubles it found, try skips again."""

from __future__ import annotations

import secrets
from dataclasses import replace

from domain.account import AccountState
from domain.asker import Asker
from domain.choosing import title_of
from domain.errors import AccountStopped, NoPostRight, NoSuchAccount, NoSuchJob, ProtectedSource
from domain.finding import FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus, NewJob
from domain.message import OLD_GROUP, WORTH_A_TRY
from domain.peer import NOT_MADE_YET, Chat
from domain.refusals import (
    NoDeleteRight,
    NoJobBetween,
    NothingSkipped,
    NothingToCheck,
    NothingToDelete,
    NothingToMend,
    NotVerifiedYet,
    StillCopying,
)
from domain.typed import Typed
from domain.wishes import EVERYTHING, NewChat, NewChatKind, Selection, Wishes
from engine.telegram.pool import AccountPool
from engine.telegram.resolve import Resolver
from engine.telegram.rights import Right
from storage.accounts import AccountStore
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore

#: Kinds whose copies can be compared with their source.
_CHECKABLE = frozenset({JobKind.CLONE, JobKind.COMMENTS, JobKind.ADOPT})


class FollowingUp:
    """Makes the new jobs. They belong to the owner of the one that they are about, and use its account."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        store: ProgressStore,
        findings: FindingStore,
        pool: AccountPool,
    ) -> None:
        self._jobs, self._accounts, self._store = jobs, accounts, store
        self._findings, self._pool = findings, pool

    async def new_job(self, typed: Typed, *, asker: Asker) -> NewJob:
        """Raises what `JobService.order` does."""
        job = await self._job(typed, asker)
        if typed.skipped:
            return await self._skipped_again(job)
        match typed.kind:
            case JobKind.VERIFY:
                return await self._verify(await self._checked(job))
            case JobKind.REPAIR:
                job = await self._checked(job)
                return await (self._anew(job, typed) if typed.new_target else self._repair(job))
            case JobKind.DEDUPE:
                return await self._delete(job)
            case _:
                raise ValueError(f"{typed.kind} is about no other job")

    async def newest_between(self, source: Chat, target: Chat, *, asker: Asker) -> int:
        """The asker's newest job that filled `target` from `source`. Raises NoJobBetween."""
        for job in await self._jobs.of_source(owner_id=asker.user_id, source=source):
            if job.kind in _CHECKABLE and job.target.is_same_place(target):
                return job.id
        raise NoJobBetween(source=source.title, target=target.title)

    async def _job(self, typed: Typed, asker: Asker) -> Job:
        job = None if typed.of_job is None else await self._jobs.get(typed.of_job)
        if job is None or not asker.may_touch(job):
            raise NoSuchJob(job_id=typed.of_job)
        account = await self._accounts.get(job.account_id)
        if account is None:
            raise NoSuchAccount(account_id=job.account_id)
        if account.state is AccountState.STOPPED:  # nothing could claim the job
            raise AccountStopped(account_id=account.id, reason="nobody has logged in again yet")
        return job

    async def _checked(self, job: Job) -> Job:
        """The job that copied; who names a check of it means that."""
        if job.kind in (JobKind.VERIFY, JobKind.REPAIR) and job.of_job is not None:
            job = await self._jobs.get(job.of_job) or job
        if job.kind not in _CHECKABLE or not job.target.is_made:
            raise NothingToCheck(job_id=job.id)
        if job.is_unfinished:
            raise StillCopying(job_id=job.id, status=job.status)
        return job

    async def _verify(self, job: Job) -> NewJob:
        total = await self._store.map.count(job.id)
        if not total:
            raise NothingToCheck(job_id=job.id)
        return self._about(job, JobKind.VERIFY, EVERYTHING, total)

    async def _repair(self, job: Job) -> NewJob:
        verified = [
            v for v in await self._jobs.about(job.id, JobKind.VERIFY) if v.status is JobStatus.COMPLETED
        ]
        if not verified:
            raise NotVerifiedYet(job_id=job.id)
        repaired = await self._jobs.about(job.id, JobKind.REPAIR)
        done = [r for r in repaired if r.status is JobStatus.COMPLETED and r.id > verified[0].id]
        counts = await self._findings.counts(verified[0].id)
        open_ones = sum(count for (_, state), count in counts.items() if state is FindingState.OPEN)
        if done or not open_ones:
            raise NothingToMend(job_id=job.id, verify_id=verified[0].id)
        await self._may_copy(job)
        missing = await self._missing(verified[0].id)
        newest, _ = await (await self._pool.get(job.account_id)).newest_id(job.target)
        wishes = replace(job.wishes, selection=Selection(ids=missing))
        new = self._about(job, JobKind.REPAIR, wishes, open_ones)
        return replace(new, last_target_id=newest, offset_id=wishes.selection.after_id)

    async def _missing(self, verify_id: int) -> tuple[int, ...]:
        ids: set[int] = set()
        after = None
        while page := await self._findings.page(verify_id, after=after, states=[FindingState.OPEN]):
            ids.update(finding.source_id for finding in page if finding.kind is FindingKind.MISSING)
            after = page[-1]
        return tuple(sorted(ids))

    async def _anew(self, job: Job, typed: Typed) -> NewJob:
        """The same order once more, into a chat that is made for it."""
        resolver = await self._resolver(job)
        source = await resolver.known(job.source)
        await self._must_be_open(job)
        title = title_of(typed) or job.source.title
        chat = new_chat(typed.new_kind or source.kind_of_copy, title)
        account = await self._pool.get(job.account_id)
        selection = job.wishes.selection
        old = selection.from_id is None and not selection.ids and await account.old_group(job.source)
        return replace(
            self._about(job, JobKind.CLONE, replace(job.wishes, new_chat=chat), job.progress.total),
            of_job=None,
            target=Chat(NOT_MADE_YET, title),
            offset_id=OLD_GROUP if old else selection.after_id,
        )

    async def _skipped_again(self, job: Job) -> NewJob:
        if job.is_unfinished:
            raise StillCopying(job_id=job.id, status=job.status)
        skips = await self._store.skips(job.id) if job.kind in _CHECKABLE else []
        tried = [skip.source_id for skip in skips if skip.reason in WORTH_A_TRY]
        copied = await self._copied_since(job, tried)
        ids = tuple(number for number in tried if number not in copied)
        if not ids:
            raise NothingSkipped(job_id=job.id)
        await self._may_copy(job)
        newest, _ = await (await self._pool.get(job.account_id)).newest_id(job.target)
        wishes = replace(job.wishes, selection=Selection(ids=ids))
        new = self._about(job, JobKind.CLONE, wishes, len(ids))
        if job.kind is JobKind.COMMENTS:  # they need the channel's job to find their posts
            new = replace(new, kind=JobKind.COMMENTS, of_job=job.of_job)
        return replace(new, last_target_id=newest, offset_id=wishes.selection.after_id)

    async def _copied_since(self, job: Job, ids: list[int]) -> set[int]:
        """Which of its skips an earlier try has copied."""
        tries = [job.id]
        if job.kind is JobKind.COMMENTS and job.of_job is not None:
            tries += [other.id for other in await self._jobs.about(job.of_job, JobKind.COMMENTS)]
        return {number for one in tries for number in await self._store.map.targets(one, ids)}

    async def _delete(self, job: Job) -> NewJob:
        if job.kind is not JobKind.DEDUPE or job.wishes.delete or job.status is not JobStatus.COMPLETED:
            raise NothingToDelete(job_id=job.id)
        counts = await self._findings.counts(job.id)
        doubles = counts[FindingKind.DOUBLED, FindingState.OPEN]
        deleted = await self._jobs.about(job.id, JobKind.DEDUPE)
        if not doubles or any(deletion.status is JobStatus.COMPLETED for deletion in deleted):
            raise NothingToDelete(job_id=job.id)
        account = await self._accounts.get(job.account_id)
        chat = await (await self._resolver(job)).known(job.source)
        if Right.DELETE not in chat.rights:
            raise NoDeleteRight(account=account.name if account else "", title=job.source.title)
        return self._about(job, JobKind.DEDUPE, Wishes(delete=True), doubles)

    async def _may_copy(self, job: Job) -> None:
        """Raises ProtectedSource and NoPostRight."""
        await self._must_be_open(job)
        target = await (await self._resolver(job)).known(job.target)
        if Right.POST not in target.rights:
            account = await self._accounts.get(job.account_id)
            raise NoPostRight(account=account.name if account else "", title=job.target.title)

    async def _must_be_open(self, job: Job) -> None:
        if await (await self._pool.get(job.account_id)).is_protected(job.source):
            raise ProtectedSource(title=job.source.title)

    async def _resolver(self, job: Job) -> Resolver:
        account = await self._accounts.get(job.account_id)
        return Resolver(
            account=await self._pool.get(job.account_id),
            name=account.name if account else str(job.account_id),
        )

    @staticmethod
    def _about(job: Job, kind: JobKind, wishes: Wishes, total: int) -> NewJob:
        return NewJob(
            owner_id=job.owner_id,
            account_id=job.account_id,
            key=secrets.token_bytes(32),
            source=job.source,
            target=job.target,
            total=total,
            last_target_id=0,
            kind=kind,
            wishes=wishes,
            of_job=job.id,
        )


def new_chat(kind: NewChatKind, title: str) -> NewChat:
    return NewChat(kind=kind, title=title, token=secrets.token_urlsafe(18))
