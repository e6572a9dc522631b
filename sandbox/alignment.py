"""Which elements of two long sequences belong together: an exact longest common subsequence, bit-parallel."""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Sequence
from itertools import takewhile

Pair = tuple[int, int]  # positions in the first and in the second sequence
CHECKPOINT = 128  # rows between two kept bit vectors: memory is rows / 128 + 128 vectors


def common(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """A longest common subsequence of `a` and `b`, as rising pairs of positions.

    Quadratic in bits, not in steps: 20,000 x 20,000 elements without any common end take about 0.2 s.
    """
    head = sum(1 for _ in takewhile(lambda xy: xy[0] == xy[1], zip(a, b, strict=False)))
    rest = min(len(a), len(b)) - head
    backwards = zip(reversed(a), reversed(b), strict=False)
    tail = min(rest, sum(1 for _ in takewhile(lambda xy: xy[0] == xy[1], backwards)))
    middle = _longest(a[head : len(a) - tail], b[head : len(b) - tail])
    return [
        *((i, i) for i in range(head)),
        *((head + i, head + j) for i, j in middle),
        *((len(a) - i, len(b) - i) for i in range(tail, 0, -1)),
    ]


def _longest(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Rows are `a`, bits are `b`; bit j of a row is 0 where the length grows at column j (Hyyrö 2004)."""
    where: dict[Hashable, int] = {}
    for j, x in enumerate(b):
        where[x] = where.get(x, 0) | 1 << j
    full = (1 << len(b)) - 1
    kept = [full]  # the vector before rows 0, 128, 256, ...
    vector = full
    for i, x in enumerate(a, 1):
        vector = _step(vector, where.get(x, 0), full)
        if i % CHECKPOINT == 0:
            kept.append(vector)
    pairs: list[Pair] = []
    col = len(b)
    for block in reversed(range(len(kept))):
        start = block * CHECKPOINT
        rows = [kept[block]]
        for x in a[start : start + CHECKPOINT]:
            rows.append(_step(rows[-1], where.get(x, 0), full))
        row = len(rows) - 1
        while row and col:
            if rows[row] >> (col - 1) & 1:
                col -= 1  # this column adds nothing
            elif rows[row - 1] >> (col - 1) & 1:
                row -= 1
                col -= 1
                pairs.append((start + row, col))
            else:
                row -= 1  # the column already counted before this row
    pairs.reverse()
    return pairs


def _step(vector: int, matches: int, full: int) -> int:
    u = vector & matches
    return ((vector + u) | (vector - u)) & full


def rising(values: Sequence[int]) -> set[int]:
    """The positions of a longest strictly rising subsequence of `values`."""
    tops: list[int] = []  # the smallest value that ends a run of each length
    ends: list[int] = []  # where that value stands
    before: list[int] = []
    for i, value in enumerate(values):
        length = bisect.bisect_left(tops, value)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [value]
        ends[length : length + 1] = [i]
    found: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found
