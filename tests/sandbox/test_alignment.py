"""The longest common subsequence, against the textbook's table."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.alignment import common, rising

few = st.lists(st.integers(0, 3), max_size=40)


def table(a: list[int], b: list[int]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        old, row = row, [0]
        for j, y in enumerate(b):
            row.append(old[j] + 1 if x == y else max(row[j], old[j + 1]))
    return row[-1]


@given(few, few)
def test_is_as_long_as_can_be(a: list[int], b: list[int]) -> None:
    pairs = common(a, b)
    assert len(pairs) == table(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(x[0] < y[0] and x[1] < y[1] for x, y in itertools.pairwise(pairs))


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_holds_across_checkpoints(random) -> None:  # type: ignore[no-untyped-def]
    a = [random.randrange(5) for _ in range(300)]
    b = [random.randrange(5) for _ in range(280)]
    pairs = common(a, b)
    assert len(pairs) == table(a, b)
    assert all(a[i] == b[j] for i, j in pairs)


@given(st.lists(st.integers(0, 30), max_size=40))
def test_rising_is_as_long_as_can_be(values: list[int]) -> None:
    found = [values[i] for i in sorted(rising(values))]
    assert found == sorted(set(found))
    assert len(found) == table(values, sorted(set(values)))


def test_twenty_thousand_equal_texts_are_quick() -> None:
    a = [i % 3 for i in range(20_000)]
    b = [9, *a[:4_000], *a[4_100:9_000], *reversed(a[9_000:]), 9]
    assert len(common(a, b)) > 10_000
