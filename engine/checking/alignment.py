"""Which message of one chat is the copy of which of another, when nobody has written it down. Pure.

Messages that stand once in either chat are put in order first (the longest rising sequence of them, so that
what stands elsewhere by chance is left out); what repeats is then told apart, between two of those, by order
and count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.checking.order import misplaced

#: Source messages without a copy that one more copy outweighs: so much a tool may have left out.
OUTWEIGHS = 10
#: Candidates looked at for all messages between two anchors, and the most and fewest for each of them.
PAIRS, MOST, FEWEST = 200_000, 32, 2
#: What a pair is worth: that it is one, above all; then that it is exact; then that the entities are equal.
PAIR, EXACT, ENTITIES = 10**9, 10**4, 1


@dataclass(frozen=True, slots=True)
class Side:
    """Prints of a chat's messages in their order. `loose` (place → print) are those by which another tool's
    uploads are known; `marks` tell entities apart.
    """

    exact: Sequence[int]
    marks: Sequence[int]
    loose: Mapping[int, int] = field(default_factory=dict)


def align(source: Side, target: Side) -> list[tuple[int, int]]:
    """(place in the source, place in the target) of what belongs together, both rising."""
    pairs: list[tuple[int, int]] = []
    begin = (-1, -1)
    for end in (*_anchors(source.exact, target.exact), (len(source.exact), len(target.exact))):
        pairs += _between(source, target, begin, end)
        if end[0] < len(source.exact):
            pairs.append(end)
        begin = end
    return pairs


def believable(pairs: Sequence[tuple[int, int]], counts: Sequence[bool]) -> int:
    """How many of the first `pairs` to believe: a few far behind the rest are chance, or somebody's words.

    `counts` says of each place in the source whether a message without a copy there is a loss.
    """
    best, most, missing, place = 0, 0, 0, 0
    for number, (source, _) in enumerate(pairs, 1):
        missing += sum(counts[place:source])
        place = source + 1
        score = number * OUTWEIGHS - missing
        if score >= most:
            best, most = number, score
    return best


def _anchors(source: Sequence[int], target: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of what stands once on either side, as many as are in the same order."""
    there = _single(target)
    pairs = [(place, there[content]) for content, place in _single(source).items() if content in there]
    left_out = set(misplaced([place for _, place in pairs]))
    return [pair for number, pair in enumerate(pairs) if number not in left_out]


def _single(prints: Sequence[int]) -> dict[int, int]:
    """print → its place, of those that occur once, in their order."""
    often = Counter(prints)
    return {content: place for place, content in enumerate(prints) if often[content] == 1}


def _between(
    source: Side, target: Side, begin: tuple[int, int], end: tuple[int, int]
) -> list[tuple[int, int]]:
    """What belongs together strictly between two pairs."""
    here, there = range(begin[0] + 1, end[0]), range(begin[1] + 1, end[1])
    if not here or not there:
        return []
    exact = _candidates(here, there, {p: source.exact[p] for p in here}, {p: target.exact[p] for p in there})
    loose = _candidates(here, there, source.loose, target.loose)
    best = _Best(there.start, len(there))
    for place in here:
        found = {other: PAIR for other in loose.get(place, ())}
        for other in exact.get(place, ()):
            same = source.marks[place] == target.marks[other]
            found[other] = PAIR + EXACT + (ENTITIES if same else 0)
        best.add(place, found)
    return best.pairs()


def _candidates(
    here: range, there: range, source: Mapping[int, int], target: Mapping[int, int]
) -> dict[int, Sequence[int]]:
    """Of each place here the equal ones there, those of about the same rank where there are many."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place in there:
        if place in target:
            places[target[place]].append(place)
    band = max(FEWEST, min(MOST, PAIRS // len(here)))
    ranks: Counter[int] = Counter()
    found: dict[int, Sequence[int]] = {}
    for place in here:
        if place in source and (equal := places.get(source[place])):
            rank = ranks[source[place]]
            ranks[source[place]] += 1
            last = max(0, len(equal) - band)
            found[place] = equal[min(last, max(0, rank - band)) : rank + band + 1]
    return found


class _Best:
    """The heaviest rising sequence of pairs, by a tree of prefix maxima (Fenwick) over the places there."""

    def __init__(self, start: int, size: int) -> None:
        self._start, self._size = start, size
        self._tree: list[int] = [-1] * (size + 1)  # number of the pair that ends the heaviest sequence
        self._pairs: list[tuple[int, int, int, int]] = []  # (place here, place there, weight so far, before)

    def add(self, place: int, found: Mapping[int, int]) -> None:
        """The next place here with what each place there would be worth to it."""
        new = []
        for other, worth in found.items():
            before = self._heaviest(other - self._start)
            weight = worth + (self._pairs[before][2] if before >= 0 else 0)
            new.append((place, other, weight, before))
        for pair in new:  # only now: a message has one copy
            self._pairs.append(pair)
            self._put(pair[1] - self._start, len(self._pairs) - 1)

    def pairs(self) -> list[tuple[int, int]]:
        return list(self._followed())[::-1]

    def _followed(self) -> Iterator[tuple[int, int]]:
        number = self._heaviest(self._size)
        while number >= 0:
            here, there, _, number = self._pairs[number]
            yield here, there

    def _heaviest(self, below: int) -> int:
        """Among sequences that end before the place `below` (counted from 0)."""
        best = -1
        while below > 0:
            best = self._heavier(best, self._tree[below])
            below -= below & -below
        return best

    def _put(self, place: int, number: int) -> None:
        place += 1
        while place <= self._size:
            self._tree[place] = self._heavier(self._tree[place], number)
            place += place & -place

    def _heavier(self, one: int, other: int) -> int:
        """The earlier one where they are alike."""
        if one < 0 or other < 0:
            return max(one, other)
        first, second = self._pairs[one][2], self._pairs[other][2]
        return other if (second, -other) > (first, -one) else one
