"""kill -9, at random and at the worst moments, under every memory of random ids that Telegram may have."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from sandbox.world.random_ids import MODES
from tests.system.kills import AT_RANDOM, MOMENTS, Killer
from tests.system.lives import Lives
from tests.system.stage import Stage

KILLS = 24
MESSAGES = 1000  # in each of the jobs, which all run at once
SEED = 31

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_killed_over_and_over_nothing_is_lost_doubled_or_out_of_order(
    sandbox: Stage, tmp_path: Path
) -> None:
    control, owner = sandbox.control, sandbox.owner
    pairs = await control.build(jobs=len(MODES), messages=MESSAGES, seed=SEED)
    for pair, mode in zip(pairs, MODES, strict=True):
        await control.set_random_id_mode(mode, pair.target)
    settings = sandbox.info.settings() | {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/ferry.db"}
    async with Lives(tmp_path, settings) as lives:
        missing = [(await control.compare(pair.source, pair.target)).missing.count for pair in pairs]
        killer = Killer(control=control, lives=lives, pairs=pairs, messages=sum(missing), random=Random(SEED))
        jobs = await killer.order(owner.id, await control.session(owner.id))
        assert await killer.kill(KILLS) == KILLS
        assert not killer.problems
        assert set(killer.moments) == {AT_RANDOM, *(" ".join(moment) for moment in MOMENTS)}
        await control.set_latency(0)
        life = await lives.start()
        for job, pair, mode in zip(jobs, pairs, MODES, strict=True):
            ended = await life.until_it_rests(job, 30)
            assert ended.status == "completed", (mode, ended)
            found = await control.compare(pair.source, pair.target)
            assert found.same, (mode, found)
            assert ended.copied == found.copied, mode
        await life.stop()
