"""Which messages of a step already stand in the target. Pure; the heart of settling."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from domain.message import TargetMessage
from domain.step import StepItem


def align(items: Sequence[StepItem], found: Sequence[TargetMessage]) -> dict[int, int]:
    """source id → target id for every item that stands among `found` (both in ascending order).

    What one call sent stands in the target in the call's order, perhaps with other people's messages in
    between, perhaps with messages of its own missing. So this is a longest common subsequence by
    fingerprint: equal neighbours ("ok", "ok", "ok") are told apart by order and count. Among the candidates
    for one fingerprint those that seem to be ours come first (`ours` is a hint: channels don't tell).
    """
    ours = _subsequence(items, [message for message in found if message.ours])
    everyone = _subsequence(items, found)
    return ours if len(ours) >= len(everyone) else everyone


def share(
    items: Sequence[StepItem], rivals: Sequence[Sequence[StepItem]], found: Sequence[TargetMessage]
) -> dict[int, int]:
    """As `align`, where steps of other jobs may have put some of `found` there.

    A call carries out all of its step or nothing, so what leaves more steps whole is believed. Raises
    ValueError when two steps explain the same messages equally well and there are not enough for both.
    """
    ours = align(items, found)
    for rival in rivals:
        theirs = align(rival, found)
        if set(theirs.values()).isdisjoint(ours.values()):
            continue
        rest = _without(found, theirs)
        left = align(items, rest)
        we_first = _whole(items, ours) + _whole(rival, align(rival, _without(found, ours)))
        they_first = _whole(rival, theirs) + _whole(items, left)
        if we_first == they_first and len(left) < len(ours):
            raise ValueError("two steps explain the same messages equally well")
        if they_first >= we_first:
            ours, found = left, rest
    return ours


def _whole(items: Sequence[StepItem], matched: dict[int, int]) -> bool:
    return len(matched) in (0, len(items))


def _without(found: Sequence[TargetMessage], pairs: dict[int, int]) -> list[TargetMessage]:
    gone = set(pairs.values())
    return [message for message in found if message.id not in gone]


def _subsequence(items: Sequence[StepItem], found: Sequence[TargetMessage]) -> dict[int, int]:
    """Longest common subsequence (Hunt and Szymanski 1977): quick when few fingerprints repeat."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, message in enumerate(found):
        places[message.fingerprint].append(place)
    # ends[n]: the earliest place in `found` at which a common subsequence of n + 1 items can end
    ends: list[int] = []
    links: list[tuple[int, int, int]] = []  # (item, place, previous link) and links[n] behind each end
    heads: list[int] = []
    for number, item in enumerate(items):
        for place in reversed(places.get(item.fingerprint, ())):
            length = bisect_left(ends, place)
            links.append((number, place, heads[length - 1] if length else -1))
            if length == len(ends):
                ends.append(place)
                heads.append(len(links) - 1)
            else:
                ends[length] = place
                heads[length] = len(links) - 1
    matched: dict[int, int] = {}
    link = heads[-1] if heads else -1
    while link >= 0:
        number, place, link = links[link]
        matched[items[number].source_id] = found[place].id
    return dict(sorted(matched.items()))
