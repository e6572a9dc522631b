"""SQLite locked, full, read-only, its disk failing: one error each, nothing half; the next call goes on."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from domain.errors import DatabaseBroken
from storage.database import Database
from storage.location import database_file
from storage.meta import MetaStore
from storage.tables import meta

BIG = "x" * 200_000


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = await Database.open(sqlite_url, server="telegram.org")
    yield database
    await database.close()


def small_and_big(connection: Connection) -> None:
    connection.execute(insert(meta).values(name="small", value="x"))
    connection.execute(insert(meta).values(name="big", value=BIG))


async def nothing_half_and_goes_on(database: Database) -> None:
    store = MetaStore(database)
    assert [await store.get("small"), await store.get("big")] == [None, None]
    await database.write(small_and_big)
    assert [await store.get("small"), await store.get("big")] == ["x", BIG]
    assert await database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar()) == "ok"


async def test_locked_beyond_all_patience(sqlite_url: str, database: Database) -> None:
    other = sqlite3.connect(database_file(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBroken, match="database is locked"):
        await database.write(small_and_big)
    assert await MetaStore(database).get("small") is None, "reading goes on meanwhile"
    other.execute("ROLLBACK")
    other.close()
    await nothing_half_and_goes_on(database)


async def test_full(database: Database) -> None:
    pages = await database.read(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar_one())
    await database.write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}"))
    with pytest.raises(DatabaseBroken, match="database or disk is full"):
        await database.write(small_and_big)
    await nothing_half_and_goes_on(database)


async def test_read_only(database: Database) -> None:
    await database.write(lambda c: c.exec_driver_sql("PRAGMA query_only=ON"))
    with pytest.raises(DatabaseBroken, match="readonly database"):
        await database.write(small_and_big)
    await nothing_half_and_goes_on(database)


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """The kernel refuses to write there, and SQLite calls that a disk I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_disk_that_refuses_to_write(sqlite_url: str, database: Database) -> None:
    file = database_file(sqlite_url)
    log = file.with_name(file.name + "-wal").stat().st_size
    with no_file_grows_beyond(log + 10_000):
        for _ in range(2):
            with pytest.raises(DatabaseBroken, match="disk I/O error"):
                await database.write(small_and_big)
    await nothing_half_and_goes_on(database)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False)
    if mount.returncode:
        pytest.skip("nobody but root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_disk_that_is_full_until_somebody_makes_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "2m"):
        database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/disk/ferry.db", server="telegram.org")
        litter = tmp_path / "disk" / "litter"
        with litter.open("wb", buffering=0) as filling, pytest.raises(OSError, match="No space left"):
            while True:
                filling.write(bytes(4096))
        for _ in range(2):
            with pytest.raises(DatabaseBroken, match=r"disk is full|disk I/O error"):
                await database.write(small_and_big)
        litter.unlink()
        await nothing_half_and_goes_on(database)
        await database.close()
