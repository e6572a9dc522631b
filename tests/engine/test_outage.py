"""The database in trouble, for real: nothing more is sent than one step, and the job goes on by itself."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from domain.job import JobStatus
from engine.events import DatabaseBack, DatabaseLost
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import compared

FORWARD = "messages.forwardMessages"
ROOM = 16_384  # bytes


@contextmanager
def disk_that_takes_no_more() -> Iterator[None]:
    """The system itself lets no file of this process grow, the write-ahead log of the database for one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_stops_the_sending_and_room_lets_it_go_on(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 3_000)
    third = Fault(FORWARD, "hold_before", skip=2)
    stage.rig.world.faults.append(third)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await third.hit.wait()
        with disk_that_takes_no_more():
            third.release()
            await engine.heard(DatabaseLost)
            sent = _sent(stage)
            assert sent < 30
            await asyncio.sleep(0.4)  # time enough for the rest, if anything were sent
            assert _sent(stage) == sent
        await engine.until(job, JobStatus.COMPLETED)
        assert len([event for event in engine.seen if isinstance(event, DatabaseLost)]) == 1
        assert len([event for event in engine.seen if isinstance(event, DatabaseBack)]) == 1
        assert compared(stage.rig, stage.source, stage.target).same


def _sent(stage: Stage) -> int:
    return [call for call, _ in stage.rig.world.calls].count(FORWARD)


async def test_a_job_killed_during_an_outage_goes_on_from_what_was_written(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 3_000)
    third = Fault(FORWARD, "hold_before", skip=2)
    stage.rig.world.faults.append(third)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await third.hit.wait()
        with disk_that_takes_no_more():
            third.release()
            await engine.heard(DatabaseLost)
            await engine.die()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same


async def test_a_lock_that_another_program_holds_is_waited_for(stage: Stage) -> None:
    """A backup, say, that keeps the file longer than SQLite waits by itself."""
    stage.rig.post(stage.source, stage.owner, 300)
    second = Fault(FORWARD, "hold_before", skip=1)
    stage.rig.world.faults.append(second)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await second.hit.wait()
        other = sqlite3.connect(stage.folder / "ferry.db", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            second.release()
            await engine.heard(DatabaseLost)
            other.execute("ROLLBACK")
        finally:
            other.close()
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
