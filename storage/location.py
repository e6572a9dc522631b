"""Where the database lies, from DATABASE_URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from domain.errors import SettingError


def parse_url(database_url: str) -> URL:
    """`database_url` if it names an SQLite file. Raises SettingError for anything else."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        url = None
    if (
        url is None
        or url.get_backend_name() != "sqlite"
        or url.query
        or url.database in (None, "", ":memory:")
    ):
        raise SettingError(
            name="DATABASE_URL", problem="it must name a file, such as sqlite+aiosqlite:///data/ferry.db"
        )
    return url


def database_file(database_url: str) -> Path:
    """The SQLite file that `database_url` names; relative ones lie under the working directory."""
    return Path(str(parse_url(database_url).database))
