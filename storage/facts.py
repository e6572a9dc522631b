"""Single facts in the table meta, read and kept within somebody's transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.tables import meta
from storage.upsert import Upsert

_KEEP = Upsert(meta)


def read_fact(connection: Connection, name: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()


def keep_fact(connection: Connection, name: str, value: str) -> str:
    """Sets `name` unless it has a value already; returns the value that stands."""
    connection.execute(_KEEP.on(connection), {"name": name, "value": value})
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one()
