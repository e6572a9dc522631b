"""Orders hold everything that can be typed, may ask for a preview, and are answered with one.

What stood there before was answered, or is forgotten: who ordered it no longer waits.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("orders")
    op.create_table(
        "orders",
        sa.Column("id", ID, nullable=False),
        sa.Column("typed", sa.JSON, nullable=False),
        sa.Column("preview", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("job_id", ID),
        sa.Column("previewed", sa.JSON),
        sa.Column("error", sa.String(64)),
        sa.Column("error_values", sa.JSON),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_orders_answered", "orders", ["answered_at"])
