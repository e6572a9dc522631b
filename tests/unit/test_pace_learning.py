"""The pace of a limit that nobody tells is learned in three minutes, whatever its kind and size."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.hidden_limit import Copying, learn_and_measure

KINDS = ("fixed", "token")


def _some(chance: random.Random) -> int:
    """Albums are not cut, so a step often is not quite full."""
    return chance.randint(91, 100)


def _full(chance: random.Random) -> int:
    return 100


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("messages", [500, 950, 1030, 1599, 2350, 5000])
def test_most_of_what_is_allowed_with_hardly_a_wait(kind: str, messages: int, jobs: int) -> None:
    for seed, size in enumerate((_full, _some)):
        outcome = learn_and_measure(kind=kind, messages=messages, copying=Copying(size, jobs), seed=seed)
        assert outcome.achieved >= 0.95
        assert outcome.waits <= 1
        assert outcome.waits_in_learning <= 20


@given(
    kind=st.sampled_from(KINDS),
    messages=st.integers(500, 6000),
    jobs=st.integers(1, 4),
    seed=st.integers(0, 1 << 20),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_limit(kind: str, messages: int, jobs: int, seed: int) -> None:
    outcome = learn_and_measure(kind=kind, messages=messages, copying=Copying(_some, jobs), seed=seed)
    assert outcome.achieved >= 0.95
    assert outcome.waits <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("messages", [1500, 2000, 2350, 3000, 5000])
def test_steps_of_a_hundred_are_enough_where_the_limit_is_no_odd_number(
    kind: str, messages: int, jobs: int
) -> None:
    outcome = learn_and_measure(
        kind=kind, messages=messages, copying=Copying(_full, jobs, whole=True), seed=7
    )
    assert outcome.achieved >= 0.95
    assert outcome.waits <= 1
