"""Where the database lies, from DATABASE_URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import SettingError

SQLITE, POSTGRES = "sqlite+aiosqlite", "postgresql+asyncpg"


def parse_url(database_url: str) -> URL:
    """`database_url` if it names an SQLite file or a PostgreSQL database. Raises SettingError otherwise."""
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername == POSTGRES and url.database:
        return url
    if (
        url is None
        or url.get_backend_name() != "sqlite"
        or url.query
        or url.database in (None, "", ":memory:")
    ):
        raise SettingError(
            name="DATABASE_URL",
            problem=f"it must name a file, such as {SQLITE}:///data/ferry.db, "
            f"or a PostgreSQL database, such as {POSTGRES}://ferry:password@localhost/ferry",
        )
    return url


def is_file(database_url: str) -> bool:
    """False for a database on a server."""
    return parse_url(database_url).get_backend_name() == "sqlite"


def database_file(database_url: str) -> Path:
    """The SQLite file that `database_url` names; relative ones lie under the working directory."""
    assert is_file(database_url)
    return Path(str(parse_url(database_url).database))


def shown(url: URL) -> str:
    """For people and logs: without its password, wherever that stands."""
    return url.set(query={}).render_as_string(hide_password=True)
