"""Is the target a true copy of the source? Judged from the world alone, whatever a cloner says of itself."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.alignment import Pair, common, rising
from sandbox.likeness import alike, differences, fingerprint, related
from sandbox.world import Message, Peer, World

Gap = tuple[list[int], list[int]]  # unmatched positions of both sides
SHOWN = 20  # ids listed per finding
REACH = 20  # neighbours looked at when a message may be an altered copy


@dataclass(frozen=True, slots=True)
class Finding:
    """How many messages, and the ids of the first twenty."""

    count: int = 0
    first: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    source_id: int
    target_id: int
    what: list[str]  # text | entities | media | grouping | forward header


@dataclass(frozen=True, slots=True)
class Comparison:
    """Source ids in `missing` and `out_of_order`, target ids in `doubled` and `foreign`.

    `copied` counts the expected messages that have a counterpart, altered ones included.
    `out_of_order` counts the fewest messages one would have to move. Where texts are equal, one that
    is lost here and doubled there is one that moved.
    """

    source_messages: int  # all that exist, service messages included
    service: int
    skipped: int  # left out by the caller's leave
    copied: int
    missing: Finding
    doubled: Finding
    out_of_order: Finding
    different: int
    differences: list[Difference]  # the first twenty
    foreign: Finding

    @property
    def same(self) -> bool:
        findings = (self.missing, self.doubled, self.out_of_order, self.foreign)
        return not self.different and not any(f.count for f in findings)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"same": self.same}


def compare(
    world: World,
    source: Peer,
    target: Peer,
    *,
    skipped: Collection[int] = (),
    target_after: int = 0,
    viewer: int | None = None,
) -> Comparison:
    """Compares two chats message by message.

    Expected are all existing source messages but the service messages and those whose ids are in `skipped`.
    Target messages up to the id `target_after` and service messages there do not count. `viewer` is the user
    in whose box private chats and basic groups are looked up.
    """
    there = _messages(world, source, viewer)
    content = [m for m in there if not m.service]
    leave = set(skipped)
    expected = [m for m in content if m.id not in leave]
    found = [m for m in _messages(world, target, viewer) if m.id > target_after and not m.service]
    return _judge(
        expected,
        found,
        source_messages=len(there),
        service=len(there) - len(content),
        skipped=len(content) - len(expected),
    )


def _messages(world: World, peer: Peer, viewer: int | None) -> list[Message]:
    box = world.boxes[peer] if viewer is None else world.box_for(viewer, peer)
    return [box.by_id[i] for i in box.order.get(peer, [])]


def _judge(source: list[Message], target: list[Message], **counts: int) -> Comparison:
    matching = _Matching(source, target)
    pairs = sorted(matching.pairs)
    in_order = rising([j for _, j in pairs])
    moved = [source[i].id for n, (i, _) in enumerate(pairs) if n not in in_order]
    missing = [source[i].id for i in sorted(matching.left)]
    doubled = [target[j].id for j in sorted(matching.doubled)]
    foreign = [target[j].id for j in sorted(matching.foreign)]
    regrouped = _regrouped(pairs, source, target)
    different = [
        Difference(source[i].id, target[j].id, what)
        for i, j in pairs
        if (what := differences(source[i], target[j], regrouped=i in regrouped))
    ]
    return Comparison(
        **counts,
        copied=len(pairs),
        missing=_finding(missing),
        doubled=_finding(doubled),
        out_of_order=_finding(moved),
        different=len(different),
        differences=different[:SHOWN],
        foreign=_finding(foreign),
    )


def _finding(ids: list[int]) -> Finding:
    return Finding(len(ids), ids[:SHOWN])


class _Matching:
    """Decides step by step, surest first, which target message is the copy of which source message.

    Equal in order, equal elsewhere (moved), altered at the same place, one copy too many, the same media
    anywhere, similar at the same place; what then remains is missing at the source and foreign at the target.
    """

    def __init__(self, source: list[Message], target: list[Message]) -> None:
        self.source, self.target = source, target
        self.source_prints = [fingerprint(m) for m in source]
        self.target_prints = [fingerprint(m) for m in target]
        self.pairs: list[Pair] = common(self.source_prints, self.target_prints)
        self.left = set(range(len(source))) - {i for i, _ in self.pairs}
        self.over = set(range(len(target))) - {j for _, j in self.pairs}
        self.doubled: set[int] = set()
        if self.left or self.over:
            self._settle_the_rest()
        self.foreign = self.over

    def _settle_the_rest(self) -> None:
        anchors = list(self.pairs)
        self._pair_by(self.source_prints, self.target_prints)
        gaps = _gaps(anchors, self.left, self.over)
        self._pair_within(gaps, related)
        known = set(self.source_prints)
        self._count_twice(j for j in self.over if self.target_prints[j] in known)
        self._pair_by([p.media for p in self.source_prints], [p.media for p in self.target_prints])
        self._pair_within(gaps, alike)
        media = Counter(p.media for p in self.source_prints if p.media)
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

    def _pair_within(self, gaps: list[Gap], test: Callable[[Message, Message], bool]) -> None:
        """Pairs in order within each gap what passes `test`, looking a few neighbours ahead."""
        for sources, targets in gaps:
            sources = [i for i in sources if i in self.left]
            start = 0
            for j in targets:
                if j not in self.over:
                    continue
                for n in range(start, min(start + REACH, len(sources))):
                    if test(self.source[sources[n]], self.target[j]):
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


def _regrouped(pairs: list[Pair], source: list[Message], target: list[Message]) -> set[int]:
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
        companions = {j} if group is None else ours[group]
        if companions != ({j} if theirs_of is None else theirs[theirs_of]):
            wrong.add(i)
    return wrong
