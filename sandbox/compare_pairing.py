"""Two chats' messages, paired and judged pair by pair."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sandbox.alignment import rising
from sandbox.compare_findings import SHOWN, Difference, Finding
from sandbox.compare_judging import Judge, Posts, Side, Wishes
from sandbox.compare_links import Addresses
from sandbox.compare_matching import Matching, regrouped
from sandbox.compare_structure import GENERAL, pin_differences, same_topics
from sandbox.likeness import MediaKeys
from sandbox.world import Message, World

PASSES = 3  # equal messages may answer equal messages: each pass knows the pairs of the one before


class Pairing:
    """`copies`: the source's numbers -> ids in the target, of messages and, between `forums`, of topics.

    `threads` says so of the roots that comments hang on: given, both sides are the comments below `posts`.
    """

    def __init__(
        self,
        world: World,
        source: Side,
        target: Side,
        wishes: Wishes,
        *,
        forums: bool = False,
        threads: Mapping[int, int] | None = None,
        posts: Posts | None = None,
    ) -> None:
        self._world, self._wishes = world, wishes
        self.source, self.target = source, target
        self._forums, self._threads, self._posts = forums, threads, posts
        beside = [posts.source, posts.target] if posts is not None else []
        self._addresses = Addresses(world, [source.peer, target.peer, *beside])
        self.media = MediaKeys(
            [m.media for m in source.messages if m.media is not None],
            [m.media for m in target.messages if m.media is not None],
        )
        for side in (source, target):
            side.read(self._addresses, self.media)
        self._matching = Matching(source.messages, target.messages, source.prints, target.prints)
        self._matching.pairs.sort()
        self._learn()
        if self._worth_a_look():
            self._settle()

    def judged(
        self, declared: Mapping[int, Collection[str]], comments: Mapping[int, int] | None
    ) -> dict[str, Any]:
        """Fields of a Comparison; `comments`: those below the source's posts -> their copies, if known."""
        pairs, source, target = self._matching.pairs, self.source, self.target
        in_order = rising([j for _, j in pairs])
        wrong_album = regrouped(pairs, source.messages, target.messages)
        judge = self._judge(comments)
        different: list[Difference] = []
        excused = 0
        for i, j in pairs:
            if all_wrong := judge.differences(i, j, regrouped=i in wrong_album):
                leave = declared.get(source.keys[i], ())
                if wrong := [what for what in all_wrong if what not in leave]:
                    different.append(Difference(source.keys[i], target.messages[j].id, wrong))
                else:
                    excused += 1
        moved = [source.keys[i] for n, (i, _) in enumerate(pairs) if n not in in_order]
        ids = [m.id for m in target.messages]
        return {
            "copied": len(pairs),
            "missing": Finding.of([source.keys[i] for i in sorted(self._matching.left)]),
            "doubled": Finding.of([ids[j] for j in sorted(self._matching.doubled)]),
            "out_of_order": Finding.of(moved),
            "different": len(different),
            "differences": different[:SHOWN],
            "foreign": Finding.of([ids[j] for j in sorted(self._matching.foreign)]),
            "declared": excused,
        }

    def pins(self) -> list[str]:
        copies = {self.source.keys[i]: self.target.messages[j] for i, j in self._matching.pairs}
        expected = dict(zip(self.source.keys, self.source.messages, strict=True))
        return pin_differences(expected, copies, self.target.messages)

    def _learn(self) -> None:
        """Again after each change of pairs."""
        pairs = self._matching.pairs
        source, target = self.source, self.target
        self.topics: dict[int, int] | None = None
        self.copies = dict(self._threads or {})
        if self._forums:
            ours, theirs = (self._world.channels[side.peer[1]] for side in (source, target))
            both = [(source.messages[i], target.messages[j]) for i, j in pairs]
            self.topics = same_topics(ours, theirs, both)
            self.copies |= {i: j for i, j in self.topics.items() if i != GENERAL}
        self.copies |= {source.keys[i]: target.messages[j].id for i, j in pairs}

    def _judge(self, comments: Mapping[int, int] | None = None) -> Judge:
        return Judge(
            self.source,
            self.target,
            self.copies,
            self._wishes,
            topics=self.topics,
            threads=self._threads,
            comments=comments,
            posts=self._posts,
            addresses=self._addresses,
            media=self.media,
        )

    def _worth_a_look(self) -> bool:
        """Whether anything but words, entities and media tells one message from another."""
        sides = (self.source, self.target)
        return self._forums or any(s.links or any(_bound(m) for m in s.messages) for s in sides)

    def _settle(self) -> None:
        """Pairs equal messages by what they answer, link to and where they stand."""
        for _ in range(PASSES):
            judge = self._judge()
            if not self._matching.prefer(judge.source_key, judge.target_key):
                break
            self._learn()


def _bound(m: Message) -> bool:
    return m.reply_to is not None or m.top is not None
