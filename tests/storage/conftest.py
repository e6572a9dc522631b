"""Real SQLite files, one for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.account import Account
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from storage.progress import ProgressStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/ferry.db"


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
