"""The jobs: written down, found, claimed, moved. Every decision is a transaction with its line of history."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from domain.account import AccountState
from domain.errors import IllegalMove, NoSuchAccount, NoSuchJob
from domain.job import (
    UNFINISHED,
    Change,
    Failure,
    Job,
    JobKind,
    JobStatus,
    NewJob,
    PauseReason,
    Priority,
    ReportPlace,
    WaitReason,
)
from domain.peer import Chat
from storage.advisory import Advisory, take_turn
from storage.changes import add_job, change_after, change_priority
from storage.claim import claim
from storage.database import Database
from storage.dependencies import jobs_from
from storage.history import changes_of
from storage.moves import Move, carry_out, take_up
from storage.tables import accounts, dependencies, jobs

Result = TypeVar("Result")

#: The highest number that a database knows; people type higher ones.
LARGEST = 2**63 - 1

#: Inside JobStore the name `list` is a method.
Jobs: TypeAlias = list[Job]
Changes: TypeAlias = list[Change]
Conditions: TypeAlias = list[ColumnElement[bool]]


class JobStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewJob, *, comments: NewJob | None = None) -> Job:
        """Raises NoSuchJob for an `after` that is none. `comments` is about the new job, and after it."""

        def work(connection: Connection) -> Job:
            job = add_job(connection, new)
            if comments is not None:
                add_job(connection, replace(comments, of_job=job.id, after=(job.id,)))
            return job

        return await self._decide(work)

    async def get(self, job_id: int) -> Job | None:
        if job_id > LARGEST:
            return None
        return _first(await self._select(select(jobs).where(jobs.c.id == job_id)))

    async def list(
        self,
        *,
        owner_id: int | None = None,
        statuses: Collection[JobStatus] | None = None,
        limit: int = 100,
    ) -> Jobs:
        """At most `limit`, the newest first."""
        wanted = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        if owner_id is not None:
            wanted = wanted.where(jobs.c.owner_id == owner_id)
        if statuses is not None:
            wanted = wanted.where(jobs.c.status.in_(statuses))
        return await self._select(wanted)

    async def of_source(self, *, owner_id: int, source: Chat) -> Jobs:
        """The owner's jobs that read that place, the newest first; cancelled ones don't count."""
        wanted = select(jobs).where(
            jobs.c.owner_id == owner_id,
            jobs.c.source_id == source.peer.marked_id,
            jobs.c.source_topic.is_not_distinct_from(source.topic_id),
            jobs.c.status != JobStatus.CANCELLED,
        )
        return await self._select(wanted.order_by(jobs.c.id.desc()))

    async def about(self, job_id: int, kind: JobKind) -> Jobs:
        """The jobs of that kind that are about another one, the newest first; cancelled ones don't count."""
        wanted = select(jobs).where(
            jobs.c.of_job == job_id, jobs.c.kind == kind, jobs.c.status != JobStatus.CANCELLED
        )
        return await self._select(wanted.order_by(jobs.c.id.desc()))

    async def move(
        self,
        job_id: int,
        to: JobStatus,
        *,
        resume_at: datetime | None = None,
        wait_reason: WaitReason | None = None,
        pause_reason: PauseReason | None = None,
        failure: Failure | None = None,
        who: int | None = None,
        generation: int | None = None,
        only_from: JobStatus | None = None,
        only_if_paused_by: Collection[PauseReason] | None = None,
    ) -> Job:
        """The job after the move. What is not given is cleared: no old reason survives a move.

        `who` stands in the history: a bot user, OPERATOR, or None for Ferry itself.
        Raises IllegalMove when the job is in no status that may become `to`, or has another generation,
        status or pause reason than asked for; NoSuchJob when there is none.
        """
        move = Move(
            to=to,
            resume_at=resume_at,
            wait_reason=wait_reason,
            pause_reason=pause_reason,
            failure=failure,
            who=who,
        )
        where: Conditions = [jobs.c.id == job_id]
        if generation is not None:
            where.append(jobs.c.generation == generation)
        if only_from is not None:
            where.append(jobs.c.status == only_from)
        if only_if_paused_by is not None:
            where.append(jobs.c.pause_reason.in_(only_if_paused_by))

        def work(connection: Connection) -> Job:
            if moved := carry_out(connection, move, *where):
                return moved[0]
            status = connection.execute(select(jobs.c.status).where(jobs.c.id == job_id)).scalar()
            if status is None:
                raise NoSuchJob(job_id=job_id)
            raise IllegalMove(job_id=job_id, status=status, wanted=to)

        return await self._decide(work)

    async def claim(
        self,
        *,
        now: datetime,
        max_user: int,
        max_total: int,
        except_ids: Collection[int] = (),
        only: Collection[int] | None = None,
        min_priority: Priority = Priority.LOW,
    ) -> Job | None:
        """Takes the job that may start now, with its slot: it is then running, under a new generation.

        None when no job may start. `only`, `except_ids` and `min_priority` narrow the choice.
        """

        def work(connection: Connection) -> Job | None:
            return claim(
                connection,
                now=now,
                max_user=max_user,
                max_total=max_total,
                except_ids=except_ids,
                only=only,
                min_priority=min_priority,
            )

        return await self._decide(work)

    async def next_resume(self, *, after: datetime | None = None) -> datetime | None:
        """The earliest `resume_at` of pending jobs.

        It may be past: that job waits for a slot. `after`, the `now` of the last claim, leaves such jobs out.
        """
        wanted = select(func.min(jobs.c.resume_at)).where(jobs.c.status == JobStatus.PENDING)
        if after is not None:
            wanted = wanted.where(jobs.c.resume_at > after)
        return await self._database.read(lambda connection: connection.execute(wanted).scalar())

    async def recover(self) -> Jobs:
        """For the start of the service: what was running is pending again.

        Returns all pending jobs that had begun, oldest first, with `resumed_from` set.
        """
        return await self._decide(take_up)

    async def set_priority(self, job_id: int, priority: Priority, *, who: int | None) -> Job:
        """Raises NotWaiting when it has ended, NoSuchJob."""
        return await self._decide(lambda connection: change_priority(connection, job_id, priority, who=who))

    async def set_after(self, job_id: int, after: Collection[int], *, who: int | None) -> Job:
        """From now on it waits for `after` and for nothing else.

        Raises AfterItself, AfterCircle, NotWaiting when it has ended, NoSuchJob (also for one of `after`).
        """
        return await self._decide(lambda connection: change_after(connection, job_id, after, who=who))

    async def waiting_for(self, job_id: int) -> Jobs:
        """The unfinished jobs that have it in `after`, oldest first."""
        waiting = select(dependencies.c.job_id).where(dependencies.c.after_id == job_id)
        wanted = select(jobs).where(jobs.c.id.in_(waiting), jobs.c.status.in_(UNFINISHED))
        return await self._select(wanted.order_by(jobs.c.id))

    async def history(self, job_id: int) -> Changes:
        """Oldest first."""
        return await self._database.read(lambda connection: changes_of(connection, job_id))

    async def pause_below(self, priority: Priority, failure: Failure | None = None) -> Jobs:
        """Memory is short: every pending or running job of a lower priority pauses. Returns those."""
        move = Move(to=JobStatus.PAUSED, pause_reason=PauseReason.MEMORY, failure=failure)
        lower = jobs.c.priority < int(priority)
        return await self._decide(lambda connection: carry_out(connection, move, lower))

    async def resume_memory(self, *, down_to: Priority) -> Jobs:
        """Jobs that paused for memory's sake go on, the highest first and none below `down_to`."""
        mine = jobs.c.pause_reason == PauseReason.MEMORY, jobs.c.priority >= int(down_to)
        move = Move(to=JobStatus.PENDING)
        moved = await self._decide(lambda connection: carry_out(connection, move, *mine))
        return sorted(moved, key=lambda job: -job.priority)

    async def set_report(self, job_id: int, report: ReportPlace) -> None:
        """Where the bot shows the job from now on. Raises NoSuchJob."""
        showing = (
            update(jobs)
            .where(jobs.c.id == job_id)
            .values(report_chat_id=report.chat_id, report_message_id=report.message_id)
        )
        if not await self._database.write(lambda connection: connection.execute(showing).rowcount):
            raise NoSuchJob(job_id=job_id)

    async def stop_account(self, account_id: int, failure: Failure) -> Jobs:
        """Telegram refuses the account: its pending and running jobs stop with it. Returns those."""
        move = Move(to=JobStatus.PAUSED, pause_reason=PauseReason.ACCOUNT, failure=failure)
        return await self._with_account(account_id, AccountState.STOPPED, move)

    async def revive_account(self, account_id: int) -> Jobs:
        """The account works again: so do the jobs that were paused for its sake. Returns those."""
        waiting = jobs.c.pause_reason == PauseReason.ACCOUNT
        return await self._with_account(account_id, AccountState.READY, Move(to=JobStatus.PENDING), waiting)

    async def counts(self) -> dict[JobStatus, int]:
        """How many jobs stand in each status, zeros included."""
        wanted = select(jobs.c.status, func.count()).group_by(jobs.c.status)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return {**dict.fromkeys(JobStatus, 0), **{status: count for status, count in rows}}

    async def _with_account(
        self, account_id: int, state: AccountState, move: Move, *where: ColumnElement[bool]
    ) -> Jobs:
        account = update(accounts).where(accounts.c.id == account_id).values(state=state)

        def work(connection: Connection) -> Jobs:
            if connection.execute(account).rowcount == 0:
                raise NoSuchAccount(account_id=account_id)
            return carry_out(connection, move, jobs.c.account_id == account_id, *where)

        return await self._decide(work)

    async def _select(self, wanted: Select[Any]) -> Jobs:
        return await self._database.read(
            lambda connection: jobs_from(connection, connection.execute(wanted).all())
        )

    async def _decide(self, work: Callable[[Connection], Result]) -> Result:
        """A transaction that may rely on what it sees of other jobs: no other process decides meanwhile."""

        def alone(connection: Connection) -> Result:
            take_turn(connection, Advisory.JOBS)
            return work(connection)

        return await self._database.write(alone)


def _first(found: Jobs) -> Job | None:
    return found[0] if found else None
