"""Which call of which kind of job meets which trouble, in one process: the cells, and what came of each."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from domain.job import Job, JobStatus
from sandbox.world import Fault
from sandbox.world.random_ids import FORGOTTEN, MODES
from tests.engine import follow_scenes as scenes
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.follow_scenes import (
    ALBUM,
    DELETE,
    EDIT,
    FORWARD,
    HISTORY,
    LOOK,
    MEDIA,
    PIN,
    SEND,
    STATE,
    TOPIC,
)

SENDS = {FORWARD, SEND, MEDIA, ALBUM}
READS = {HISTORY, LOOK}
REST = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.PAUSED)


class Kind(Enum):
    """A kind of job, its scene, and which calls it makes there how often."""

    CLONE = scenes.clone, {FORWARD: 3, SEND: 2, MEDIA: 1, ALBUM: 1, EDIT: 1, PIN: 2}
    COMMENTS = scenes.comments, {SEND: 2, MEDIA: 1, EDIT: 2}
    ADOPT = scenes.adopt, {HISTORY: 3, FORWARD: 3, SEND: 2, MEDIA: 1, ALBUM: 1, PIN: 1}
    SKIPPED = scenes.skipped_again, {FORWARD: 1, SEND: 1, MEDIA: 1}
    REPAIR = scenes.repair, {LOOK: 6, FORWARD: 1, SEND: 1, MEDIA: 1, ALBUM: 1, EDIT: 2, DELETE: 1, PIN: 1}
    FORUM = scenes.repair_of_a_forum, {TOPIC: 1, FORWARD: 1, SEND: 1, STATE: 2}
    DEDUPE = scenes.dedupe, {LOOK: 2, DELETE: 2}
    VERIFY = scenes.verify, {HISTORY: 3, LOOK: 2}

    def __init__(self, scene: Callable[[Checks], Awaitable[scenes.Scene]], calls: dict[str, int]) -> None:
        self.scene, self.calls = scene, calls


class Trouble(StrEnum):
    DROP_BEFORE = "drop before"
    DROP_AFTER = "drop after commit"
    ERROR_AFTER = "error after commit"
    SERVER_ERROR = "500"
    FLOOD = "flood"
    SLOW_MODE = "slow mode"
    DUPLICATE = "duplicate"
    OLD_REFERENCE = "old reference"
    KILL_BEFORE = "killed before"
    KILL_AFTER = "killed after commit"
    KILL_ANSWERED = "killed after the answer"
    LOCK = "database locked"
    PAUSE = "paused"
    STOP = "service stopped"


FAULTS: dict[Trouble, dict[str, Any]] = {
    Trouble.DROP_BEFORE: {"action": "drop_before"},
    Trouble.DROP_AFTER: {"action": "drop_after"},
    Trouble.ERROR_AFTER: {"action": "error_after", "code": 500, "message": "RPC_CALL_FAIL"},
    Trouble.SERVER_ERROR: {"action": "error", "code": 500, "message": "RPC_CALL_FAIL"},
    Trouble.FLOOD: {"action": "flood", "seconds": 1},
    Trouble.SLOW_MODE: {"action": "slow_mode", "seconds": 1},
    Trouble.DUPLICATE: {"action": "error", "code": 500, "message": "RANDOM_ID_DUPLICATE"},
    Trouble.OLD_REFERENCE: {"action": "error", "message": "FILE_REFERENCE_EXPIRED"},
    Trouble.KILL_BEFORE: {"action": "hold_before", "discard": True},
    Trouble.KILL_AFTER: {"action": "hold_after"},
    Trouble.KILL_ANSWERED: {"action": "after_answer"},
    Trouble.LOCK: {"action": "hold_after"},
    Trouble.PAUSE: {"action": "hold_after"},
    Trouble.STOP: {"action": "hold_after"},
}
KILLS = {Trouble.KILL_BEFORE, Trouble.KILL_AFTER, Trouble.KILL_ANSWERED}
DONE_TWICE = {Trouble.DROP_AFTER, Trouble.ERROR_AFTER, Trouble.KILL_AFTER, Trouble.KILL_ANSWERED}
LOCKED = 0.3  # seconds


@dataclass(frozen=True, slots=True)
class Cell:
    """`mode` is how Telegram remembers random ids."""

    kind: Kind
    call: str
    skip: int
    trouble: Trouble
    mode: str

    def __str__(self) -> str:
        return f"{self.kind.name.lower()} × {self.call}[{self.skip}] × {self.trouble} ({self.mode})"

    @property
    def makes_sense(self) -> bool:
        """Where nothing is remembered by random ids, one mode will do."""
        names = self.call in SENDS | {TOPIC}
        match self.trouble:
            case Trouble.SLOW_MODE:
                fits = self.call in SENDS
            case Trouble.DUPLICATE:
                fits = names
            case Trouble.OLD_REFERENCE:
                fits = self.call in (MEDIA, ALBUM)
            case Trouble.KILL_AFTER if names:
                return True
            case trouble if trouble in DONE_TWICE:
                return self.call not in READS and self.mode == (FORGOTTEN if names else MODES[0])
            case _:
                fits = True
        return fits and self.mode == MODES[0]


CELLS = [
    cell
    for kind, trouble, mode in product(Kind, Trouble, MODES)
    for call, times in kind.calls.items()
    for skip in sorted({0, times - 1})
    if (cell := Cell(kind, call, skip, trouble, mode)).makes_sense
]


def sample(size: int, random: Random) -> list[Cell]:
    """Every call of each kind and every trouble about as often as any other."""
    left, chosen = random.sample(CELLS, len(CELLS)), list[Cell]()
    while len(chosen) < size:
        calls, troubles = [(c.kind, c.call) for c in chosen], [c.trouble for c in chosen]
        chosen.append(min(left, key=lambda c: calls.count((c.kind, c.call)) + troubles.count(c.trouble)))
        left.remove(chosen[-1])
    return chosen


async def problems_of(cell: Cell, stage: Stage) -> list[str]:
    """What is wrong with how it ends; `stage` is the cell's alone."""
    fault = Fault(cell.call, skip=cell.skip, **FAULTS[cell.trouble])
    async with checks(stage) as bench:
        scene = await cell.kind.scene(bench)
        stage.rig.world.random_ids.mode = cell.mode
        job = await bench.engine.service.order(scene.order, asker=bench.asker)
        stage.rig.world.faults.append(fault)  # before it has made a call
        if cell.trouble not in KILLS | {Trouble.STOP}:
            return await _in_one_life(cell, bench, scene, job, fault)
        async with asyncio.timeout(15):
            await fault.hit.wait()
        if cell.trouble is Trouble.STOP:
            stopping = asyncio.create_task(bench.engine.dispatcher.stop())
            await asyncio.sleep(0)
            fault.release()
            await stopping
        else:
            await bench.engine.die()
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        return await _judged(scene, Checks(stage, engine), job)


