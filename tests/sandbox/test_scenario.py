"""The demo's world is as large as ordered, the same from the same seed, and as mixed as a real channel."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any

import pytest
from telethon.extensions import html
from telethon.helpers import add_surrogate
from telethon.tl import types as t

from sandbox.compare import compare
from sandbox.scenario import Demo, Pair, build
from sandbox.scenario.writing import units
from sandbox.world import Message, World

NOW = 1_790_000_000


def made(**kw: Any) -> tuple[World, Demo]:
    world = World(clock=lambda: NOW)
    return world, build(world, **kw)


def history(world: World, pair: Pair) -> list[Message]:
    box = world.boxes[pair.source]
    return [box.by_id[i] for i in box.order[pair.source]]


@pytest.fixture(scope="module")
def large() -> tuple[World, list[Message]]:
    world, demo = made(jobs=1, messages=5_000)
    return world, history(world, demo.pairs[0])


@pytest.mark.parametrize("messages", [1, 2, 10, 317, 1000])
def test_exactly_as_many_as_ordered(messages: int) -> None:
    world, demo = made(jobs=3, messages=messages)
    for pair in demo.pairs:
        found = history(world, pair)
        assert len(found) == len(world.boxes[pair.source].by_id) == messages
        assert found[0].service == "create"
        assert [m.id for m in found] == sorted(m.id for m in found)
        assert found[0].date < NOW - 1 or messages == 1
        assert all(a.date <= b.date <= NOW for a, b in itertools.pairwise(found))


def test_the_same_from_the_same_seed() -> None:
    def content(seed: int) -> list[tuple[object, ...]]:
        world, demo = made(jobs=2, messages=400, seed=seed)
        return [
            (m.id, m.text, [e.to_dict() for e in m.entities], m.media and m.media.id, m.reply_to, m.date)
            for pair in demo.pairs
            for m in history(world, pair)
        ]

    assert content(1) == content(1)
    assert content(1) != content(2)


def test_is_a_real_mixture(large: tuple[World, list[Message]]) -> None:
    messages = large[1]
    kinds = Counter(m.media.kind if m.media else m.service or "text" for m in messages)
    assert {"text", "photo", "poll", "video", "voice", "sticker", "animation", "pin", "title"} <= set(kinds)
    albums = Counter(m.grouped_id for m in messages if m.grouped_id)
    assert {2, 10} <= set(albums.values())
    assert max(albums.values()) == 10
    assert len({m.media.mime for m in messages if m.media}) > 6
    assert messages[-1].id > len(messages)  # some ids are gone
    texts = [m.text for m in messages]
    assert any(a == b == c for a, b, c in zip(texts, texts[1:], texts[2:], strict=False) if a)
    assert len(set(texts)) > len(texts) / 2
    ids = {m.id for m in messages}
    answers = [m for m in messages if m.reply_to and not m.service]
    assert len(answers) > 100
    assert all(m.reply_to in ids and m.reply_to < m.id for m in answers if m.reply_to)


def test_every_media_is_its_own(large: tuple[World, list[Message]]) -> None:
    ids = [m.media.id for m in large[1] if m.media]
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(large[0].files)


def test_entities_cover_what_they_style(large: tuple[World, list[Message]]) -> None:
    kinds = set()
    for m in large[1]:
        text = add_surrogate(m.text)
        for e in m.entities:
            covered = text[e.offset : e.offset + e.length]
            assert len(covered) == e.length
            assert covered.strip() == covered
            kinds.add(type(e).__name__)
        html.unparse(m.text, m.entities)
    assert len(kinds) > 12
    assert units("渡🛶") == 3


def test_names_every_way_of_naming_a_chat() -> None:
    world, demo = made(jobs=12, messages=3)
    refs = [ref for pair in demo.pairs for ref in (pair.source_ref, pair.target_ref)]
    assert {ref[0] for ref in refs} == {"@", "-", "h"}
    for pair in demo.pairs:
        for ref, peer in ((pair.source_ref, pair.source), (pair.target_ref, pair.target)):
            channel = world.channels[peer[1]]
            assert world.by_username(ref) == peer if ref[0] == "@" else str(channel.id) in ref
            assert channel.can_post(demo.person.id)
    assert len({c.title for c in world.channels.values()}) == len(world.channels) == 24


def test_targets_are_empty() -> None:
    world, demo = made(jobs=1, messages=50)
    pair = demo.pairs[0]
    c = compare(world, pair.source, pair.target)
    assert c.missing.count == 50 - c.service
    assert c.foreign.count == c.copied == 0


def test_a_hundred_thousand_messages_take_seconds() -> None:
    made()


def test_builds_on_what_is_there() -> None:
    world, first = made(jobs=2, messages=5)
    second = build(world, jobs=9, messages=5)
    assert second.person is first.person
    assert len({pair.source_ref for pair in first.pairs + second.pairs}) == 11
    assert len(world.channels) == 22


def test_plain_posts_and_one_in_ten() -> None:
    def answers(replies: float) -> int:
        world, demo = made(jobs=1, messages=1_000, replies=replies, links=0)
        found = history(world, demo.pairs[0])
        assert not any("t.me" in m.text for m in found)
        return sum(1 for m in found if m.reply_to and not m.service)

    assert answers(0) == 0
    assert 40 < answers(0.1) < answers(1)


def test_links_lead_to_messages_of_the_same_channel() -> None:
    world, demo = made(jobs=2, messages=2_000, links=0.1)
    for pair in demo.pairs:
        messages = history(world, pair)
        ids = {m.id for m in messages}
        channel = world.channels[pair.source[1]]
        name = channel.username or f"c/{channel.id}"
        found = [(m.id, int(i)) for m in messages for i in re.findall(rf"t\.me/{name}/(\d+)", everything(m))]
        assert len(found) > 50
        assert {there for _, there in found} <= ids
        assert sum(there > here for here, there in found) > 5
        assert sum(there < here for here, there in found) > 30


def everything(m: Message) -> str:
    return " ".join([m.text, *(e.url for e in m.entities if isinstance(e, t.MessageEntityTextUrl))])
