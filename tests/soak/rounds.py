"""The two rounds of a soak: killing a few large jobs over and over, and the whole fault matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from sandbox.compare import Comparison
from sandbox.world.random_ids import FORGOTTEN, MODES
from tests.soak.mischief import RandomMischief
from tests.system.cells import Verdict, judged
from tests.system.company import Company
from tests.system.copies import Copy, prepare
from tests.system.engine_child import Standing
from tests.system.kills import Kill, Killer
from tests.system.lives import Lives
from tests.system.matrix import CELLS, Trouble
from tests.system.stage import Stage

#: Five jobs at once; where Telegram remembers nothing it is hardest.
MODES_OF_JOBS = (*MODES, FORGOTTEN)
TOLD_EVERY = 10  # kills, or cells
AT_ONCE = 60  # cells
FINISH = 600.0  # seconds for what the kills have left over

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    copy: Copy
    standing: Standing
    found: Comparison

    @property
    def problem(self) -> str:
        copy, standing = self.copy, self.standing
        if standing.status != "completed":
            return f"{copy.title}: {standing.status}: {standing.failure}"
        if problem := copy.problem(self.found, at_the_end=True):
            return problem
        if standing.copied != self.found.copied:
            return f"{copy.title}: the job counts {standing.copied}, there are {self.found.copied}"
        return ""


@dataclass(frozen=True, slots=True)
class Killed:
    """What came of the kills. `met` counts the calls that met other trouble."""

    wanted: int
    copies: list[Copied]
    moments: Counter[str]
    met: Counter[Trouble]
    on_the_way: list[str]  # found by the comparisons after each kill

    @property
    def problems(self) -> list[str]:
        came = self.moments.total()
        few = [f"only {came} of {self.wanted} kills came before the end"] if came < self.wanted else []
        return few + self.on_the_way + [copy.problem for copy in self.copies if copy.problem]


async def kill_round(
    stage: Stage, folder: Path, *, kills: int, messages: int, random: Random, tell: Tell
) -> Killed:
    control, owner = stage.control, stage.owner
    seed = random.randrange(1_000_000)
    copies = await prepare(control, owner=owner.id, modes=MODES_OF_JOBS, messages=messages, seed=seed)
    mischief, company, began = RandomMischief(random), Company(copies, random), monotonic()

    def told(kill: Kill) -> None:
        if kill.number % TOLD_EVERY == 0:
            left = (monotonic() - began) / kill.number * (kills - kill.number)
            ends = datetime.now() + timedelta(seconds=left)
            tell(f"{kill.number} kills, {kill.left:,} messages left; the last kill at about {ends:%H:%M:%S}")

    async with Lives(folder, stage.info.settings()) as lives:
        killer = Killer(
            control=control,
            lives=lives,
            copies=copies,
            random=random,
            mischief=[mischief, company],
            told=told,
        )
        jobs = await killer.order(owner.id, owner.session)
        await killer.kill(kills)
        tell("the rest without kills")
        await mischief.begin(control)
        await control.set_latency(0)
        life = await lives.start()
        standings = [await life.until_it_rests(job, FINISH) for job in jobs]
        await life.stop()
        await mischief.end(control)
        await control.clear_faults()
    tell("comparing")
    found = [await copy.compare(control) for copy in copies]
    copied = [Copied(*one) for one in zip(copies, standings, found, strict=True)]
    return Killed(kills, copied, killer.moments, mischief.met, killer.problems)


async def matrix_round(stage: Stage, folder: Path, *, tell: Tell) -> list[Verdict]:
    done: list[Verdict] = []

    def told(verdict: Verdict) -> None:
        done.append(verdict)
        if len(done) % (5 * TOLD_EVERY) == 0 or verdict.problems:
            tell(f"{len(done)} of {len(CELLS)} cells; {verdict}")

    tell(f"the fault matrix, {len(CELLS)} cells")
    folder = folder / "matrix"
    folder.mkdir()
    settings = stage.info.settings() | {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/ferry.db",
        "MAX_CONCURRENT_TASKS": str(AT_ONCE),
    }
    async with Lives(folder, settings) as lives:
        life = await lives.start(idle=True)
        verdicts = await judged(CELLS, control=stage.control, life=life, told=told)
        await life.stop()
    await stage.control.clear_faults()
    return verdicts
