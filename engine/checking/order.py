"""Which of many stand out of order: the fewest whose leaving puts the rest in order. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence


def misplaced(places: Sequence[int]) -> list[int]:
    """The indexes, ascending, of what a longest rising subsequence of `places` (all different) leaves out.

    Of several such, the one that leaves out later ones. 24 bytes for each place.
    """
    ends: array[int] = array("q")  # ends[n]: the lowest place at which a rising run of n + 1 ends so far
    heads: array[int] = array("q")  # ... and its index
    before: array[int] = array("q")  # of each, the one before it in such a run
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(heads[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            heads.append(index)
        else:
            ends[length] = place
            heads[length] = index
    found: list[int] = []
    index, following = (heads[-1] if heads else -1), len(places)
    while following > 0:
        found.extend(range(following - 1, index, -1))
        following, index = index, (before[index] if index >= 0 else -1)
    return found[::-1]
