"""A sample of the fault matrix; `make soak` runs all of it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.system.cells import judged
from tests.system.lives import Lives
from tests.system.matrix import sample
from tests.system.stage import Stage

CELLS = 28
SEED = 5

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_whatever_happens_nothing_is_lost_and_the_job_says_how_it_stands(
    sandbox: Stage, tmp_path: Path
) -> None:
    settings = sandbox.info.settings() | {
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/ferry.db",
        "MAX_CONCURRENT_TASKS": str(CELLS),
    }
    try:
        async with Lives(tmp_path, settings) as lives:
            life = await lives.start(idle=True)
            verdicts = await judged(sample(CELLS, Random(SEED)), control=sandbox.control, life=life)
            await life.stop()
    finally:
        await sandbox.control.clear_faults()
    assert not [str(verdict) for verdict in verdicts if verdict.problems]
