"""Levels of memory pressure: up at once, down one by one, never to and fro; and what each lets run."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.job import Priority
from domain.memory import MemoryLevel
from engine.memory_level import CALM, MARGIN, Levels, Thresholds, least_priority

thresholds = st.lists(st.integers(6, 100), min_size=4, max_size=4, unique=True).map(
    lambda four: Thresholds(
        **dict(zip(["cleanup", "warning", "critical", "emergency"], sorted(four), strict=True))
    )
)
looks = st.lists(st.tuples(st.floats(0.1, CALM), st.floats(0, 120)), max_size=60)


def after(levels: Levels, looks: list[tuple[float, float]]) -> list[tuple[float, float, MemoryLevel]]:
    """(moment, percent, level) of each look; `looks` are (seconds since the last one, percent)."""
    at, seen = 0.0, []
    for seconds, percent in looks:
        at += seconds
        seen.append((at, percent, levels.feed(at, percent)))
    return seen


def test_each_level_begins_at_its_threshold() -> None:
    reached = [Levels(Thresholds()).feed(0, percent) for percent in (59.9, 60, 70, 80, 90, 250)]
    assert [int(level) for level in reached] == [0, 1, 2, 3, 4, 4]


def test_down_one_level_at_a_time_after_some_calm() -> None:
    levels = Levels(Thresholds(), calm=4)
    assert levels.feed(0, 95) is MemoryLevel.EMERGENCY
    seen = [int(levels.feed(at, 20)) for at in range(1, 19)]
    assert seen == [4, 4, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0]


def test_what_comes_back_brings_the_pressure_back_only_to_where_it_was() -> None:
    levels = Levels(Thresholds(), calm=4)
    levels.feed(0, 85)
    assert [int(levels.feed(at, 66)) for at in range(1, 30)][-1] == 2  # not 5 points below 70
    assert levels.feed(30, 79) is MemoryLevel.WARNING
    assert levels.feed(31, 80) is MemoryLevel.CRITICAL


@given(thresholds, looks)
def test_never_below_what_is_reached(limits: Thresholds, looks: list[tuple[float, float]]) -> None:
    for _, percent, level in after(Levels(limits), looks):
        assert level >= limits.reached(percent)


@given(thresholds, looks)
def test_a_level_falls_by_one_and_only_after_calm(
    limits: Thresholds, looks: list[tuple[float, float]]
) -> None:
    seen = after(Levels(limits), looks)
    for (_, _, before), (at, _, level) in pairwise(seen):
        if level < before:
            assert level == before - 1
            lately = [percent for then, percent, _ in seen if at - CALM <= then <= at]
            assert all(limits.reached(percent + MARGIN) < before for percent in lately)


@given(thresholds, st.lists(st.floats(-MARGIN / 2, MARGIN / 2), max_size=60), st.floats(0, 110))
def test_a_reading_that_trembles_moves_the_level_only_up(
    limits: Thresholds, trembling: list[float], around: float
) -> None:
    seen = after(Levels(limits), [(1.0, around + points) for points in trembling])
    levels = [level for _, _, level in seen]
    assert levels == sorted(levels)


@given(thresholds, looks, st.data())
def test_more_memory_in_use_never_means_a_lower_level(
    limits: Thresholds, looks: list[tuple[float, float]], data: st.DataObject
) -> None:
    more = [(seconds, percent + data.draw(st.floats(0, 40))) for seconds, percent in looks]
    low, high = after(Levels(limits), looks), after(Levels(limits), more)
    assert all(a <= b for (_, _, a), (_, _, b) in zip(low, high, strict=True))


@given(thresholds, looks)
def test_it_ends_normal_when_the_pressure_is_gone(
    limits: Thresholds, looks: list[tuple[float, float]]
) -> None:
    levels = Levels(limits)
    at = max((at for at, _, _ in after(levels, looks)), default=0.0)
    seen = [levels.feed(at + CALM * n, 0) for n in range(1, 2 + len(MemoryLevel))]
    assert seen[-1] is MemoryLevel.NORMAL


def test_each_level_lets_fewer_run_and_urgent_always() -> None:
    least = [least_priority(level) for level in MemoryLevel]
    assert least == [Priority.LOW, Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT]
