"""`python -m tests.soak`: kills, faults and all whole matrices, for as long as it takes; `make soak`.

Ends with 1 if anything is missing, doubled, out of order or different, or a job does not end as it should.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from rich.console import Console

from tests.soak.follow import follow_round
from tests.soak.gallery import gallery_kill_round, gallery_matrix_round
from tests.soak.rounds import MODES_OF_JOBS, Killed, kill_round, matrix_round
from tests.soak.scale import scale_round, scale_table, wrong_with
from tests.soak.tables import (
    cells_table,
    copies_table,
    follow_table,
    gallery_kills_table,
    gallery_tables,
    kills_table,
)
from tests.system.stage import Stage

JOBS = len(MODES_OF_JOBS)
#: Columns of what is written to a file.
WIDTH = 140


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--gallery-kills", type=int, default=150, help="while the gallery is copied")
    parser.add_argument("--messages", type=int, default=20_000, help=f"in each of {JOBS} channels")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    width = None if sys.stdout.isatty() else WIDTH
    console = Console(highlight=False, soft_wrap=True, width=width)
    with tempfile.TemporaryDirectory(prefix="ferry-soak-") as folder:
        sys.exit(asyncio.run(_soak(given, Path(folder), console)))


async def _soak(given: argparse.Namespace, folder: Path, console: Console) -> int:
    began = time.monotonic()

    def tell(line: str) -> None:
        console.print(f"{time.monotonic() - began:6.0f} s  {line}", markup=False)

    tell(f"building {JOBS} channels of {given.messages:,} messages, seed {given.seed}")
    async with Stage(folder, jobs=1, messages=1) as stage:
        killed: Killed = await kill_round(
            stage,
            folder,
            kills=given.kills,
            messages=given.messages,
            random=Random(given.seed),
            tell=tell,
        )
        verdicts = await matrix_round(stage, folder, tell=tell)
        random = Random(given.seed)
        gallery = await gallery_kill_round(stage, folder, kills=given.gallery_kills, random=random, tell=tell)
        faithful = await gallery_matrix_round(stage, folder, random=random, tell=tell)
        larges = await scale_round(stage, folder, tell=tell)
    every = await follow_round(folder, tell=tell)
    tables = copies_table(killed), kills_table(killed), cells_table(verdicts), gallery_kills_table(gallery)
    for table in (*tables, *gallery_tables(faithful), follow_table(every), scale_table(larges)):
        console.print(table)
    wrong = [*killed.problems, *(str(verdict) for verdict in verdicts if verdict.problems)]
    wrong += [*gallery.problems, *(str(verdict) for verdict in faithful if verdict.problems)]
    wrong += [str(verdict) for verdict in every if verdict.problems]
    wrong += wrong_with(larges)
    for line in wrong:
        tell(f"WRONG: {line}")
    tell("something is wrong" if wrong else "nothing missing, doubled, out of order or different")
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
