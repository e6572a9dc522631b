"""Writes the rows of the message map: which copy belongs to which source message."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection

#: Rows in one statement of SQLite, more than a step has. Every SQLite takes 999 parameters; a row is three.
MAP_ROWS = 300

_POSTGRES = (
    "INSERT INTO message_map (job_id, source_id, target_id)"
    " SELECT $1::bigint, * FROM unnest($2::bigint[], $3::bigint[]) ON CONFLICT DO NOTHING"
)


def write_map(connection: Connection, job_id: int, copied: Sequence[tuple[int, int]]) -> None:
    """All (source id, target id) pairs by one statement; those that stand there already are left alone.

    Row by row, the event loop would fight for the interpreter at each.
    """
    if not copied:
        return
    if connection.dialect.name == "postgresql":
        sources, targets = zip(*copied, strict=True)
        connection.exec_driver_sql(_POSTGRES, (job_id, list(sources), list(targets)))
        return
    for start in range(0, len(copied), MAP_ROWS):
        rows = copied[start : start + MAP_ROWS]
        values = tuple(value for source, target in rows for value in (job_id, source, target))
        connection.exec_driver_sql(_sqlite(len(rows)), values)


@cache
def _sqlite(rows: int) -> str:
    places = ", ".join(["(?, ?, ?)"] * rows)
    return f"INSERT INTO message_map (job_id, source_id, target_id) VALUES {places} ON CONFLICT DO NOTHING"
