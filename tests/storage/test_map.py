"""The map's rows, however many come at once."""

from __future__ import annotations

import pytest

from domain.account import Account
from domain.checkpoint import Checkpoint
from storage.jobs import JobStore
from storage.message_map import MAP_ROWS
from storage.progress import ProgressStore
from tests.storage.orders import running


@pytest.mark.parametrize("count", [1, 100, MAP_ROWS, MAP_ROWS + 1, 2 * MAP_ROWS + 7])
async def test_every_copy_stands_in_the_map(
    count: int, jobs: JobStore, progress: ProgressStore, account: Account
) -> None:
    job = await running(jobs)
    copied = tuple((source, 2**50 + source) for source in range(1, count + 1))
    written = Checkpoint(job_id=job.id, generation=job.generation, progress=job.progress, copied=copied)
    for _ in range(2):  # the second time changes nothing
        await progress.checkpoint(written)
        assert await progress.map.count(job.id) == count
    for source, target in (copied[0], copied[-1]):
        assert await progress.map.targets(job.id, [source]) == {source: target}
