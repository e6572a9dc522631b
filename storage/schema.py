"""Brings a database to today's tables; one that is not ours is refused before anything is written."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from domain.errors import DatabaseBroken, DatabaseTooNew, WrongServer
from storage.facts import keep_fact, read_fact

SERVER = "server"  #: the name in meta

_MIGRATIONS = Path(__file__).parent / "migrations"


def check_before_writing(connection: Connection, *, server: str, url: str) -> None:
    """Reads only. Raises DatabaseTooNew, WrongServer, or DatabaseBroken for another program's database."""
    revision = MigrationContext.configure(connection).get_current_revision()
    tables = inspect(connection).get_table_names()
    if revision is None:
        if tables and tables != ["alembic_version"]:
            raise DatabaseBroken(url=url, reason="it holds the tables of another program")
        return
    if revision not in {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}:
        raise DatabaseTooNew(revision=revision)
    _check_server(read_fact(connection, SERVER), server)


def upgrade(connection: Connection, *, server: str) -> None:
    """Migrates to the newest tables and keeps `server`, inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _check_server(keep_fact(connection, SERVER, server), server)


def _check_server(belongs_to: str | None, points_at: str) -> None:
    if belongs_to not in (None, points_at):
        raise WrongServer(belongs_to=belongs_to, points_at=points_at)
