"""INSERT … ON CONFLICT in both dialects, which spell it alike but are two classes in SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


class Upsert:
    """Built once for each table, so that SQLAlchemy finds the SQL by identity. Values come with `execute`.

    `change` tells, from the row that could not be inserted, what becomes of the one that stands; without it
    that one stays as it is. `key` is the unique column, or else the primary key.
    """

    def __init__(
        self,
        table: Table,
        *,
        key: Column[Any] | None = None,
        change: Callable[[Any], Mapping[str, object]] | None = None,
    ) -> None:
        keys = list(table.primary_key) if key is None else [key]
        self._statements: dict[str, Any] = {}
        for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
            new: Any = insert(table)
            self._statements[dialect] = (
                new.on_conflict_do_nothing()
                if change is None
                else new.on_conflict_do_update(index_elements=keys, set_=change(new.excluded))
            )

    def on(self, connection: Connection) -> Any:
        """The statement that this connection's database understands."""
        return self._statements[connection.dialect.name]
