"""Brings a database to today's tables; one that is not ours is refused before anything is written."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from domain.errors import DatabaseBroken, DatabaseTooNew, WrongServer
from storage.facts import keep_fact, read_fact

SERVER = "server"  #: the name in meta
VERSION = "alembic_version"  #: the table in which alembic keeps the revision

_MIGRATIONS = Path(__file__).parent / "migrations"


def check_before_writing(connection: Connection, *, server: str, url: str) -> None:
    """Reads only. Raises DatabaseTooNew, WrongServer, or DatabaseBroken for another program's database."""
    revision = _revision(connection)
    if revision is None:
        tables = inspect(connection).get_table_names()
        if tables and tables != [VERSION]:
            raise DatabaseBroken(url=url, reason="it holds the tables of another program")
        return
    if revision not in revisions():
        raise DatabaseTooNew(revision=revision)
    _check_server(read_fact(connection, SERVER), server)


def upgrade(connection: Connection, *, server: str) -> None:
    """Migrates to the newest tables and keeps `server`, inside the caller's transaction."""
    if _revision(connection) != max(revisions()):
        _migrate(connection)
    _check_server(keep_fact(connection, SERVER, server), server)


def revisions() -> set[str]:
    """Those that this Ferry knows; the files begin with them."""
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("*.py")}


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command  # late: loading it takes long, and hardly any start has to migrate
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check_server(belongs_to: str | None, points_at: str) -> None:
    if belongs_to not in (None, points_at):
        raise WrongServer(belongs_to=belongs_to, points_at=points_at)
