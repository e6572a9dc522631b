"""Faithful copying in trouble, and killed exactly around its calls: a sample; `make soak` runs all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.system.gallery_cells import judged, killed_and_judged
from tests.system.gallery_matrix import sample
from tests.system.lives import Lives
from tests.system.stage import Stage

CELLS, KILLED = 18, 14
SEED = 4

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


@pytest_asyncio.fixture(loop_scope="session")
async def lives(sandbox: Stage, tmp_path: Path) -> AsyncIterator[Lives]:
    settings = sandbox.info.settings() | {
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/ferry.db",
        "MAX_CONCURRENT_TASKS": str(CELLS),
    }
    try:
        async with Lives(tmp_path, settings) as lives:
            yield lives
    finally:
        await sandbox.control.clear_faults()


async def test_every_call_may_fail(sandbox: Stage, lives: Lives) -> None:
    cells = sample(CELLS, Random(SEED), kills=False)
    verdicts = await judged(cells, control=sandbox.control, lives=lives)
    assert not [str(verdict) for verdict in verdicts if verdict.problems]


async def test_every_call_may_be_the_last_of_a_life(sandbox: Stage, lives: Lives) -> None:
    random = Random(SEED)
    cells = sample(KILLED, random, kills=True)
    verdicts = await killed_and_judged(cells, control=sandbox.control, lives=lives, random=random)
    assert not [str(verdict) for verdict in verdicts if verdict.problems]
