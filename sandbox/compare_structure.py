"""Topics, pins and profiles of two chats side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sandbox.compare_findings import TopicDifference
from sandbox.world import Channel, Group, Message, Peer, Topic, World

GENERAL = 1


def topic_of(m: Message) -> int:
    return m.topic or GENERAL


def same_topics(source: Channel, target: Channel, pairs: Iterable[tuple[Message, Message]]) -> dict[int, int]:
    """Source topic -> target topic: where most of its messages went; of what is left, those of one title."""
    votes = Counter((topic_of(a), topic_of(b)) for a, b in pairs)
    found = {GENERAL: GENERAL}
    for (ours, theirs), _ in sorted(votes.items(), key=lambda v: (-v[1], v[0])):
        known = ours in source.topics and theirs in target.topics
        if known and ours not in found and theirs not in found.values():
            found[ours] = theirs
    for ours, topic in sorted(source.topics.items()):
        free = [i for i in sorted(target.topics) if i not in found.values()]
        like = [i for i in free if target.topics[i].title == topic.title]
        if ours not in found and like:
            found[ours] = like[0]
    return found


def topic_differences(
    source: Channel, target: Channel, same: Mapping[int, int], *, leave: Collection[int], after: int
) -> list[TopicDifference]:
    """`leave` are source topics that need not be there, target topics up to `after` were there before."""
    wrong = [
        TopicDifference(i, None, ["missing"])
        for i in sorted(source.topics)
        if i not in same and i not in leave
    ]
    for ours, theirs in sorted(same.items()):
        a, b = source.topics.get(ours), target.topics.get(theirs)
        if a is not None and b is not None and (what := _unlike(a, b)):
            wrong.append(TopicDifference(ours, theirs, what))
    expected = [same[i] for i in source.pinned_topics if i in same]
    actual = [i for i in target.pinned_topics if i in same.values()]
    back = {theirs: ours for ours, theirs in same.items()}
    if expected != actual:
        moved = [i for i in {*expected, *actual} if _place(expected, i) != _place(actual, i)]
        wrong += [TopicDifference(back[i], i, ["pinned"]) for i in sorted(moved)]
    foreign = [i for i in sorted(target.topics) if i not in back and i > max(after, GENERAL)]
    return wrong + [TopicDifference(None, i, ["foreign"]) for i in foreign]


def _unlike(a: Topic, b: Topic) -> list[str]:
    icons = (a.icon_color, a.icon_emoji) != (b.icon_color, b.icon_emoji)
    unlike = {
        "title": a.title != b.title,
        "icon": icons and a.id != GENERAL,  # General's cannot be chosen
        "closed": a.closed != b.closed,
        "hidden": a.hidden != b.hidden,
    }
    return [what for what, is_so in unlike.items() if is_so]


def _place(order: list[int], topic: int) -> int | None:
    return order.index(topic) if topic in order else None


def pin_differences(
    source: Mapping[int, Message], pairs: Mapping[int, Message], found: Iterable[Message]
) -> list[str]:
    """`source`: expected messages by key, `pairs`: their copies by that key, `found`: all of the target.

    Pins are shown by their messages' age: they stand in order where the copies do.
    """
    copies = [(key, pairs[key]) for key, m in source.items() if m.pinned and key in pairs]
    wrong = [f"{key} is not pinned" for key, copy in copies if not copy.pinned]
    ids = [copy.id for _, copy in copies]
    wanted = set(ids)
    wrong += [f"{m.id} is pinned" for m in found if m.pinned and m.id not in wanted]
    return wrong + (["order"] if ids != sorted(ids) else [])


def profile_differences(world: World, source: Peer, target: Peer) -> list[str]:
    a, b = world.chat(source), world.chat(target)
    unlike = {"title": a.title != b.title, "about": a.about != b.about, "photo": not _same_photo(a, b)}
    return [what for what, is_so in unlike.items() if is_so]


def _same_photo(a: Channel | Group, b: Channel | Group) -> bool:
    if a.photo is None or b.photo is None:
        return a.photo is b.photo
    return a.photo.id == b.photo.id or (bool(a.photo.data) and a.photo.data == b.photo.data)
