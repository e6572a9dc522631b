"""The way to today's tables, from nothing and from elsewhere."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from domain.errors import DatabaseTooNew
from storage.database import Database
from storage.location import database_file
from storage.tables import metadata


def ddl(connection: Connection) -> dict[str, list[str]]:
    """The parts of each CREATE statement but Alembic's own; their order means nothing."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        name: sorted(part.strip() for part in re.split(r",(?![^(]*\))", " ".join(sql.split())))
        for name, sql in rows
        if name != "alembic_version"
    }


async def test_alembic_finds_no_difference(database: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    assert await database.read(differences) == []


async def test_the_statements_are_the_same(database: Database) -> None:
    """What Alembic does not compare: CHECKs, WITHOUT ROWID, AUTOINCREMENT, defaults."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        wanted = ddl(connection)
    engine.dispose()
    assert await database.read(ddl) == wanted


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
    root = Path(__file__).parents[2]
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN, url, cwd=root, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in both:
        _, told = await process.communicate()
        assert process.returncode == 0, told.decode()
