"""A sandbox with an owner, a source and a target; each test posts what it needs."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.testing import Rig
from sandbox.world import Channel, User
from storage.database import Database
from tests.engine.workbench import Engine


@dataclass
class Stage:
    rig: Rig
    owner: User
    source: Channel
    target: Channel
    folder: Path

    def engine(self, **options: object) -> Engine:
        return Engine(self.rig, self.folder, **options)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with our empty tables: to make them anew for each test would cost more than many a test."""
    file = tmp_path_factory.mktemp("tables") / "ferry.db"
    database = await Database.open(f"sqlite+aiosqlite:///{file}", server="sandbox:test")
    await database.close()
    return file


@pytest.fixture
async def stage(tmp_path: Path, tables: Path) -> AsyncIterator[Stage]:
    shutil.copy(tables, tmp_path)
    async with Rig() as rig:
        owner = rig.world.add_user("Wei", phone="15550001", username="wei")
        source = rig.world.add_channel("Source", owner)
        target = rig.world.add_channel("Copy", owner)
        yield Stage(rig, owner, source, target, tmp_path)
