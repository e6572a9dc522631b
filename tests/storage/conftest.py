"""Both databases for every test: a real SQLite file, and a real PostgreSQL server for each test process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from domain.account import Account
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from storage.progress import ProgressStore
from tests.storage.postgres_server import PostgresServer

OtherProgram = Callable[[str], Awaitable[None]]

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    # Not below pytest's own folder: a later run's cleaning up there would take it from under the server.
    with TemporaryDirectory(prefix="ferry-pg-") as folder:
        server = PostgresServer(Path(folder) / "data")
        yield server
        server.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/ferry.db"


@pytest.fixture
def postgres_url(server: PostgresServer) -> Iterator[str]:
    with server.database() as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our empty tables, made once."""
    file = tmp_path_factory.mktemp("tables") / "ferry.db"
    database = await Database.open(f"sqlite+aiosqlite:///{file}", server="telegram.org")
    await database.close()
    return file


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tables: Path, sqlite_url: str) -> str:
    """Where a test's database lies, with our empty tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    file = Path(str(make_url(sqlite_url).database))
    file.parent.mkdir()
    shutil.copy(tables, file)
    return sqlite_url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """As after the installation: without tables."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    server: PostgresServer = request.getfixturevalue("server")
    with server.database(filled=False) as url:
        yield url


@pytest.fixture
def other_program(empty_url: str) -> OtherProgram:
    """Writes to the empty database without us."""

    async def execute(sql: str) -> None:
        url = make_url(empty_url)
        if url.get_backend_name() == "sqlite":
            file = Path(str(url.database))
            file.parent.mkdir(exist_ok=True)
            with closing(sqlite3.connect(file)) as connection:
                connection.execute(sql)
                connection.commit()
        else:
            connection = await asyncpg.connect(user="postgres", database=url.database, host=url.query["host"])
            await connection.execute(sql)
            await connection.close()

    return execute


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, server="telegram.org")
    yield database
    await database.close()


@pytest.fixture
def jobs(database: Database) -> JobStore:
    return JobStore(database)


@pytest.fixture
def progress(database: Database) -> ProgressStore:
    return ProgressStore(database)


@pytest.fixture
def accounts(database: Database) -> AccountStore:
    return AccountStore(database)


@pytest.fixture
async def account(accounts: AccountStore) -> Account:
    return await accounts.add(owner_id=7, user_id=7007, name="Ada", sealed_session=b"sealed")
