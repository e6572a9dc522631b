"""What checks of a chat remember of the messages that they have seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "prints",
        sa.Column("job_id", ID, nullable=False),
        sa.Column("print", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.Column("note", sa.BigInteger, nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_prints_job_id")),
        sa.PrimaryKeyConstraint("job_id", "print", "message_id", name=op.f("pk_prints")),
        sqlite_with_rowid=False,
    )
