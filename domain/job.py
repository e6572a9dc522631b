"""What a job is and which moves its status may make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from domain.peer import Chat
from domain.wishes import EVERYTHING, Wishes

#: The owner of jobs ordered at the command line, where there is no bot user.
OPERATOR = 0


class JobKind(StrEnum):
    CLONE = "clone"
    COMMENTS = "comments"  #: a channel's comments, after the channel itself (`of_job`)
    VERIFY = "verify"  #: compares what `of_job` copied
    REPAIR = "repair"  #: mends what the last `verify` of `of_job` found
    ADOPT = "adopt"  #: takes over what another tool has copied, then goes on like a clone
    DEDUPE = "dedupe"  #: finds doubles in one chat, which is source and target


class JobStatus(StrEnum):
    PENDING = "pending"  #: may start now, or at `resume_at`
    RUNNING = "running"
    PAUSED = "paused"  #: always with a PauseReason
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: Who may follow whom. Every move in the program is checked against this table, and only this one.
ALLOWED: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.RUNNING, JobStatus.PAUSED, JobStatus.CANCELLED}),
    JobStatus.RUNNING: frozenset(set(JobStatus) - {JobStatus.RUNNING}),
    JobStatus.PAUSED: frozenset({JobStatus.PENDING, JobStatus.CANCELLED}),
    JobStatus.FAILED: frozenset({JobStatus.PENDING}),
    JobStatus.COMPLETED: frozenset(),
    JobStatus.CANCELLED: frozenset(),
}

UNFINISHED = frozenset({JobStatus.PENDING, JobStatus.RUNNING, JobStatus.PAUSED})


def may_become(to: JobStatus) -> frozenset[JobStatus]:
    """The statuses from which a job may move to `to`."""
    return frozenset(status for status, following in ALLOWED.items() if to in following)


class Priority(IntEnum):
    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4

    @property
    def word(self) -> str:
        """As people type it and read it."""
        return self.name.lower()


class WaitReason(StrEnum):
    """Why a pending job has a `resume_at`."""

    FLOOD = "flood"  #: Telegram told the account to wait
    SLOW_MODE = "slow_mode"  #: the target chat did
    PACE = "pace"  #: ACCOUNT_PACE: we keep the account below what Telegram might punish
    UNREACHABLE = "unreachable"  #: Telegram cannot be reached, or answers that it is in trouble
    TROUBLE = "trouble"  #: an error of our own, perhaps a passing one


class PauseReason(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMORY = "memory"  #: the only pause that ends by itself
    ACCOUNT = "account"  #: a person must log in again
    UNSETTLED = "unsettled"  #: a person must look at the target


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is. Every number is absolute, so a checkpoint written twice does no harm.

    `offset_id` is the cursor: the last source message that is done. `step_number` is the number of the last
    step that is done. `last_target_id` is the newest message known to stand in the target from before the
    step in flight. `total` is how many messages the source had when last counted. `passed` are those that the
    order leaves out.
    """

    offset_id: int = 0
    step_number: int = 0
    copied: int = 0
    skipped: int = 0
    total: int = 0
    last_target_id: int = 0
    passed: int = 0

    @property
    def done(self) -> int:
        return self.copied + self.skipped + self.passed

    @property
    def fraction(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """The chat and the message in which the bot shows a job."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job failed or was paused, as a sentence pattern and its values (so that it can be translated)."""

    text: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One order to copy `source` into `target`, as it stands in the database."""

    id: int
    owner_id: int
    account_id: int
    key: bytes  #: 32 random bytes, drawn when the job was made
    source: Chat
    target: Chat
    status: JobStatus
    created_at: datetime
    priority: Priority = Priority.NORMAL
    progress: Progress = Progress()
    generation: int = 0  #: rises with every claim; a write with an older one is refused
    resume_at: datetime | None = None
    wait_reason: WaitReason | None = None
    pause_reason: PauseReason | None = None
    failure: Failure | None = None
    resumed_from: int | None = None  #: the cursor at the last start of the service that found it unfinished
    started_at: datetime | None = None
    finished_at: datetime | None = None
    report: ReportPlace | None = None
    after: tuple[int, ...] = ()  #: the jobs that must be completed first and are not yet, ascending
    kind: JobKind = JobKind.CLONE
    wishes: Wishes = EVERYTHING
    of_job: int | None = None  #: the job that this one is about

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def map_of(self) -> int:
        """The job in whose message map the copies stand: a repair mends another job's, and so does a clone
        that tries once more what another one skipped.
        """
        joins = self.kind in (JobKind.REPAIR, JobKind.CLONE)
        return self.of_job if joins and self.of_job is not None else self.id

    def may_become(self, status: JobStatus) -> bool:
        return status in ALLOWED[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An order that has been checked and can be written down."""

    owner_id: int
    account_id: int
    key: bytes
    source: Chat
    target: Chat
    total: int
    last_target_id: int
    priority: Priority = Priority.NORMAL
    after: tuple[int, ...] = ()
    kind: JobKind = JobKind.CLONE
    wishes: Wishes = EVERYTHING
    of_job: int | None = None
    offset_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of a job's history. `was` and `became` are equal when only priority or dependencies changed.

    `who` is a bot user, OPERATOR at the command line, or None for Ferry itself. `reason` says why as far as
    it is known: why it waits, paused or failed, or what else was changed.
    """

    at: datetime
    was: JobStatus | None  #: None: the job was made
    became: JobStatus
    who: int | None
    reason: Failure | None = None
