"""Trouble with each call of each kind of job: a sample; `make soak` runs all of it."""

from __future__ import annotations

from random import Random

import pytest

from tests.engine.conftest import Stage
from tests.engine.follow_matrix import Cell, problems_of, sample

CELLS = 14
SEED = 6


@pytest.mark.parametrize("cell", sample(CELLS, Random(SEED)), ids=str)
async def test_nothing_is_lost_or_doubled_whatever_the_job(stage: Stage, cell: Cell) -> None:
    assert await problems_of(cell, stage) == []
