"""The jobs and the moves of their status. Every move is one guarded UPDATE; nobody else writes `status`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, Update, func, insert, select, update

from domain.account import AccountState
from domain.errors import IllegalMove, NoSuchAccount, NoSuchJob
from domain.job import Failure, Job, JobStatus, NewJob, PauseReason, ReportPlace, WaitReason, may_become
from domain.peer import Chat
from storage.claim import claim_statement
from storage.database import Database
from storage.rows import chat_columns, failure_value, job_from
from storage.tables import accounts, jobs

#: Inside JobStore the name `list` is a method.
Jobs: TypeAlias = list[Job]

_FINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


class JobStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewJob) -> Job:
        statement = (
            insert(jobs)
            .values(
                owner_id=new.owner_id,
                account_id=new.account_id,
                key=new.key,
                priority=int(new.priority),
                status=JobStatus.PENDING,
                total=new.total,
                last_target_id=new.last_target_id,
                created_at=datetime.now(UTC),
                **chat_columns("source", new.source),
                **chat_columns("target", new.target),
            )
            .returning(*jobs.c)
        )
        return await self._database.write(lambda connection: job_from(connection.execute(statement).one()))

    async def get(self, job_id: int) -> Job | None:
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

    async def latest_like(self, *, owner_id: int, source: Chat, target: Chat) -> Job | None:
        """The owner's newest job between the same two places; cancelled ones don't count."""
        wanted = select(jobs).where(
            jobs.c.owner_id == owner_id,
            jobs.c.source_id == source.peer.marked_id,
            jobs.c.source_topic.is_not_distinct_from(source.topic_id),
            jobs.c.target_id == target.peer.marked_id,
            jobs.c.target_topic.is_not_distinct_from(target.topic_id),
            jobs.c.status != JobStatus.CANCELLED,
        )
        return _first(await self._select(wanted.order_by(jobs.c.id.desc()).limit(1)))

    async def move(
        self,
        job_id: int,
        to: JobStatus,
        *,
        resume_at: datetime | None = None,
        wait_reason: WaitReason | None = None,
        pause_reason: PauseReason | None = None,
        failure: Failure | None = None,
        generation: int | None = None,
        only_from: JobStatus | None = None,
        only_if_paused_by: Collection[PauseReason] | None = None,
    ) -> Job:
        """The job after the move. What is not given is cleared: no old reason survives a move.

        Raises IllegalMove when the job is in no status that may become `to`, or has another generation,
        status or pause reason than asked for; NoSuchJob when there is none.
        """
        moving = _moving(to, resume_at, wait_reason, pause_reason, failure).where(jobs.c.id == job_id)
        if generation is not None:
            moving = moving.where(jobs.c.generation == generation)
        if only_from is not None:
            moving = moving.where(jobs.c.status == only_from)
        if only_if_paused_by is not None:
            moving = moving.where(jobs.c.pause_reason.in_(only_if_paused_by))

        def work(connection: Connection) -> Job:
            if row := connection.execute(moving.returning(*jobs.c)).one_or_none():
                return job_from(row)
            status = connection.execute(select(jobs.c.status).where(jobs.c.id == job_id)).scalar()
            if status is None:
                raise NoSuchJob(job_id=job_id)
            raise IllegalMove(job_id=job_id, status=status, wanted=to)

        return await self._database.write(work)

    async def claim(
        self,
        *,
        now: datetime,
        max_user: int,
        max_total: int,
        except_ids: Collection[int] = (),
        only: Collection[int] | None = None,
    ) -> Job | None:
        """Takes the job that may start now, with its slot: it is then running, under a new generation.

        None when no job may start. `only` and `except_ids` narrow the choice.
        """
        claiming = claim_statement(
            now=now, max_user=max_user, max_total=max_total, except_ids=except_ids, only=only
        )
        return _first(await self._change(claiming))

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
        begun = (
            update(jobs)
            .where(jobs.c.status.in_([JobStatus.RUNNING, JobStatus.PENDING]), jobs.c.started_at.is_not(None))
            .values(status=JobStatus.PENDING, resumed_from=jobs.c.offset_id)
        )
        return await self._change(begun)

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
        pausing = _moving(JobStatus.PAUSED, pause_reason=PauseReason.ACCOUNT, failure=failure)
        return await self._with_account(account_id, AccountState.STOPPED, pausing)

    async def revive_account(self, account_id: int) -> Jobs:
        """The account works again: so do the jobs that were paused for its sake. Returns those."""
        resuming = _moving(JobStatus.PENDING).where(jobs.c.pause_reason == PauseReason.ACCOUNT)
        return await self._with_account(account_id, AccountState.READY, resuming)

    async def counts(self) -> dict[JobStatus, int]:
        """How many jobs stand in each status, zeros included."""
        wanted = select(jobs.c.status, func.count()).group_by(jobs.c.status)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return {**dict.fromkeys(JobStatus, 0), **{status: count for status, count in rows}}

    async def _with_account(self, account_id: int, state: AccountState, moving: Update) -> Jobs:
        account = update(accounts).where(accounts.c.id == account_id).values(state=state)
        moving = moving.where(jobs.c.account_id == account_id)

        def work(connection: Connection) -> Jobs:
            if connection.execute(account).rowcount == 0:
                raise NoSuchAccount(account_id=account_id)
            return _in_order(connection, moving)

        return await self._database.write(work)

    async def _select(self, wanted: Select[Any]) -> Jobs:
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [job_from(row) for row in rows]

    async def _change(self, change: Update) -> Jobs:
        return await self._database.write(lambda connection: _in_order(connection, change))


def _moving(
    to: JobStatus,
    resume_at: datetime | None = None,
    wait_reason: WaitReason | None = None,
    pause_reason: PauseReason | None = None,
    failure: Failure | None = None,
) -> Update:
    """The guarded UPDATE to `to`, of whichever jobs the caller narrows it to."""
    if (to is JobStatus.PAUSED) != (pause_reason is not None):
        raise ValueError("a pause, and nothing else, says by whom")
    if resume_at and to is not JobStatus.PENDING:
        raise ValueError("only a pending job waits")
    now = datetime.now(UTC)
    values: dict[str, object] = {
        "status": to,
        "resume_at": resume_at,
        "wait_reason": wait_reason,
        "pause_reason": pause_reason,
        "failure": failure_value(failure),
        "finished_at": now if to in _FINAL else None,
    }
    if to is JobStatus.RUNNING:
        values["started_at"] = func.coalesce(jobs.c.started_at, now)
    return update(jobs).where(jobs.c.status.in_(may_become(to))).values(values)


def _in_order(connection: Connection, change: Update) -> Jobs:
    """What was changed, oldest first: RETURNING promises no order."""
    changed = [job_from(row) for row in connection.execute(change.returning(*jobs.c))]
    return sorted(changed, key=lambda job: job.id)


def _first(found: Jobs) -> Job | None:
    return found[0] if found else None
