"""Is the target a true copy of the source? Judged from the world alone, whatever a cloner says of itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sandbox.compare_findings import Comparison, Difference, Finding, TopicDifference
from sandbox.compare_judging import Posts, Side, Wishes
from sandbox.compare_pairing import Pairing
from sandbox.compare_structure import profile_differences, topic_differences, topic_of
from sandbox.world import Message, Peer, World

__all__ = ["SHIFT", "Comparison", "Difference", "Finding", "TopicDifference", "compare"]

#: The messages of a basic group that became the source are numbered below those of the supergroup.
SHIFT = -(2**40)


def compare(
    world: World,
    source: Peer,
    target: Peer,
    *,
    skipped: Collection[int] = (),
    declared: Mapping[int, Collection[str]] | None = None,
    target_after: int = 0,
    viewer: int | None = None,
    before: Peer | None = None,
    source_topic: int | None = None,
    target_topic: int | None = None,
    keep_author: bool = False,
    replies: bool = True,
    pins: bool = True,
    profile: bool = False,
    comments: bool = False,
    skipped_comments: Collection[int] = (),
    strict: bool = False,
) -> Comparison:
    """Compares two chats message by message.

    Expected are all existing source messages but the service messages and those whose ids are in `skipped`
    (there, a topic's id says that it need not exist). `declared`: by source id what may differ, in the words
    of Difference. Target messages up to the id `target_after` and service messages there do not count.
    `viewer` is the user in whose box private chats and basic groups are looked up; `before` the basic group
    whose history comes first, its ids shifted by SHIFT. A topic narrows its side down to itself.

    `keep_author` wants each copy's header to name the first author, and then nothing of replies and links;
    `replies=False` does not look at replies. `profile` compares title, about and photo; `comments` the chats'
    discussion groups, thread by thread, but for `skipped_comments`; `strict` also what no copy keeps:
    effects, bots, buttons, signatures.
    """
    leave = set(skipped)
    there = _side(world, source, viewer)
    if before is not None:
        old = _side(world, before, viewer)
        there = Side(source, old.messages + there.messages, [i + SHIFT for i in old.keys] + there.keys)
    if source_topic is not None:
        there = _only(there, lambda m, _: topic_of(m) == source_topic)
    content = _only(there, lambda m, _: not m.service)
    expected = _only(content, lambda _, key: key not in leave)
    found = _only(_side(world, target, viewer), lambda m, _: m.id > target_after and not m.service)
    if target_topic is not None:
        found = _only(found, lambda m, _: topic_of(m) == target_topic)
    forums = source_topic is None and target_topic is None and _forum(world, source) and _forum(world, target)
    wishes = Wishes(keep_author, replies, strict, linkable=target[0] == "channel")
    pairing = Pairing(world, expected, found, wishes, forums=forums)
    topics: list[TopicDifference] = []
    if forums and pairing.topics is not None:
        topics = topic_differences(
            world.channels[source[1]],
            world.channels[target[1]],
            pairing.topics,
            leave=leave - {topic_of(m) for m in expected.messages},
            after=target_after,
        )
    below: Comparison | None = None
    copied_comments: Mapping[int, int] | None = {}
    if comments:
        below, copied_comments = _comments(world, source, target, pairing, wishes, skipped_comments)
    elif target[0] == "channel" and world.channels[target[1]].linked:
        copied_comments = None  # perhaps there are some
    return Comparison(
        source_messages=len(there.messages),
        service=len(there.messages) - len(content.messages),
        skipped=len(content.messages) - len(expected.messages),
        **pairing.judged(declared or {}, copied_comments),
        topics=topics,
        pins=pairing.pins() if pins else [],
        profile=profile_differences(world, source, target) if profile else [],
        comments=below,
    )


def _comments(
    world: World, source: Peer, target: Peer, posts: Pairing, wishes: Wishes, leave: Collection[int]
) -> tuple[Comparison | None, Mapping[int, int]]:
    """What was said below those posts that have a copy, and where it is now."""
    groups = [("channel", world.channels[p[1]].linked or 0) for p in (source, target)]
    if groups[0] not in world.boxes:
        return None, {}
    ours, theirs = (_side(world, g, None) if g in world.boxes else Side(g, [], []) for g in groups)
    roots, copied_roots = _roots(ours, source), _roots(theirs, target)
    posts_of = {root: post for post, root in roots.items()}
    threads = {
        root: copied_roots[copy]
        for root, post in posts_of.items()
        if (copy := posts.copies.get(post)) is not None and copy in copied_roots
    }
    there = _only(ours, lambda m, _: m.top in posts_of)
    expected = _only(there, lambda m, key: posts_of[m.top or 0] in posts.copies and key not in leave)
    found = _only(theirs, lambda m, _: m.top is not None and not m.service)
    below = Pairing(
        world, expected, found, wishes, threads=threads, posts=Posts(source, target, posts.copies)
    )
    count = len(there.messages)
    comparison = Comparison(
        source_messages=count, service=0, skipped=count - len(expected.messages), **below.judged({}, {})
    )
    return comparison, below.copies


def _roots(group: Side, channel: Peer) -> dict[int, int]:
    """By post: the message as which it appeared in the discussion group."""
    saved = ((m.fwd["saved_from"], m.id) for m in group.messages if m.appeared and m.fwd)
    return {post: root for (chat, post), root in saved if chat == channel}


def _side(world: World, peer: Peer, viewer: int | None) -> Side:
    box = world.boxes[peer] if viewer is None else world.box_for(viewer, peer)
    ids = box.order.get(peer, [])
    return Side(peer, [box.by_id[i] for i in ids], list(ids))


def _only(side: Side, keep: Callable[[Message, int], bool]) -> Side:
    kept = [(m, key) for m, key in zip(side.messages, side.keys, strict=True) if keep(m, key)]
    return Side(side.peer, [m for m, _ in kept], [key for _, key in kept])


def _forum(world: World, peer: Peer) -> bool:
    return peer[0] == "channel" and world.channels[peer[1]].forum
