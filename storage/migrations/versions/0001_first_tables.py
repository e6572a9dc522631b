"""The first tables: accounts, jobs with their progress, step in flight, message map and skips, meta."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sealed_session", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("user_id", name=op.f("uq_accounts_user_id")),
        sqlite_autoincrement=True,
    )
    _create_jobs()
    _create_belongings()


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False, server_default="0"),
        *_chat("source"),
        *_chat("target"),
        *(
            sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
            for name in ("offset_id", "step_number", "copied", "skipped", "total", "last_target_id")
        ),
        sa.Column("resumed_from", sa.BigInteger),
        sa.Column("resume_at", sa.DateTime),
        sa.Column("wait_reason", sa.String(16)),
        sa.Column("pause_reason", sa.String(16)),
        sa.Column("failure", sa.JSON),
        sa.Column("report_chat_id", sa.BigInteger),
        sa.Column("report_message_id", sa.BigInteger),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.CheckConstraint(
            "(status = 'paused') = (pause_reason IS NOT NULL)", name=op.f("ck_jobs_paused_by_whom")
        ),
        sa.CheckConstraint(
            "resume_at IS NULL OR status = 'pending'", name=op.f("ck_jobs_only_pending_waits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_claim", "jobs", ["status", "priority", "owner_id", "account_id", "resume_at"])
    op.create_index("ix_jobs_resume", "jobs", ["status", "resume_at"])
    op.create_index("ix_jobs_owner", "jobs", ["owner_id"])
    op.create_index("ix_jobs_target", "jobs", ["target_id"])
    op.create_index("ix_jobs_account", "jobs", ["account_id"])


def _chat(name: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{name}_id", sa.BigInteger, nullable=False),
        sa.Column(f"{name}_hash", sa.BigInteger, nullable=False),
        sa.Column(f"{name}_title", sa.Text, nullable=False),
        sa.Column(f"{name}_username", sa.Text),
        sa.Column(f"{name}_topic", sa.BigInteger),
    ]


def _create_belongings() -> None:
    op.create_table(
        "steps",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_steps")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_steps_job_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "message_map",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("target_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "source_id", name=op.f("pk_message_map")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_message_map_job_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "skips",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("job_id", "source_id", name=op.f("pk_skips")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_skips_job_id")),
        sqlite_with_rowid=False,
    )
