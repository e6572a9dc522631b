"""Planted damage must come out with exact counts, whatever the chat looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.compare import Comparison, compare
from sandbox.world import Media, Message, World

Specs = list[Message]
PEER = ("channel", 1)


def message(text: str, media: int | None = None, group: int | None = None) -> Message:
    return Message(0, PEER, None, 1, text, media=Media("photo", media) if media else None, grouped_id=group)


def chat(random: Random, length: int, *, unique: bool) -> Specs:
    """A mixture of texts, photos and albums; without `unique`, with many equal short texts."""
    found: Specs = []
    while len(found) < length:
        n = len(found)
        kind = random.random()
        if kind < 0.3 and not unique:
            found += [message(random.choice(["ok", "+1", "好的"])) for _ in range(random.randint(1, 6))]
        elif kind < 0.6:
            found.append(message(f"message number {n}: {random.random()}"))
        elif kind < 0.8:
            found.append(message(f"photo {n}" if random.random() < 0.5 else "", media=1000 + n))
        else:
            size = random.randint(2, 10)
            found += [message("", media=1000 + n + i, group=n + 1) for i in range(size)]
    return found


def judge(source: Specs, target: Specs) -> Comparison:
    world = World()
    peers = []
    for specs in (source, target):
        c = world.add_channel("Channel")
        box = world.boxes["channel", c.id]
        for spec in specs:
            box.add(replace(spec, id=box.next_id, peer=box.key))
            box.next_id += 1
        peers.append(box.key)
    return compare(world, *peers)


@dataclass(frozen=True)
class Counts:
    missing: int = 0
    doubled: int = 0
    out_of_order: int = 0
    different: int = 0
    foreign: int = 0


def counted(c: Comparison) -> Counts:
    return Counts(c.missing.count, c.doubled.count, c.out_of_order.count, c.different, c.foreign.count)


randoms = st.integers(0, 2**32).map(Random)
many = settings(max_examples=100, deadline=None)


def regrouped(specs: Specs) -> Specs:
    """A copy as Telegram makes it: the same albums under other numbers."""
    return [replace(m, grouped_id=m.grouped_id + 10**6 if m.grouped_id else None) for m in specs]


@many
@given(randoms, st.integers(0, 150), st.booleans())
def test_an_untouched_copy_is_the_same(random: Random, length: int, unique: bool) -> None:
    source = chat(random, length, unique=unique)
    assert judge(source, regrouped(source)).same


@many
@given(randoms, st.booleans(), st.integers(1, 40))
def test_missing_anywhere(random: Random, unique: bool, lost: int) -> None:
    source = chat(random, 120, unique=unique)
    gone = set(random.sample(range(len(source)), lost))
    target = regrouped([m for i, m in enumerate(source) if i not in gone])
    assert counted(judge(source, target)) == Counts(missing=lost)


@many
@given(randoms, st.booleans(), st.integers(1, 100))
def test_a_doubled_batch(random: Random, unique: bool, size: int) -> None:
    source = chat(random, 120, unique=unique)
    at = random.randrange(len(source) - size)
    while source[at].grouped_id or source[at + size - 1].grouped_id:  # a batch never cuts an album
        at, size = (at + 1, size) if source[at].grouped_id else (at, size - 1)
        if size < 1 or at + size > len(source):
            return
    batch = source[at : at + size]
    again = [replace(m, grouped_id=m.grouped_id + 5 * 10**6 if m.grouped_id else None) for m in batch]
    target = [*regrouped(source[: at + size]), *again, *regrouped(source[at + size :])]
    assert counted(judge(source, target)) == Counts(doubled=size)


@many
@given(randoms, st.integers(1, 50), st.integers(1, 50))
def test_swapped_batches(random: Random, first: int, second: int) -> None:
    source = chat(random, 120, unique=True)
    at = random.randrange(len(source) - first - second)
    a, b = source[at : at + first], source[at + first : at + first + second]
    target = regrouped([*source[:at], *b, *a, *source[at + first + second :]])
    assert counted(judge(source, target)) == Counts(out_of_order=min(first, second))


@many
@given(randoms, st.booleans(), st.integers(1, 10))
def test_foreign_posts(random: Random, unique: bool, posts: int) -> None:
    source = chat(random, 120, unique=unique)
    target = regrouped(source)
    for n in range(posts):
        target.insert(random.randrange(len(target) + 1), message(f"#### {n} ####"))
    assert counted(judge(source, target)) == Counts(foreign=posts)


@many
@given(randoms, st.integers(1, 10))
def test_altered_texts(random: Random, altered: int) -> None:
    source = chat(random, 120, unique=True)
    texts = [i for i, m in enumerate(source) if m.text]
    chosen = random.sample(texts, min(altered, len(texts)))
    target = regrouped(source)
    for i in chosen:
        target[i] = replace(target[i], text=target[i].text + "!")
    assert counted(judge(source, target)) == Counts(different=len(chosen))


@many
@given(randoms, st.booleans())
def test_split_albums(random: Random, unique: bool) -> None:
    source = chat(random, 120, unique=unique)
    members = sum(1 for m in source if m.grouped_id)
    target = [replace(m, grouped_id=None) for m in source]
    assert counted(judge(source, target)) == Counts(different=members)


@many
@given(randoms)
def test_everything_at_once(random: Random) -> None:
    source = chat(random, 400, unique=True)
    plain = [i for i, m in enumerate(source) if m.text and not m.media and 50 < i < 300]
    lost, twice, altered = plain[3], plain[6], plain[9]
    target = regrouped(source)
    target[altered] = replace(target[altered], text=target[altered].text + "!")
    target.insert(twice + 1, target[twice])
    del target[lost]
    target.append(message("#### foreign ####"))
    expected = Counts(missing=1, doubled=1, different=1, foreign=1)
    assert counted(judge(source, target)) == expected


@many
@given(randoms, st.booleans())
def test_any_damage_is_seen(random: Random, unique: bool) -> None:
    source = chat(random, 60, unique=unique)
    target = regrouped(source)
    for _ in range(random.randint(1, 4)):
        i, j = random.randrange(len(target)), random.randrange(len(target))
        kind = random.randrange(3)
        if kind == 0:
            del target[i]
        elif kind == 1:
            target.insert(i, target[j])
        else:
            target[i], target[j] = target[j], target[i]

    def content(specs: Specs) -> list[tuple[str, int | None]]:
        return [(m.text, m.media.id if m.media else None) for m in specs]

    c = judge(source, target)
    if content(target) != content(source):
        assert not c.same
    assert c.copied + c.missing.count == len(source)
    assert c.copied + c.doubled.count + c.foreign.count == len(target)
