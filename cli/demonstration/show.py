"""The demo from its first line to its last: orders, copying with mishaps, comparison, verdict."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
from pathlib import Path

from cli.demonstration.calls import Calls
from cli.demonstration.failure import DemoFailed, NoPlaceForReport, Obstacle
from cli.demonstration.mishaps import Mishaps
from cli.demonstration.orders import greet, order_all
from cli.demonstration.report import JobResult, Report
from cli.demonstration.screen import Screen, screen
from cli.demonstration.stage import Plan, Stage, stage
from cli.demonstration.verdict import closing_words, results_table
from cli.demonstration.watching import Watcher, in_motion
from cli.endings import DONE, FAILED
from domain.job import Job

LOOK_EVERY = 0.5  # seconds
LOG = "demo.log"


async def show(plan: Plan) -> int:
    """The exit code: 0 only when every job is complete, the copies are true, and no calls were wasted.

    Raises DemoFailed when the demo itself could not be carried out.
    """
    _check_place_for(plan.report)
    folder = Path(tempfile.mkdtemp(prefix="ferry-demo-"))
    keep = True
    logging.basicConfig(
        filename=folder / LOG, force=True
    )  # Telethon's complaints do not belong on the screen
    try:
        with screen() as shown:
            async with stage(plan, folder, shown) as ready:
                report = await _perform(plan, ready, shown)
                report.write(plan.report)
                shown.clear()
                shown.print(results_table(report, width=shown.width))
                for line in closing_words(report, plan.report, folder):
                    shown.print(line)
        keep = not report.is_faultless
        return DONE if report.is_faultless else FAILED
    except asyncio.CancelledError:
        keep = False  # somebody has seen enough
        raise
    except Exception as error:
        logging.exception("the demo ended")
        raise DemoFailed(problem=_problem(error), folder=folder) from error
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


async def _perform(plan: Plan, ready: Stage, shown: Screen) -> Report:
    await greet(ready, shown)
    watcher = Watcher(ready.jobs)
    mishaps = Mishaps(plan=plan, stage=ready, watcher=watcher, screen=shown)
    await mishaps.prepare()
    before = await ready.calls()
    async with asyncio.TaskGroup() as group:
        group.create_task(mishaps.happen())
        jobs = await _copy(ready, watcher, mishaps, shown)
    shown.tell("All jobs have ended. Comparing source and target, message by message, in the sandbox itself")
    calls = Calls.of(
        before=before,
        after=await ready.calls(),
        jobs=[await ready.control.fewest_calls(pair.source) for pair in ready.info.pairs],
        kills=len(mishaps.clock.down),
        waits=len(mishaps.clock.waits),
    )
    results = await compare(ready, jobs)
    began = min(job.created_at for job in jobs).timestamp()
    ended = max((job.finished_at or job.created_at).timestamp() for job in jobs)
    clock, within = mishaps.clock, (began, ended)
    return Report(
        jobs=results,
        killed_at=mishaps.killed_at,
        resumed_from={job.id: job.resumed_from for job in jobs if job.resumed_from is not None},
        copying_seconds=clock.seconds_copying(within),
        seconds_down=clock.seconds_down(within),
        seconds_told_to_wait=clock.seconds_waited(within),
        calls=calls,
        seed=plan.seed,
    )


async def _copy(ready: Stage, watcher: Watcher, mishaps: Mishaps, shown: Screen) -> list[Job]:
    """Orders all jobs and watches until none of them will move any more; how they ended, first one first."""
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_watch(ready, watcher, mishaps, shown))
        await order_all(ready, ready.info.pairs, shown)
        mishaps.ordered.set()
    return watching.result()


async def _watch(ready: Stage, watcher: Watcher, mishaps: Mishaps, shown: Screen) -> list[Job]:
    while True:
        ready.check()
        scene = await watcher.look(standstill=mishaps.standstill)
        shown.show(scene)
        jobs = [row.job for row in scene.rows]
        if mishaps.ordered.is_set() and not in_motion(jobs):
            mishaps.over.set()
            return jobs
        await asyncio.sleep(LOOK_EVERY)


async def compare(ready: Stage, jobs: list[Job]) -> list[JobResult]:
    """`jobs` in the order of the pairs. Ferry is not asked: the sandbox knows what stands where."""
    results = []
    for job, pair in zip(jobs, ready.info.pairs, strict=True):
        found = await ready.control.compare(pair.source, pair.target)
        results.append(JobResult.of(job, pair, found))
    return results


def _check_place_for(report: Path) -> None:
    """Better now than after a minute."""
    if not os.access(report if report.exists() else report.absolute().parent, os.W_OK):
        raise NoPlaceForReport(path=report)


def _problem(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, Obstacle):
        return str(error)
    return f"The demo could not go on: {str(error) or type(error).__name__}".rstrip(".")
