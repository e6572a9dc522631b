"""A soak's round with jobs of every kind: all cells of their matrix, each in a sandbox of its own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import structlog

from sandbox.testing import Rig
from tests.engine.conftest import Stage
from tests.engine.follow_matrix import CELLS, Cell, problems_of
from tests.soak.rounds import TOLD_EVERY, Tell


@dataclass(frozen=True, slots=True)
class Verdict:
    cell: Cell
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.cell}: {'; '.join(self.problems) or 'as it should be'}"


async def follow_round(folder: Path, *, tell: Tell) -> list[Verdict]:
    """Without what is logged about trouble: all of it was ordered."""
    verdicts: list[Verdict] = []
    tell(f"the matrix of every kind of job, {len(CELLS)} cells")
    logging.disable(logging.ERROR)
    with structlog.testing.capture_logs():
        for number, cell in enumerate(CELLS):
            place = folder / f"follow{number}"
            place.mkdir()
            verdicts.append(Verdict(cell, tuple(await _problems(cell, place))))
            if len(verdicts) % (10 * TOLD_EVERY) == 0 or verdicts[-1].problems:
                tell(f"{len(verdicts)} cells of every kind of job; {verdicts[-1]}")
    logging.disable(logging.NOTSET)
    return verdicts


async def _problems(cell: Cell, folder: Path) -> list[str]:
    async with Rig() as rig:
        owner = rig.world.add_user("Wei", phone="15550001", username="wei")
        chats = [rig.world.add_channel(title, owner) for title in ("Source", "Copy")]
        try:
            return await problems_of(cell, Stage(rig, owner, chats[0], chats[1], folder))
        except (AssertionError, TimeoutError) as error:  # it never came to rest, or never met the trouble
            return [f"{type(error).__name__} {error}"]
