"""Which target message is the copy of which source message."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

from sandbox.alignment import Pair, common, rising
from sandbox.likeness import Fingerprint, alike, related
from sandbox.world import Message

Gap = tuple[list[int], list[int]]  # unmatched positions of both sides
REACH = 20  # neighbours looked at when a message may be an altered copy


class Matching:
    """Decides step by step, surest first, by the words, entities and media of both sides' messages.

    Equal in order, equal elsewhere (moved), altered at the same place, one copy too many, the same media
    anywhere, similar at the same place; what then remains is missing at the source and foreign at the target.
    """

    def __init__(
        self,
        source: Sequence[Message],
        target: Sequence[Message],
        source_prints: list[Fingerprint],
        target_prints: list[Fingerprint],
    ) -> None:
        self.source, self.target = source, target
        self.source_prints, self.target_prints = source_prints, target_prints
        self.pairs: list[Pair] = common(self.source_prints, self.target_prints)
        self.left = set(range(len(source))) - {i for i, _ in self.pairs}
        self.over = set(range(len(target))) - {j for _, j in self.pairs}
        self.doubled: set[int] = set()
        if self.left or self.over:
            self._settle_the_rest()
        self.foreign = self.over

    def prefer(self, source_key: Callable[[int], Hashable], target_key: Callable[[int], Hashable]) -> bool:
        """Of equal messages side by side, pairs those whose keys (reply, links, place) are equal too.

        Which ones count as missing or doubled may change, how many may not. Whether anything did.
        """
        odd = {self.source_prints[i] for i, j in self.pairs if source_key(i) != target_key(j)}
        before, partner = self.pairs, dict(self.pairs)
        for sources, targets in self._ambiguous(odd) if odd else []:
            self._realign(sources, targets, source_key, target_key, partner)
        self.pairs = sorted(partner.items())
        return self.pairs != before

    def _ambiguous(self, prints: set[Fingerprint]) -> list[Gap]:
        """All positions of equal messages of these prints, by where they lie between what is beyond doubt."""
        ours, theirs = Counter(self.source_prints), Counter(self.target_prints)
        sure = sorted(
            (i, j) for i, j in self.pairs if ours[self.source_prints[i]] == theirs[self.target_prints[j]] == 1
        )
        kept = rising([j for _, j in sure])
        fixed = [p for n, p in enumerate(sure) if n in kept]
        starts, ends = [i for i, _ in fixed], [j for _, j in fixed]
        groups: dict[tuple[Fingerprint, int], Gap] = defaultdict(lambda: ([], []))
        for i, key in enumerate(self.source_prints):
            if key in prints:
                groups[key, bisect_left(starts, i)][0].append(i)
        for j, key in enumerate(self.target_prints):
            if key in prints:
                groups[key, bisect_left(ends, j)][1].append(j)
        return [g for g in groups.values() if g[0] and g[1] and len(g[0]) + len(g[1]) > 2]

    def _realign(
        self,
        sources: list[int],
        targets: list[int],
        source_key: Callable[[int], Hashable],
        target_key: Callable[[int], Hashable],
        partner: dict[int, int],
    ) -> None:
        """Among these positions of equal messages, those paired with each other or with nothing."""
        theirs = set(targets)
        taken = {partner[i] for i in sources if partner.get(i) in theirs}
        sources = [i for i in sources if i in self.left or partner.get(i) in taken]
        targets = [j for j in targets if j in self.doubled or j in taken]
        chosen = _best([source_key(i) for i in sources], [target_key(j) for j in targets])
        for i in sources:
            partner.pop(i, None)
        partner.update({sources[n]: targets[m] for n, m in chosen})
        self.left.update(sources)
        self.left.difference_update(sources[n] for n, _ in chosen)
        self.doubled.update(targets)
        self.doubled.difference_update(targets[m] for _, m in chosen)

    def _settle_the_rest(self) -> None:
        anchors = list(self.pairs)
        self._pair_by(self.source_prints, self.target_prints)
        gaps = _gaps(anchors, self.left, self.over)
        self._pair_within(gaps, lambda i, j: related(self.source_prints[i], self.target_prints[j]))
        known = set(self.source_prints)
        self._count_twice(j for j in self.over if self.target_prints[j] in known)
        self._pair_by([p.media for p in self.source_prints], [p.media for p in self.target_prints])
        self._pair_within(gaps, lambda i, j: alike(self.source[i], self.target[j]))
        media = Counter(p.media for p in self.source_prints if p.media is not None)
        texts = Counter(p.text for p in self.source_prints if p.text)
        prints = self.target_prints
        self._count_twice(j for j in self.over if prints[j].media in media or prints[j].text in texts)

    def _pair_by(self, source_keys: Sequence[object], target_keys: Sequence[object]) -> None:
        waiting: dict[object, deque[int]] = defaultdict(deque)
        for i in sorted(self.left):
            waiting[source_keys[i]].append(i)
        for j in sorted(self.over):
            key = target_keys[j]
            if key is not None and waiting[key]:
                self._take(waiting[key].popleft(), j)

    def _pair_within(self, gaps: list[Gap], test: Callable[[int, int], bool]) -> None:
        """Pairs in order within each gap what passes `test`, looking a few neighbours ahead."""
        for sources, targets in gaps:
            sources = [i for i in sources if i in self.left]
            start = 0
            for j in targets:
                if j not in self.over:
                    continue
                for n in range(start, min(start + REACH, len(sources))):
                    if test(sources[n], j):
                        self._take(sources[n], j)
                        start = n + 1
                        break

    def _take(self, i: int, j: int) -> None:
        self.left.discard(i)
        self.over.discard(j)
        self.pairs.append((i, j))

    def _count_twice(self, positions: Iterable[int]) -> None:
        twice = set(positions)
        self.doubled |= twice
        self.over -= twice


def _best(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """As many pairs as there can be: of equal keys in order, of equal keys elsewhere, then in order."""
    pairs = common(a, b)
    left, over = set(range(len(a))), set(range(len(b)))

    def take(i: int, j: int) -> None:
        left.discard(i)
        over.discard(j)

    for i, j in pairs:
        take(i, j)
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for j in sorted(over):
        waiting[b[j]].append(j)
    for i in sorted(left):
        if waiting[a[i]]:
            pairs.append((i, waiting[a[i]].popleft()))
            take(*pairs[-1])
    for sources, targets in _gaps(sorted(pairs), left, over):
        for i, j in zip(sources, targets, strict=False):
            pairs.append((i, j))
            take(i, j)
    return [*pairs, *zip(sorted(left), sorted(over), strict=False)]


def _gaps(anchors: list[Pair], left: Collection[int], over: Collection[int]) -> list[Gap]:
    """The unmatched positions of both sides between the same two anchors."""
    gaps: dict[int, Gap] = defaultdict(lambda: ([], []))
    for side, positions in ((0, left), (1, over)):
        n = 0
        for position in sorted(positions):
            while n < len(anchors) and anchors[n][side] < position:
                n += 1
            gaps[n][side].append(position)
    return [gap for gap in gaps.values() if gap[0] and gap[1]]


def regrouped(pairs: list[Pair], source: Sequence[Message], target: Sequence[Message]) -> set[int]:
    """Source positions whose album companions are not the same at the target (those missing there apart)."""
    partner = dict(pairs)
    ours: dict[int, set[int]] = defaultdict(set)
    theirs: dict[int, set[int]] = defaultdict(set)
    for i, j in pairs:
        if (group := source[i].grouped_id) is not None:
            ours[group].add(j)
    for j, m in enumerate(target):
        if m.grouped_id is not None:
            theirs[m.grouped_id].add(j)
    wrong: set[int] = set()
    for i, j in partner.items():
        group, theirs_of = source[i].grouped_id, target[j].grouped_id
        if group is None and theirs_of is None:
            continue
        companions = {j} if group is None else ours[group]
        if companions != ({j} if theirs_of is None else theirs[theirs_of]):
            wrong.add(i)
    return wrong
