"""Aligning two chats by prints: copies are found, whatever stands between, is missing or repeats."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.checking.alignment import Side, align, believable
from engine.checking.order import misplaced

prints = st.lists(st.integers(0, 6), max_size=30)


def side(exact: list[int], marks: list[int] | None = None, loose: dict[int, int] | None = None) -> Side:
    return Side(exact, marks or [0] * len(exact), loose or {})


def longest(one: list[int], other: list[int]) -> int:
    """Length of a longest common subsequence, the slow and sure way."""
    lengths = [0] * (len(other) + 1)
    for a in one:
        before = lengths[:]
        for place, b in enumerate(other, 1):
            lengths[place] = before[place - 1] + 1 if a == b else max(before[place], lengths[place - 1])
    return lengths[-1]


@given(prints, prints)
def test_pairs_are_equal_and_rise(one: list[int], other: list[int]) -> None:
    pairs = align(side(one), side(other))
    assert all(one[a] == other[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(prints, st.data())
def test_a_part_of_the_source_is_found_whole(source: list[int], data: st.DataObject) -> None:
    """Of a target that is nothing but copies, each message is a copy of something."""
    kept = data.draw(st.lists(st.booleans(), min_size=len(source), max_size=len(source)))
    target = [content for content, keep in zip(source, kept, strict=True) if keep]
    assert len(align(side(source), side(target))) == len(target)


@given(st.permutations(range(40)), st.data())
def test_strangers_between_do_no_harm(order: list[int], data: st.DataObject) -> None:
    source = order[:25]
    target = list(source)
    for stranger in order[25:]:
        target.insert(data.draw(st.integers(0, len(target))), stranger)
    assert [source[a] for a, _ in align(side(source), side(target))] == source


def test_equal_neighbours_are_told_apart_by_order_and_count() -> None:
    ok = 1
    source = [7, ok, ok, ok, 8, ok, 9]
    target = [7, ok, ok, 8, ok, 9]
    pairs = align(side(source), side(target))
    assert pairs == [(0, 0), (1, 1), (2, 2), (4, 3), (5, 4), (6, 5)]


def test_entities_break_ties() -> None:
    pairs = align(side([7, 1, 1, 8], [0, 5, 6, 0]), side([7, 1, 8], [0, 6, 0]))
    assert (2, 1) in pairs


def test_uploads_of_another_tool_are_known_by_their_size() -> None:
    source = side([1, 20, 30, 4], None, {1: 99, 2: 99})
    target = side([1, 21, 31, 4], None, {1: 99, 2: 99})
    assert align(source, target) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_word_repeated_much_later_is_no_anchor() -> None:
    source = [*range(100), 1000, *range(100, 300)]
    target = [*range(300), 1000]
    assert (100, 300) not in align(side(source), side(target))


def test_a_chance_match_far_behind_is_not_believed() -> None:
    pairs = [*((n, n) for n in range(500)), (900, 501)]
    assert believable(pairs, [True] * 1000) == 500
    assert believable(pairs, [n < 500 or n == 900 for n in range(1000)]) == 501  # nothing would be lost
    later = [*((n, n) for n in range(500)), *((n + 400, n) for n in range(500, 560))]
    assert believable(later, [True] * 1000) == 560


def test_a_hundred_thousand_equal_ones_take_no_forever() -> None:
    many = side([1] * 20_000)
    assert len(align(many, many)) == 20_000


@given(st.lists(st.integers(-(2**62), 2**62), unique=True, max_size=12))
def test_the_fewest_are_misplaced(places: list[int]) -> None:
    left_out = set(misplaced(places))
    rest = [place for index, place in enumerate(places) if index not in left_out]
    assert rest == sorted(rest)
    assert len(rest) == longest(places, sorted(places))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_long_chats_with_gaps_on_both_sides(seed: int) -> None:
    chance = random.Random(seed)
    source = [chance.randrange(800) for _ in range(1000)]
    kept = [content for content in source if chance.random() < 0.7]
    target = list(kept)
    for _ in range(200):
        target.insert(chance.randrange(len(target)), -chance.randrange(1, 50))
    assert len(align(side(source), side(target))) == len(kept)
