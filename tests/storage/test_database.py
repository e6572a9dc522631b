"""Opening, and what a transaction promises, on both databases."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from sqlalchemy import Connection, insert, select

from domain.errors import DatabaseBroken, SettingError, WrongServer
from storage.database import Database
from storage.meta import MetaStore
from storage.tables import meta
from tests.storage.conftest import OtherProgram


async def test_what_was_written_is_there_after_closing(url: str) -> None:
    for known, value in [(None, "one"), ("one", "two")]:
        database = await Database.open(url, server="telegram.org")
        store = MetaStore(database)
        assert await store.get("salt") == known
        await store.set("salt", value)
        assert await store.keep("salt", "three") == value
        await database.close()


async def test_a_database_belongs_to_one_server(empty_url: str) -> None:
    await (await Database.open(empty_url, server="sandbox:abc")).close()
    with pytest.raises(WrongServer, match=r"belongs to sandbox:abc, but the settings point at telegram\.org"):
        await Database.open(empty_url, server="telegram.org")
    await (await Database.open(empty_url, server="sandbox:abc")).close()


async def test_another_programs_tables_are_left_alone(empty_url: str, other_program: OtherProgram) -> None:
    await other_program("CREATE TABLE jobs (id INTEGER)")
    with pytest.raises(DatabaseBroken, match="the tables of another program"):
        await Database.open(empty_url, server="telegram.org")
    await other_program("INSERT INTO jobs (id) VALUES (1)")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ferry.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql://h/d",
        "postgresql+asyncpg://h",
        "sqlite:///a?b=c",
    ],
)
async def test_a_url_that_names_no_database(wrong: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        await Database.open(wrong, server="telegram.org")


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(insert(meta).values(name="half", value="done"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await MetaStore(database).get("half") is None


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseBroken, match=r"readonly|read-only"):
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
        if number % 10 == 0:
            await task  # on a slow machine the others may all be cancelled before they begin
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await database.write(lambda _: None)  # whatever was still at work is done now

    def halves(connection: Connection) -> Counter[str]:
        names = connection.execute(select(meta.c.name)).scalars()
        return Counter(name[:-1] for name in names if name[0].isdigit())

    found = await database.read(halves)
    assert set(found.values()) == {2}
    assert len(found) < 150, "no task was cancelled in time: the test proves nothing"
