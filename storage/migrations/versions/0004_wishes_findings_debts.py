"""Kinds of jobs, what they are to copy, what they found, and links that are still to be mended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("kind", sa.String(16), nullable=False, server_default="clone"))
    op.add_column("jobs", sa.Column("wishes", sa.JSON))
    op.add_column("jobs", sa.Column("of_job", ID))
    op.add_column("jobs", sa.Column("passed", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("ix_jobs_of_job", "jobs", ["of_job"])
    op.add_column("message_map", sa.Column("late", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "debts",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_debts_job_id")),
        sa.PrimaryKeyConstraint("job_id", "source_id", name=op.f("pk_debts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "findings",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("target_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_findings_job_id")),
        sa.PrimaryKeyConstraint("job_id", "source_id", "target_id", "kind", name=op.f("pk_findings")),
        sqlite_with_rowid=False,
    )
