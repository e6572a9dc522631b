"""The autosave and the barrier: both absolute, neither backwards, and what memory knows is what is shown."""

from __future__ import annotations

from dataclasses import replace

from domain.checkpoint import Checkpoint
from engine.events import JobAdvanced
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine


async def begun(stage: Stage, engine: Engine):
    await engine.log_in(stage.owner)
    job = await engine.order(stage.owner, stage.source, stage.target)
    engine.state.begin(job)
    return job


async def test_what_was_counted_is_saved_by_the_next_autosave(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await begun(stage, engine)
        engine.state.counted(job.id, 4711)
        assert engine.state.live(job).progress.total == 4711
        assert (await engine.jobs.get(job.id)).progress.total == 1
        await engine.state.autosave()
        assert (await engine.jobs.get(job.id)).progress.total == 4711


async def test_many_jobs_are_saved_in_groups(stage: Stage) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        jobs = []
        for number in range(23):
            target = stage.rig.world.add_channel(f"Copy {number}", stage.owner)
            jobs.append(await engine.order(stage.owner, stage.source, target))
            engine.state.begin(jobs[-1])
            engine.state.counted(jobs[-1].id, 100 + number)
        await engine.state.autosave()
        saved = [(await engine.jobs.get(job.id)).progress.total for job in jobs]
        assert saved == [100 + number for number in range(23)]


async def test_a_barrier_writes_at_once_and_tells(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await begun(stage, engine)
        progress = replace(job.progress, offset_id=5, step_number=1, copied=4)
        await engine.state.barrier(
            Checkpoint(job_id=job.id, generation=job.generation, progress=progress, copied=((2, 9),))
        )
        assert (await engine.jobs.get(job.id)).progress == progress
        assert engine.seen[-1] == JobAdvanced(job.id, progress)
        assert engine.state.live(job).progress == progress


async def test_an_autosave_never_goes_back_behind_a_barrier(stage: Stage) -> None:
    async with stage.engine() as engine:
        job = await begun(stage, engine)
        ahead = replace(job.progress, offset_id=50, step_number=3, copied=40)
        await engine.store.checkpoint(Checkpoint(job_id=job.id, generation=job.generation, progress=ahead))
        engine.state.counted(job.id, 4711)  # memory still stands at step 0
        await engine.state.autosave()
        assert (await engine.jobs.get(job.id)).progress == ahead
