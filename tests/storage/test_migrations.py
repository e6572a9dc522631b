"""The way to today's tables, from nothing and from elsewhere."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from domain.errors import DatabaseTooNew
from storage.database import Database
from storage.location import database_file
from storage.meta import MetaStore
from storage.tables import metadata

ROOT = Path(__file__).parents[2]
SCRIPTS = ScriptDirectory(str(ROOT / "storage" / "migrations"))


def ddl(connection: Connection) -> dict[str, list[str]]:
    """The parts of each CREATE statement but Alembic's own; their order means nothing."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        name: sorted(part.strip() for part in re.split(r",(?![^(]*\))", " ".join(sql.split())))
        for name, sql in rows
        if name != "alembic_version"
    }


def wanted_ddl() -> dict[str, list[str]]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        wanted = ddl(connection)
    engine.dispose()
    return wanted


async def test_alembic_finds_no_difference(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await database.read(differences) == []


async def test_the_statements_are_the_same(database: Database) -> None:
    """What Alembic does not compare: CHECKs, WITHOUT ROWID, AUTOINCREMENT, defaults."""
    assert await database.read(ddl) == wanted_ddl()


@pytest.mark.parametrize("revision", [script.revision for script in SCRIPTS.walk_revisions()])
async def test_an_older_database_becomes_todays_and_keeps_what_it_holds(url: str, revision: str) -> None:
    file = database_file(url)
    file.parent.mkdir()
    config = Config()
    config.set_main_option("script_location", SCRIPTS.dir)
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text("INSERT INTO meta VALUES ('vault_salt', 'kept')"))
    engine.dispose()
    opened = await Database.open(url, server="telegram.org")
    try:
        assert await MetaStore(opened).get("vault_salt") == "kept"
        assert await opened.read(ddl) == wanted_ddl()
    finally:
        await opened.close()


async def test_a_newer_database_is_left_alone(url: str) -> None:
    await (await Database.open(url, server="telegram.org")).close()
    file = database_file(url)
    with sqlite3.connect(file) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.execute("CREATE TABLE shops (id)")
    newer.close()
    before = file.read_bytes()
    with pytest.raises(DatabaseTooNew, match=r"newer Ferry \(revision 9999\)"):
        await Database.open(url, server="telegram.org")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


OPEN = """
import asyncio, sys
from storage.database import Database
async def main():
    await (await Database.open(sys.argv[1], server="telegram.org")).close()
asyncio.run(main())
"""


async def test_two_processes_may_open_it_first(url: str) -> None:
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN, url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in both:
        _, told = await process.communicate()
        assert process.returncode == 0, told.decode()
