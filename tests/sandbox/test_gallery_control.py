"""Galleries and large chats, built and compared from another process."""

from __future__ import annotations

from collections import Counter

import pytest

from sandbox.compare import compare
from sandbox.control import ControlError
from sandbox.scenario.large import build_albums, build_forum
from sandbox.world import Message, Peer, World
from tests.sandbox.control_stage import Running
from tests.sandbox.true_copy import copy_chat


async def test_a_gallery_over_the_wire(running: Running) -> None:
    gallery = await running.control.build_gallery(running.person)
    assert gallery.owner == running.person
    assert [e.name for e in gallery.exhibits] == ["channel", "forum", "discussed", "migrated", "crowd"]
    assert gallery.migrated.before is not None
    assert gallery.discussed.comments is not None
    target = await running.control.add_channel("Copy", running.person)
    for e in gallery.exhibits:
        c = await running.control.compare(
            e.peer,
            target,
            skipped=e.skipped,
            declared=e.declared,
            viewer=running.person,
            before=e.before,
            comments=e.comments is not None,
            profile=True,
        )
        assert c.missing.count == sum(len(x.ids) for x in e.entries + e.earlier if x.fate == "copied")
        assert "title" in c.profile
        assert (c.comments is None) == (e.comments is None)
    with pytest.raises(ControlError, match="do not fit"):
        await running.control.compare(gallery.crowd.peer, target, sideways=True)


async def test_large_chats_over_the_wire(running: Running) -> None:
    albums = await running.control.build_albums(running.person, albums=20)
    forum = await running.control.build_forum(running.person, topics=5, messages=50, replies=0)
    assert 40 < await running.control.count(albums) < 202
    assert await running.control.count(forum) == 56
    ids = await running.control.fill(
        await running.control.add_channel("Plain", running.person), messages=50, replies=0, links=0.5
    )
    assert len(ids) < 50


def content(world: World, peer: Peer) -> list[Message]:
    return [m for m in world.boxes[peer].by_id.values() if not m.service]


def test_albums() -> None:
    world = World()
    owner = world.add_user("Owner")
    peer = build_albums(world, owner, albums=500, singles=0.2)
    sizes = Counter(m.grouped_id for m in content(world, peer))
    singles = sizes.pop(None)
    assert len(sizes) == 500
    assert {2, 10} <= set(sizes.values()) <= set(range(2, 11))
    assert 50 < singles < 150
    copy = copy_chat(world, peer, owner=owner.id, skipped=set())
    assert compare(world, peer, copy.peer).same
    broken = next(m for m in content(world, copy.peer) if m.grouped_id)
    broken.grouped_id = None
    assert not compare(world, peer, copy.peer).same


def test_a_forum_of_two_hundred_topics() -> None:
    world = World()
    owner = world.add_user("Owner")
    peer = build_forum(world, owner, topics=200, messages=2_000)
    source = world.channels[peer[1]]
    assert len(source.topics) == 201
    assert any(topic.closed for topic in source.topics.values())
    copy = copy_chat(world, peer, owner=owner.id, skipped=set())
    for i, topic in source.topics.items():
        copy.target.topics[copy.ids.get(i, 1)].closed = topic.closed
        copy.target.topics[copy.ids.get(i, 1)].icon_color = topic.icon_color
    c = compare(world, peer, copy.peer)
    assert c.same, c
    moved = next(m for m in content(world, copy.peer) if m.topic)
    moved.topic = None
    assert [d.what for d in compare(world, peer, copy.peer).differences] == [["topic"]]


def test_the_same_from_the_same_seed() -> None:
    def built(seed: int) -> list[tuple[object, ...]]:
        world = World(clock=lambda: 1_790_000_000)
        owner = world.add_user("Owner")
        peers = (
            build_albums(world, owner, albums=20, seed=seed),
            build_forum(world, owner, topics=4, messages=50, seed=seed),
        )
        return [(m.id, m.text, m.topic, m.grouped_id, m.date) for p in peers for m in content(world, p)]

    assert built(1) == built(1)
    assert built(1) != built(2)
