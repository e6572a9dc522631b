"""A true copy of any history is the same; one thing changed anywhere in it, and it is not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from telethon.tl import types as t

from sandbox.compare import compare
from sandbox.scenario import build
from sandbox.scenario.large import build_forum
from sandbox.world import Message, Peer, World
from tests.sandbox.true_copy import copy_chat

seeds = st.integers(0, 2**32)
some = settings(max_examples=60, deadline=None)


def history(seed: int) -> tuple[World, Peer, Peer]:
    """A channel full of replies, links and equal short texts, and its true copy."""
    world = World()
    demo = build(world, jobs=1, messages=150, seed=seed, replies=0.4, links=0.3)
    source = demo.pairs[0].source
    return world, source, copy_chat(world, source, owner=demo.person.id, skipped=set()).peer


def forum(seed: int) -> tuple[World, Peer, Peer]:
    world = World()
    owner = world.add_user("Owner")
    source = build_forum(world, owner, topics=6, messages=100, seed=seed, replies=0.4)
    copy = copy_chat(world, source, owner=owner.id, skipped=set())
    for i, topic in world.channels[source[1]].topics.items():
        copied = copy.target.topics[copy.ids.get(i, 1)]
        copied.closed, copied.icon_color = topic.closed, topic.icon_color
    return world, source, copy.peer


def messages(world: World, peer: Peer) -> list[Message]:
    return [m for m in world.boxes[peer].by_id.values() if not m.service]


@some
@given(seeds)
def test_true_copies(seed: int) -> None:
    for make in (history, forum):
        world, source, target = make(seed)
        assert compare(world, source, target).same


def _reply(m: Message, random: Random, ids: list[int]) -> None:
    m.reply_to = random.choice([i for i in ids if i not in (m.reply_to, m.id)])


def _no_reply(m: Message, random: Random, ids: list[int]) -> None:
    m.reply_to = None if m.reply_to else random.choice(ids)


def _link(m: Message, random: Random, ids: list[int]) -> None:
    """Adds a digit to a link behind words; an address that people see gets another message's number."""
    e = next((e for e in m.entities if isinstance(e, t.MessageEntityTextUrl)), None)
    if e is None:
        m.text += " "
    else:
        changed = t.MessageEntityTextUrl(e.offset, e.length, e.url + "7")
        m.entities = [changed if x is e else x for x in m.entities]


def _look(m: Message, random: Random, ids: list[int]) -> None:
    m.look = {"spoiler": True}


def _position(m: Message, random: Random, ids: list[int]) -> None:
    m.invert = True


def _pin(m: Message, random: Random, ids: list[int]) -> None:
    m.pinned = True


def _preview(m: Message, random: Random, ids: list[int]) -> None:
    m.webpage = {"url": "https://example.org"}


def _topic(m: Message, random: Random, ids: list[int]) -> None:
    m.topic = 1 if m.topic and m.topic != 1 else max(ids) + 1


CHANGES: list[Callable[[Message, Random, list[int]], None]] = [
    _reply,
    _no_reply,
    _link,
    _look,
    _position,
    _pin,
    _preview,
]


@some
@given(seeds, st.sampled_from(CHANGES))
def test_one_change_in_a_channel_is_seen(
    seed: int, change: Callable[[Message, Random, list[int]], None]
) -> None:
    world, source, target = history(seed)
    random, found = Random(seed), messages(world, target)
    change(random.choice(found), random, [m.id for m in found])
    c = compare(world, source, target)
    assert not c.same
    assert c.different + len(c.pins) == 1
    assert (c.missing.count, c.doubled.count, c.foreign.count) == (0, 0, 0)


@some
@given(seeds, st.sampled_from([*CHANGES, _topic]))
def test_one_change_in_a_forum_is_seen(
    seed: int, change: Callable[[Message, Random, list[int]], None]
) -> None:
    world, source, target = forum(seed)
    random, found = Random(seed), messages(world, target)
    change(random.choice(found), random, [m.id for m in found])
    c = compare(world, source, target)
    assert not c.same
    assert c.different + len(c.pins) == 1
    assert (c.missing.count, c.doubled.count, c.foreign.count) == (0, 0, 0)
