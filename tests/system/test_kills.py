"""kill -9, at random and at the worst moments, under every memory of random ids that Telegram may have.

Meanwhile other people post in the targets and delete in the sources, and some messages may not be copied.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from sandbox.world.random_ids import MODES
from tests.system.company import Company
from tests.system.copies import prepare
from tests.system.kills import AT_RANDOM, MOMENTS, Killer
from tests.system.lives import Lives
from tests.system.stage import Stage

KILLS = 24
MESSAGES = 1200  # in each of the jobs, which all run at once
SEED = 31

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_killed_over_and_over_nothing_is_lost_doubled_or_out_of_order(
    sandbox: Stage, tmp_path: Path
) -> None:
    control, owner, random = sandbox.control, sandbox.owner.id, Random(SEED)
    copies = await prepare(control, owner=owner, modes=MODES, messages=MESSAGES, seed=SEED)
    settings = sandbox.info.settings() | {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/ferry.db"}
    try:
        async with Lives(tmp_path, settings) as lives:
            killer = Killer(
                control=control, lives=lives, copies=copies, random=random, mischief=[Company(copies, random)]
            )
            jobs = await killer.order(owner, await control.session(owner))
            assert await killer.kill(KILLS) == KILLS
            assert not killer.problems
            assert set(killer.moments) == {AT_RANDOM, *(" ".join(moment) for moment in MOMENTS)}
            await control.set_latency(0)
            life = await lives.start()
            for job, copy in zip(jobs, copies, strict=True):
                ended = await life.until_it_rests(job, 30)
                assert ended.status == "completed", (copy.mode, ended)
                found = await copy.compare(control)
                assert not copy.problem(found, at_the_end=True)
                assert ended.copied == found.copied, copy.mode
            await life.stop()
    finally:
        await control.set_latency(0)
        await control.clear_faults()
    assert sum(copy.guests_posts for copy in copies), "nobody else wrote anything"
