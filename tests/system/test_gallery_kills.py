"""kill -9 while the gallery is copied: nothing of it is lost, doubled, out of order or different."""

from __future__ import annotations

import itertools
from pathlib import Path
from random import Random

import pytest

from tests.system.gallery_kills import GalleryKiller
from tests.system.lives import Lives
from tests.system.stage import Stage

KILLS = 5
SEED = 2

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_the_gallery_comes_through_kills(sandbox: Stage, tmp_path: Path) -> None:
    control, random = sandbox.control, Random(SEED)
    user = await control.add_user("Curator")
    gallery = await control.build_gallery(user.id)
    settings = sandbox.info.settings() | {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/ferry.db"}
    try:
        async with Lives(tmp_path, settings) as lives:
            killer = GalleryKiller(control=control, lives=lives, random=random)
            for turn in itertools.count():  # a quick machine may have copied all of it after a few
                left = KILLS - killer.moments.total()
                if left <= 0:
                    break
                await killer.copy(gallery, user.session, turn=turn, times=left)
    finally:
        await control.set_latency(0)
        await control.clear_faults()
    assert not killer.problems
