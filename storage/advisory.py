"""PostgreSQL's advisory locks by their names. SQLite needs none: only one transaction writes there at all."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import Connection, func, select


class Advisory(IntEnum):
    """Numbers of the key's second half; the first says that the lock is Ferry's."""

    SERVICE = 1  #: the one service of a database, for as long as it runs
    TABLES = 2  #: making and migrating the tables
    JOBS = 3  #: whoever decides about jobs by what other jobs are doing


FERRY = 0x46455252  # "FERR"


def take_turn(connection: Connection, about: Advisory) -> None:
    """Until the end of the transaction nobody else has this turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(FERRY, int(about))))
