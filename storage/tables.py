"""The tables as they are today. How older databases get here is told in migrations/."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)

from domain.account import AccountState
from domain.finding import FindingKind, FindingState
from domain.job import JobKind, JobStatus, PauseReason, WaitReason
from domain.message import SkipReason


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored as UTC, always handed out with its time zone. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


Words: TypeAlias = type[
    JobKind | JobStatus | WaitReason | PauseReason | AccountState | SkipReason | FindingKind | FindingState
]


def _word(words: Words) -> Enum:
    """One of `words` by its value. No CHECK on the list: a new word must not need a rebuilt table."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


#: What numbers our own rows. SQLite counts only in columns that are called INTEGER, and has 64 bits in all.
Id = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", BigInteger),
    Column("user_id", BigInteger, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("state", _word(AccountState), nullable=False),
    Column("sealed_session", LargeBinary, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    # The number of a removed account stands in old jobs and must never become another's.
    sqlite_autoincrement=True,
)

#: Conditions of partial indexes: a query must use the same words to be served by one.
RUNNING = "status = 'running'"
STARTABLE = "status = 'pending' AND blockers = 0 AND resume_at IS NULL"
WAITING = "status = 'pending' AND blockers = 0 AND resume_at IS NOT NULL"


def _only_where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", BigInteger, nullable=False),
    Column("account_id", Id, nullable=False),  # no foreign key: history outlives the account
    Column("key", LargeBinary(32), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("status", _word(JobStatus), nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),
    # Chats by their marked ids; access hashes are signed 64-bit numbers.
    Column("source_id", BigInteger, nullable=False),
    Column("source_hash", BigInteger, nullable=False),
    Column("source_title", Text, nullable=False),
    Column("source_username", Text),
    Column("source_topic", BigInteger),
    Column("target_id", BigInteger, nullable=False),
    Column("target_hash", BigInteger, nullable=False),
    Column("target_title", Text, nullable=False),
    Column("target_username", Text),
    Column("target_topic", BigInteger),
    # Progress
    Column("offset_id", BigInteger, nullable=False, server_default="0"),
    Column("step_number", BigInteger, nullable=False, server_default="0"),
    Column("copied", BigInteger, nullable=False, server_default="0"),
    Column("skipped", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("last_target_id", BigInteger, nullable=False, server_default="0"),
    Column("resumed_from", BigInteger),
    # Why it stands still
    Column("resume_at", UtcDateTime),
    Column("wait_reason", _word(WaitReason)),
    Column("pause_reason", _word(PauseReason)),
    Column("failure", JSON(none_as_null=True)),
    # The message that shows it
    Column("report_chat_id", BigInteger),
    Column("report_message_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    # How many of the jobs that it waits for are not completed: the claim must not count them each time.
    Column("blockers", Integer, nullable=False, server_default="0"),
    Column("kind", _word(JobKind), nullable=False, server_default="clone"),
    Column("wishes", JSON(none_as_null=True)),  # null: everything, as it is
    Column("of_job", Id),
    Column("passed", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("(status = 'paused') = (pause_reason IS NOT NULL)", name="paused_by_whom"),
    CheckConstraint("resume_at IS NULL OR status = 'pending'", name="only_pending_waits"),
    # The claim counts in the first and hops from owner to owner in the second and the third. `status` leads,
    # or else SQLite would rather read all that are pending by ix_jobs_status.
    Index("ix_jobs_running", "status", "owner_id", **_only_where(RUNNING)),
    Index("ix_jobs_startable", "status", "owner_id", text("priority DESC"), "id", **_only_where(STARTABLE)),
    Index("ix_jobs_waiting", "status", "owner_id", "resume_at", **_only_where(WAITING)),
    Index("ix_jobs_status", "status"),
    Index("ix_jobs_resume", "status", "resume_at"),
    Index("ix_jobs_owner", "owner_id"),
    Index("ix_jobs_target", "target_id"),
    Index("ix_jobs_account", "account_id"),
    Index("ix_jobs_of_job", "of_job"),
    sqlite_autoincrement=True,
)

steps = Table(
    "steps",
    metadata,
    # The step in flight: one row per job at the most.
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("payload", Text, nullable=False),
    sqlite_with_rowid=False,
)

message_map = Table(
    "message_map",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("target_id", BigInteger, nullable=False),
    Column("late", Boolean, nullable=False, server_default=false()),  # stands out of order, on purpose
    sqlite_with_rowid=False,
)

debts = Table(
    "debts",
    metadata,
    # Copies with links to what had no copy yet.
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)

findings = Table(
    "findings",
    metadata,
    # What a job found or could not do; 0 stands for no message.
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("target_id", BigInteger, primary_key=True),
    Column("kind", _word(FindingKind), primary_key=True),
    Column("state", _word(FindingState), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

prints = Table(
    "prints",
    metadata,
    # What a check remembers of messages that it has seen: gone again when it ends.
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("print", BigInteger, primary_key=True),  # the first 8 bytes of a digest, signed
    Column("message_id", BigInteger, primary_key=True),
    Column("note", BigInteger, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

skips = Table(
    "skips",
    metadata,
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("reason", _word(SkipReason), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

job_history = Table(
    "job_history",
    metadata,
    # Each change of a job: written in the transaction that makes it, never changed afterwards.
    Column("id", Id, primary_key=True),
    Column("job_id", Id, ForeignKey("jobs.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("was", _word(JobStatus)),  # null: the job was made
    Column("became", _word(JobStatus), nullable=False),
    Column("who", BigInteger),  # a bot user, 0 the command line, null Ferry itself
    Column("reason", JSON(none_as_null=True)),  # a Failure
    Index("ix_job_history_job", "job_id"),
)

dependencies = Table(
    "dependencies",
    metadata,
    # `job_id` starts only once `after_id` is completed. Rows stay when that has happened.
    Column("job_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Column("after_id", Id, ForeignKey("jobs.id"), primary_key=True),
    Index("ix_dependencies_after", "after_id"),
    sqlite_with_rowid=False,
)

paces = Table(
    "paces",
    metadata,
    # What the limiter learned. `scope`: a method class ("send", "read") or "to:<marked id of the target>".
    Column("account_id", Id, primary_key=True, autoincrement=False),
    Column("scope", String(32), primary_key=True),
    Column("learned", JSON, nullable=False),
    Column("learned_at", UtcDateTime, nullable=False),
    sqlite_with_rowid=False,
)

orders = Table(
    "orders",
    metadata,
    # Handed over by the command line beside a running service, which answers: job, preview, or error.
    Column("id", Id, primary_key=True),
    Column("typed", JSON, nullable=False),
    Column("preview", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("job_id", Id),
    Column("previewed", JSON(none_as_null=True)),
    Column("error", String(64)),
    Column("error_values", JSON(none_as_null=True)),
    Index("ix_orders_answered", "answered_at"),
    sqlite_autoincrement=True,
)
