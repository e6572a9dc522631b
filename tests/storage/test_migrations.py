"""The way to today's tables, from nothing and from elsewhere."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from domain.errors import DatabaseTooNew
from storage.database import Database
from storage.location import is_file
from storage.meta import MetaStore
from storage.schema import revisions
from storage.tables import metadata
from tests.storage.conftest import OtherProgram

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


def differences(connection: Connection) -> object:
    """Of an index with DESC Alembic understands nothing on SQLite; the statements are compared there."""
    is_understood = connection.dialect.name == "postgresql"
    context = MigrationContext.configure(
        connection,
        opts={"include_object": lambda _, name, *__: is_understood or name != "ix_jobs_startable"},
    )
    return compare_metadata(context, metadata)


def test_the_files_begin_with_their_revisions() -> None:
    """Without asking alembic, every start knows by them whether it has to migrate."""
    assert revisions() == {script.revision for script in SCRIPTS.walk_revisions()}
    assert max(revisions()) == SCRIPTS.get_current_head()


async def test_alembic_finds_no_difference(database: Database) -> None:
    assert await database.read(differences) == []


async def test_the_statements_are_the_same(sqlite_url: str) -> None:
    """What Alembic does not compare: CHECKs, WITHOUT ROWID, AUTOINCREMENT, defaults."""
    database = await Database.open(sqlite_url, server="telegram.org")
    try:
        assert await database.read(ddl) == wanted_ddl()
    finally:
        await database.close()


@pytest.mark.parametrize("revision", [script.revision for script in SCRIPTS.walk_revisions()])
async def test_an_older_database_becomes_todays_and_keeps_what_it_holds(
    empty_url: str, revision: str
) -> None:
    url = make_url(empty_url)
    if url.database and is_file(empty_url):
        Path(url.database).parent.mkdir()

    def old(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", SCRIPTS.dir)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text("INSERT INTO meta VALUES ('vault_salt', 'kept')"))

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(old)
    await engine.dispose()
    opened = await Database.open(empty_url, server="telegram.org")
    try:
        assert await MetaStore(opened).get("vault_salt") == "kept"
        assert await opened.read(differences) == []
        if is_file(empty_url):
            assert await opened.read(ddl) == wanted_ddl()
    finally:
        await opened.close()


async def test_a_newer_database_is_left_alone(empty_url: str, other_program: OtherProgram) -> None:
    await (await Database.open(empty_url, server="telegram.org")).close()
    await other_program("UPDATE alembic_version SET version_num = '9999'")
    await other_program("CREATE TABLE shops (id INTEGER)")
    with pytest.raises(DatabaseTooNew, match=r"newer Ferry \(revision 9999\)"):
        await Database.open(empty_url, server="telegram.org")
    await other_program("INSERT INTO shops (id) VALUES (1)")


OPEN = """
import asyncio, sys
from storage.database import Database
async def main():
    await (await Database.open(sys.argv[1], server="telegram.org")).close()
asyncio.run(main())
"""


async def test_two_processes_may_open_it_first(empty_url: str) -> None:
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN, empty_url, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in both:
        _, told = await process.communicate()
        assert process.returncode == 0, told.decode()