async def _in_one_life(cell: Cell, bench: Checks, scene: scenes.Scene, job: Job, fault: Fault) -> list[str]:
    if cell.trouble in (Trouble.LOCK, Trouble.PAUSE):
        async with asyncio.timeout(15):
            await fault.hit.wait()
        if cell.trouble is Trouble.LOCK:
            await _locked(bench.stage.folder, fault)
        else:
            await bench.engine.service.pause((await _running(bench, job)).id, asker=bench.asker)
            fault.release()
            for paused in await bench.engine.jobs.list(statuses=[JobStatus.PAUSED]):
                await bench.engine.service.resume(paused.id, asker=bench.asker)
    return await _judged(scene, bench, job) + ([] if fault.hits else ["the fault met no call"])


async def _running(bench: Checks, job: Job) -> Job:
    """That one, or the comments' job after it."""
    (running,) = await bench.engine.jobs.list(statuses=[JobStatus.RUNNING])
    return running


async def _locked(folder: Path, fault: Fault) -> None:
    """The answer comes while another program holds SQLite's lock."""
    other = sqlite3.connect(folder / "ferry.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        fault.release()
        await asyncio.sleep(LOCKED)
    finally:
        other.close()


async def _judged(scene: scenes.Scene, bench: Checks, job: Job) -> list[str]:
    job = await bench.engine.until(job, *REST)
    if job.status is not JobStatus.COMPLETED:
        return [f"{job.status} {job.pause_reason}: {job.failure}"]
    return await scene.judge(bench, job)
