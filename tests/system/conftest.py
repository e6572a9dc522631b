"""One sandbox for all tests of a process, as it takes seconds; for each test a database with an account."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.system.stage import Stage
from tests.system.terminal import Terminal


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("sandbox"), jobs=1, messages=1) as stage:
        yield stage


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def logged_in(sandbox: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database in which the sandbox's person is the operator's account."""
    terminal = _terminal(sandbox, tmp_path_factory.mktemp("account"))
    added = await terminal.run("account", "add", stdin=sandbox.owner.session)
    assert added.code == 0, added.err
    return terminal.folder


@pytest_asyncio.fixture(loop_scope="session")
async def terminal(sandbox: Stage, logged_in: Path, tmp_path: Path) -> AsyncIterator[Terminal]:
    """Without a bot's token: `having(BOT_TOKEN=…)` gives it one."""
    shutil.copytree(logged_in, tmp_path, dirs_exist_ok=True)
    yield _terminal(sandbox, tmp_path)
    await sandbox.control.clear_faults()


def _terminal(sandbox: Stage, folder: Path) -> Terminal:
    settings = {name: value for name, value in sandbox.info.settings().items() if name != "BOT_TOKEN"}
    return Terminal(folder, {**settings, "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/ferry.db"})
