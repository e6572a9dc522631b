"""Runs the migrations on the connection that storage/schema.py hands over; there is no alembic.ini."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

# No transaction of its own: all migrations and the first facts are one, the caller's.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
