"""kill -9 between any two instructions: what was promised is there, and it fits together."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from domain.job import JobStatus
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from storage.progress import ProgressStore
from tests.storage.orders import order

ROOT = Path(__file__).parents[2]

#: Takes the job up and copies without end; says each step's number once it is written.
COPY = """
import asyncio, itertools, sys
from datetime import UTC, datetime
from domain.checkpoint import Checkpoint
from domain.job import Progress
from storage.database import Database
from storage.jobs import JobStore
from storage.progress import ProgressStore
from tests.storage.orders import step

async def main():
    database = await Database.open(sys.argv[1], server="telegram.org")
    await JobStore(database).recover()
    job = await JobStore(database).claim(now=datetime.now(UTC), max_user=1, max_total=1)
    for number in itertools.count(job.progress.step_number + 1):
        copied = tuple((item.source_id, item.source_id * 2) for item in step(number, 100).items)
        progress = Progress(offset_id=copied[-1][0], step_number=number, copied=100 * number)
        await ProgressStore(database).checkpoint(
            Checkpoint(job_id=job.id, generation=job.generation, progress=progress, copied=copied,
                       step=step(number + 1, 100)))
        print(number, flush=True)

asyncio.run(main())
"""


async def copy_until_killed(url: str, steps: int) -> int:
    """The last step that the process said was written."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", COPY, url, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    for _ in range(steps):
        assert await asyncio.wait_for(process.stdout.readline(), 20)
    process.kill()
    told, _ = await process.communicate()
    return int((told.split() or [b"0"])[-1])


async def test_killed_and_killed_again(url: str) -> None:
    database = await Database.open(url, server="telegram.org")
    await AccountStore(database).add(owner_id=7, user_id=7, name="", sealed_session=b"")
    job = await JobStore(database).add(order())
    await database.close()
    reached = 0
    for steps in (1, 7, 40):
        said = await copy_until_killed(url, steps)
        database = await Database.open(url, server="telegram.org")
        try:
            known = await JobStore(database).get(job.id)
            in_flight = await ProgressStore(database).step_in_flight(job.id)
            copied = await ProgressStore(database).map.count(job.id)
        finally:
            await database.close()
        assert known is not None and in_flight is not None
        assert known.status is JobStatus.RUNNING
        assert known.progress.step_number >= max(said, reached + steps), "a step that was told of is gone"
        assert copied == known.progress.copied == 100 * known.progress.step_number
        assert in_flight.number == known.progress.step_number + 1
        reached = known.progress.step_number
