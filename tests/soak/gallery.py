"""A soak's rounds with the gallery: killed over and over, and the matrix of faithful copies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sandbox.world.random_ids import MODES
from tests.soak.mischief import RandomMischief
from tests.soak.rounds import AT_ONCE, TOLD_EVERY, Tell
from tests.system.gallery_cells import Verdict, judged, killed_and_judged
from tests.system.gallery_kills import GalleryKiller
from tests.system.gallery_matrix import CELLS
from tests.system.lives import Lives
from tests.system.matrix import Trouble
from tests.system.stage import Stage

KILLS_EACH = 14  # in one copy of the whole gallery
#: So often each cell that kills comes, in another mode of random ids each time.
TURNS = len(MODES)


@dataclass(slots=True)
class GalleryKilled:
    """`met` counts the calls that met other trouble, `galleries` the copies of all exhibits."""

    galleries: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    met: Counter[Trouble] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


async def gallery_kill_round(
    stage: Stage, folder: Path, *, kills: int, random: Random, tell: Tell
) -> GalleryKilled:
    """Clones the gallery again and again, until so many kills have come."""
    control, killed = stage.control, GalleryKilled()
    user = await control.add_user("Curator")
    gallery = await control.build_gallery(user.id)
    tell("the gallery, killed over and over")
    while killed.moments.total() < kills:
        mischief = RandomMischief(random)
        async with Lives(folder, _settings(stage, folder, f"gallery{killed.galleries}")) as lives:
            killer = GalleryKiller(control=control, lives=lives, random=random, mischief=[mischief])
            session = await control.session(user.id)
            await killer.copy(gallery, session, turn=killed.galleries, times=KILLS_EACH)
        await control.clear_faults()
        killed.galleries += 1
        killed.moments += killer.moments
        killed.met += mischief.met
        killed.problems += killer.problems
        tell(f"{killed.galleries} galleries, {killed.moments.total()} kills, {len(killed.problems)} problems")
    return killed


async def gallery_matrix_round(stage: Stage, folder: Path, *, random: Random, tell: Tell) -> list[Verdict]:
    verdicts: list[Verdict] = []

    def told(verdict: Verdict) -> None:
        verdicts.append(verdict)
        if len(verdicts) % (10 * TOLD_EVERY) == 0 or verdict.problems:
            tell(f"{len(verdicts)} cells of faithful copies; {verdict}")

    cells = [cell for cell in CELLS if not cell.is_kill]
    killing = [cell for cell in CELLS if cell.is_kill]
    tell(
        f"the matrix of faithful copies, {len(cells)} cells, and {len(killing)} that kill, {TURNS} times each"
    )
    for start in range(0, len(cells), AT_ONCE):
        async with Lives(folder, _settings(stage, folder, f"cells{start}")) as lives:
            await judged(cells[start : start + AT_ONCE], control=stage.control, lives=lives, told=told)
    for turn in range(TURNS):
        for start in range(0, len(killing), AT_ONCE):
            some = killing[start : start + AT_ONCE]
            async with Lives(folder, _settings(stage, folder, f"kills{turn}-{start}")) as lives:
                await killed_and_judged(
                    some, control=stage.control, lives=lives, random=random, turn=turn, told=told
                )
    return verdicts


def _settings(stage: Stage, folder: Path, database: str) -> dict[str, str]:
    return stage.info.settings() | {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/{database}.db",
        "MAX_CONCURRENT_TASKS": str(AT_ONCE),
    }
