"""Real jobs, and a child that takes real memory: who pauses, who goes on, and how they come back."""

from __future__ import annotations

import gc
import sqlite3
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from domain.asker import Asker
from domain.job import Job, JobStatus, PauseReason, Priority
from domain.memory import MemoryLevel
from engine.events import Events, MemoryChanged
from engine.memory_gauge import MemoryGauge
from engine.memory_level import CALM, Levels, Thresholds
from engine.memory_optimizer import MemoryOptimizer, give_memory_back
from sandbox.world import Channel, Fault
from storage.database import Database
from storage.jobs import JobStore
from tests.engine.ballast import Ballast
from tests.engine.checking_stage import Checks
from tests.engine.conftest import Stage
from tests.engine.follow_scenes import repair
from tests.engine.workbench import Engine, compared

FORWARD = "messages.forwardMessages"


class Squeeze:
    """A limit of which this process and its children take two fifths, and a ballast for what is above."""

    def __init__(self, ballast: Ballast, nowhere: Path) -> None:
        self._ballast, self._nowhere, self.now = ballast, nowhere, 0.0  # the clock, in seconds
        self.limit = self._in_use() * 5 // 2

    def optimizer(self, jobs: JobStore, events: Events, *caches: Callable[[], None]) -> MemoryOptimizer:
        return MemoryOptimizer(
            gauge=self._gauge(self.limit),
            levels=Levels(Thresholds()),
            jobs=jobs,
            events=events,
            caches=caches,
            clock=lambda: self.now,
        )

    def to(self, percent: int) -> None:
        """About that much of the limit is in use afterwards."""
        self._ballast.take(0)
        self._ballast.take(max(0, self.limit * percent // 100 - self._in_use()))

    def _in_use(self) -> int:
        return self._gauge(1).read_now().used

    def _gauge(self, limit: int) -> MemoryGauge:
        return MemoryGauge(limit=limit, membership=self._nowhere, mount=self._nowhere)

    async def relax(self, memory: MemoryOptimizer) -> None:
        """Until one level less; the seconds of calm are not waited for."""
        self._ballast.take(0)
        level = memory.level
        for _ in range(3):
            self.now += CALM
            await memory.look()
            if memory.level < level:
                return
        raise AssertionError(f"still {memory.level.name} at {memory.reading}")


@pytest.fixture
def squeeze(tmp_path: Path) -> Iterator[Squeeze]:
    with Ballast() as ballast:
        yield Squeeze(ballast, tmp_path / "no control groups")


async def ordered(stage: Stage, engine: Engine, priority: Priority) -> tuple[Job, Channel]:
    target = stage.rig.world.add_channel(f"Copy, {priority.word}", stage.owner)
    job = await engine.order(stage.owner, stage.source, target)
    return await engine.jobs.set_priority(job.id, priority, who=None), target


def changes(engine: Engine) -> list[tuple[MemoryLevel, tuple[int, ...], tuple[int, ...]]]:
    told = [event for event in engine.seen if isinstance(event, MemoryChanged)]
    return [(event.level, event.paused, event.resumed) for event in told]


async def test_jobs_pause_by_priority_and_come_back_the_highest_first(stage: Stage, squeeze: Squeeze) -> None:
    stage.rig.post(stage.source, stage.owner, 1_500)
    slowly = Fault(FORWARD, "delay", seconds=0.2, times=10_000)
    stage.rig.world.faults.append(slowly)
    async with stage.engine(memory=squeeze.optimizer) as engine:
        memory = engine.memory
        await engine.log_in(stage.owner)
        orders = [await ordered(stage, engine, priority) for priority in Priority]
        (low, _), (normal, _), (high, _), (urgent, _) = orders
        await memory.look()
        engine.start()
        for job, _ in orders:
            await engine.when(job, lambda now: now.progress.copied >= 100)
        for percent in (75, 85, 95):
            squeeze.to(percent)
            await memory.look()
        for job in (low, normal, high):
            assert (await engine.until(job, JobStatus.PAUSED)).pause_reason is PauseReason.MEMORY
        assert (await engine.until(urgent, JobStatus.RUNNING)).progress.copied < 1_500
        stage.rig.world.faults.remove(slowly)
        await engine.until(urgent, JobStatus.COMPLETED)
        for _ in range(4):
            await squeeze.relax(memory)
        for job, target in orders:
            await engine.until(job, JobStatus.COMPLETED)
            assert compared(stage.rig, stage.source, target).same
        assert changes(engine) == [
            (MemoryLevel.WARNING, (low.id,), ()),
            (MemoryLevel.CRITICAL, (normal.id,), ()),
            (MemoryLevel.EMERGENCY, (high.id,), ()),
            (MemoryLevel.CRITICAL, (), (high.id,)),
            (MemoryLevel.WARNING, (), (normal.id,)),
            (MemoryLevel.CLEANUP, (), (low.id,)),
            (MemoryLevel.NORMAL, (), ()),
        ]


async def test_a_repair_pauses_and_goes_on_like_a_copy(stage: Stage, squeeze: Squeeze) -> None:
    async with stage.engine(memory=squeeze.optimizer) as engine:
        await engine.log_in(stage.owner)
        engine.start()
        bench = Checks(stage, engine)
        scene = await repair(bench)
        held = Fault("messages.sendMedia", "hold_after")
        stage.rig.world.faults.append(held)
        job = await engine.service.order(replace(scene.order, priority=Priority.LOW), asker=bench.asker)
        await held.hit.wait()
        squeeze.to(75)
        await engine.memory.look()
        held.release()
        assert (await engine.until(job, JobStatus.PAUSED)).pause_reason is PauseReason.MEMORY
        while engine.memory.level is not MemoryLevel.NORMAL:
            await squeeze.relax(engine.memory)
        assert await scene.judge(bench, await engine.until(job, JobStatus.COMPLETED)) == []


async def test_a_restart_resumes_what_memory_paused_and_nothing_that_a_person_did(
    stage: Stage, squeeze: Squeeze
) -> None:
    stage.rig.post(stage.source, stage.owner, 10)
    async with stage.engine(memory=squeeze.optimizer) as engine:
        memory = engine.memory
        await engine.log_in(stage.owner)
        low, _ = await ordered(stage, engine, Priority.LOW)
        normal, _ = await ordered(stage, engine, Priority.NORMAL)
        by_hand, _ = await ordered(stage, engine, Priority.LOW)
        await engine.service.pause(by_hand.id, asker=Asker(stage.owner.id))
        squeeze.to(85)
        await memory.look()
        assert changes(engine) == [(MemoryLevel.CRITICAL, (low.id, normal.id), ())]
    async with stage.engine(memory=squeeze.optimizer) as engine:
        memory = engine.memory
        squeeze.to(75)
        await memory.look()
        assert changes(engine) == [(MemoryLevel.WARNING, (), (normal.id,))]
        await squeeze.relax(memory)
        engine.start()
        for job in (low, normal):
            await engine.until(job, JobStatus.COMPLETED)
        left = await engine.until(by_hand, JobStatus.PAUSED)
        assert left.pause_reason is PauseReason.OWNER


async def test_a_job_ordered_or_resumed_by_hand_under_pressure_waits(stage: Stage, squeeze: Squeeze) -> None:
    stage.rig.post(stage.source, stage.owner, 10)
    async with stage.engine(memory=squeeze.optimizer) as engine:
        memory = engine.memory
        await engine.log_in(stage.owner)
        squeeze.to(75)
        await memory.look()
        assert (memory.min_priority, memory.read_ahead) == (Priority.NORMAL, False)
        low, target = await ordered(stage, engine, Priority.LOW)
        await memory.look()
        assert (await engine.until(low, JobStatus.PAUSED)).pause_reason is PauseReason.MEMORY
        await engine.service.resume(low.id, asker=Asker(stage.owner.id))
        await memory.look()
        await engine.until(low, JobStatus.PAUSED)
        await squeeze.relax(memory)
        assert (memory.min_priority, memory.read_ahead) == (Priority.LOW, True)
        engine.start()
        await engine.until(low, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, target).same


async def test_under_pressure_no_job_starts_that_would_have_to_stop(stage: Stage, squeeze: Squeeze) -> None:
    stage.rig.post(stage.source, stage.owner, 10)
    async with stage.engine(memory=squeeze.optimizer) as engine:
        await engine.log_in(stage.owner)
        squeeze.to(75)
        await engine.memory.look()
        low, _ = await ordered(stage, engine, Priority.LOW)
        normal, _ = await ordered(stage, engine, Priority.NORMAL)
        engine.start()
        await engine.until(normal, JobStatus.COMPLETED)
        assert (await engine.until(low, JobStatus.PENDING)).generation == 0  # never claimed
        await squeeze.relax(engine.memory)
        await engine.until(low, JobStatus.COMPLETED)


async def test_what_a_broken_database_prevented_is_made_up_for(stage: Stage, squeeze: Squeeze) -> None:
    stage.rig.post(stage.source, stage.owner, 10)
    async with stage.engine(memory=squeeze.optimizer) as engine:
        memory = engine.memory
        await engine.log_in(stage.owner)
        low, _ = await ordered(stage, engine, Priority.LOW)
        squeeze.to(75)
        async with _locked(engine.database, stage.folder):
            await memory.look()
        assert memory.min_priority is Priority.NORMAL
        await engine.until(low, JobStatus.PENDING)
        await memory.look()
        await engine.until(low, JobStatus.PAUSED)
        squeeze.to(0)
        await memory.look()
        squeeze.now += CALM
        async with _locked(engine.database, stage.folder):
            await memory.look()
        assert memory.min_priority is Priority.LOW
        await engine.until(low, JobStatus.PAUSED)
        await memory.look()
        await engine.until(low, JobStatus.PENDING)


async def test_garbage_and_caches_go_before_any_job_has_to(stage: Stage, squeeze: Squeeze) -> None:
    class Litter:
        pass

    def litter() -> weakref.ref[Litter]:
        one = Litter()
        one.itself = one
        return weakref.ref(one)

    cache = {"chat": "title"}
    async with stage.engine() as engine:
        memory = squeeze.optimizer(engine.jobs, engine.events, cache.clear)
        gc.disable()
        try:
            left = litter()
            await memory.look()
            assert left() and cache
            squeeze.to(65)
            await memory.look()
            assert not left() and not cache
        finally:
            gc.enable()
        assert changes(engine) == [(MemoryLevel.CLEANUP, (), ())]
        assert (memory.min_priority, memory.read_ahead) == (Priority.LOW, True)


def test_free_memory_goes_back_to_the_system() -> None:
    size, count = 2000, 40_000
    blocks = [bytes(size) for _ in range(count)]
    kept = blocks[::1000]  # freed memory below these stays with the C library until it is asked
    del blocks
    before = psutil.Process().memory_info().rss
    if not give_memory_back():
        pytest.skip("this C library has no malloc_trim, or nothing to give back")
    assert before - psutil.Process().memory_info().rss > size * count / 2
    assert len(kept) == count // 1000


@asynccontextmanager
async def _locked(database: Database, folder: Path) -> AsyncIterator[None]:
    """Another program holds the file; we don't wait long for it."""
    await database.write(lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=10").close())
    with closing(sqlite3.connect(folder / "ferry.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
