"""Opening, and what a transaction promises."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from domain.errors import DatabaseBroken, SettingError, WrongServer
from storage.database import Database
from storage.location import database_file
from storage.meta import MetaStore
from storage.tables import meta


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_the_file_is_made_for_its_owner_alone(url: str, database: Database) -> None:
    file = database_file(url)
    before = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert before.pop(file.name) == 0o600
    assert set(before.values()) == {0o600}, "the write-ahead log holds the same secrets"


async def test_every_connection_is_set_up(database: Database) -> None:
    def pragmas(connection: Connection) -> list[object]:
        names = ["journal_mode", "foreign_keys", "synchronous", "busy_timeout"]
        return [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

    assert await database.write(pragmas) == ["wal", 1, 2, 5000]
    assert await database.read(pragmas) == ["wal", 1, 2, 5000]


async def test_what_was_written_is_there_after_closing(url: str) -> None:
    for known, value in [(None, "one"), ("one", "two")]:
        database = await Database.open(url, server="telegram.org")
        store = MetaStore(database)
        assert await store.get("salt") == known
        await store.set("salt", value)
        assert await store.keep("salt", "three") == value
        await database.close()
    assert [path.name for path in database_file(url).parent.iterdir()] == ["ferry.db"]


async def test_a_database_belongs_to_one_server(url: str) -> None:
    await (await Database.open(url, server="sandbox:abc")).close()
    before = contents(database_file(url).parent)
    with pytest.raises(WrongServer, match=r"belongs to sandbox:abc, but the settings point at telegram\.org"):
        await Database.open(url, server="telegram.org")
    assert contents(database_file(url).parent) == before
    await (await Database.open(url, server="sandbox:abc")).close()


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ferry.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://h/d",
        "sqlite:///a?b=c",
    ],
)
async def test_a_url_that_names_no_file(wrong: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        await Database.open(wrong, server="telegram.org")


async def test_something_else_than_a_database(url: str) -> None:
    file = database_file(url)
    file.parent.mkdir()
    file.write_text("Dear diary, " * 100)
    with pytest.raises(DatabaseBroken, match="file is not a database"):
        await Database.open(url, server="telegram.org")
    assert contents(file.parent) == {file.name: b"Dear diary, " * 100}


async def test_another_programs_database(url: str) -> None:
    file = database_file(url)
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE jobs (id)")
    other.close()
    before = contents(file.parent)
    with pytest.raises(DatabaseBroken, match="the tables of another program"):
        await Database.open(url, server="telegram.org")
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


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(insert(meta).values(name="half", value="done"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await MetaStore(database).get("half") is None


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseBroken, match="readonly"):
        await database.read(lambda connection: connection.execute(insert(meta).values(name="a", value="b")))
    assert await MetaStore(database).get("a") is None


async def test_a_cancelled_task_leaves_whole_transactions(database: Database) -> None:
    """Two facts in each transaction: whatever is cancelled whenever, both stand or neither."""

    def work(connection: Connection, number: int) -> None:
        for half in "ab":
            connection.execute(insert(meta).values(name=f"{number}{half}", value=""))

    async def one(number: int) -> None:
        await database.write(lambda connection: work(connection, number))
        await MetaStore(database).get(f"{number}a")

    chance = random.Random(5)
    for number in range(150):
        task = asyncio.create_task(one(number))
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await database.write(lambda _: None)  # whatever was still at work is done now

    def halves(connection: Connection) -> list[int]:
        query = "SELECT count(*) FROM meta WHERE name GLOB '[0-9]*' GROUP BY CAST(name AS INTEGER)"
        return [row[0] for row in connection.execute(text(query))]

    found = await database.read(halves)
    assert set(found) == {2}
    assert len(found) < 150, "no task was cancelled in time: the test proves nothing"


async def test_another_process_that_writes_is_waited_for(url: str, database: Database) -> None:
    other = sqlite3.connect(database_file(url), isolation_level=None, check_same_thread=False)
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


async def test_what_a_transaction_has_read_stays_true_until_it_writes(url: str, database: Database) -> None:
    other = sqlite3.connect(database_file(url), isolation_level=None, check_same_thread=False, timeout=0)

    def work(connection: Connection) -> None:
        connection.execute(text("SELECT count(*) FROM meta"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO meta VALUES ('theirs', '1')")
        connection.execute(insert(meta).values(name="ours", value="2"))

    await database.write(work)
    assert await MetaStore(database).get("ours") == "2"
    other.close()
