"""What only a file can be: elsewhere, somebody else's, shared with another process."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from domain.errors import DatabaseBroken, WrongServer
from storage.database import Database
from storage.location import database_file
from storage.meta import MetaStore
from storage.tables import meta


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = await Database.open(sqlite_url, server="telegram.org")
    yield database
    await database.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_the_file_is_made_for_its_owner_alone(sqlite_url: str, database: Database) -> None:
    file = database_file(sqlite_url)
    before = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert before.pop(file.name) == 0o600
    assert set(before.values()) == {0o600}, "the write-ahead log holds the same secrets"


async def test_every_connection_is_set_up(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ["journal_mode", "foreign_keys", "synchronous", "busy_timeout"]
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 1, 2, 5000]
    assert await database.read(pragmas) == ["wal", 1, 2, 5000]


async def test_something_else_than_a_database(sqlite_url: str) -> None:
    file = database_file(sqlite_url)
    file.parent.mkdir()
    file.write_text("Dear diary, " * 100)
    with pytest.raises(DatabaseBroken, match="file is not a database"):
        await Database.open(sqlite_url, server="telegram.org")
    assert contents(file.parent) == {file.name: b"Dear diary, " * 100}


async def test_another_programs_database(sqlite_url: str) -> None:
    file = database_file(sqlite_url)
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE jobs (id)")
    other.close()
    before = contents(file.parent)
    with pytest.raises(DatabaseBroken, match="the tables of another program"):
        await Database.open(sqlite_url, server="telegram.org")
    assert contents(file.parent) == before


async def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder").mkdir()
    for path in ("file/ferry.db", "folder"):
        with pytest.raises(DatabaseBroken, match=f"{tmp_path}/{path}"):
            await Database.open(f"sqlite+aiosqlite:///{tmp_path}/{path}", server="telegram.org")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DatabaseBroken, match="Permission denied"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path}/ferry.db", server="telegram.org")


async def test_another_process_that_writes_is_waited_for(sqlite_url: str, database: Database) -> None:
    other = sqlite3.connect(database_file(sqlite_url), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO meta VALUES ('theirs', '1')")
    store = MetaStore(database)
    writing = asyncio.create_task(store.set("ours", "2"))
    assert await store.get("theirs") is None, "readers are not held up and see only what is committed"
    assert not writing.done()
    releasing = threading.Timer(0.1, other.commit)
    releasing.start()
    await writing
    assert (await store.get("theirs"), await store.get("ours")) == ("1", "2")
    releasing.join()
    other.close()


async def test_what_a_transaction_has_read_stays_true_until_it_writes(
    sqlite_url: str, database: Database
) -> None:
    other = sqlite3.connect(
        database_file(sqlite_url), isolation_level=None, check_same_thread=False, timeout=0
    )

    def work(connection: Connection) -> None:
        connection.execute(text("SELECT count(*) FROM meta"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO meta VALUES ('theirs', '1')")
        connection.execute(insert(meta).values(name="ours", value="2"))

    await database.write(work)
    assert await MetaStore(database).get("ours") == "2"
    other.close()


async def test_a_refused_database_keeps_every_byte(sqlite_url: str) -> None:
    await (await Database.open(sqlite_url, server="sandbox:abc")).close()
    before = contents(database_file(sqlite_url).parent)
    with pytest.raises(WrongServer, match=r"belongs to sandbox:abc, but the settings point at telegram\.org"):
        await Database.open(sqlite_url, server="telegram.org")
    assert contents(database_file(sqlite_url).parent) == before
    await (await Database.open(sqlite_url, server="sandbox:abc")).close()
