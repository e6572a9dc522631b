"""History of jobs, jobs that wait for others, and the paces that the limiter learned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("blockers", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("ix_jobs_claim", "jobs")
    op.create_index("ix_jobs_status", "jobs", ["status"])
    _index("ix_jobs_running", "status = 'running'", "owner_id")
    _index(
        "ix_jobs_startable",
        "status = 'pending' AND blockers = 0 AND resume_at IS NULL",
        "owner_id",
        sa.text("priority DESC"),
        "id",
    )
    _index(
        "ix_jobs_waiting",
        "status = 'pending' AND blockers = 0 AND resume_at IS NOT NULL",
        "owner_id",
        "resume_at",
    )
    op.create_table(
        "job_history",
        sa.Column("id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("was", sa.String(16)),
        sa.Column("became", sa.String(16), nullable=False),
        sa.Column("who", sa.BigInteger),
        sa.Column("reason", sa.JSON),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_history_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_history")),
    )
    op.create_index("ix_job_history_job", "job_history", ["job_id"])
    op.create_table(
        "dependencies",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("after_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_dependencies_job_id")),
        sa.ForeignKeyConstraint(["after_id"], ["jobs.id"], name=op.f("fk_dependencies_after_id")),
        sa.PrimaryKeyConstraint("job_id", "after_id", name=op.f("pk_dependencies")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dependencies_after", "dependencies", ["after_id"])
    op.create_table(
        "paces",
        sa.Column("account_id", ID, nullable=False, autoincrement=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("learned", sa.JSON, nullable=False),
        sa.Column("learned_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "scope", name=op.f("pk_paces")),
        sqlite_with_rowid=False,
    )


def _index(name: str, condition: str, *columns: str | sa.TextClause) -> None:
    where = sa.text(condition)
    op.create_index(name, "jobs", ["status", *columns], sqlite_where=where, postgresql_where=where)
