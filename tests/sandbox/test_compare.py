"""A comparison may say "the same" only when it is: each kind of damage, alone and by hand."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as t

from sandbox.compare import Comparison, compare
from sandbox.world import Channel, Media, World


class Chats:
    """A source and a target channel, filled with specs (a bare text, or fields of Message)."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner")
        self.source = self.world.add_channel("Source", self.owner)
        self.target = self.world.add_channel("Target", self.owner)

    def fill(self, channel: Channel, specs: list[Any]) -> list[int]:
        fields = [{"text": s} if isinstance(s, str) else s for s in specs]
        return [m.id for _, m in self.world.send(self.owner.id, ("channel", channel.id), fields)]

    def photo(self) -> Media:
        return self.world.add_media("photo", b"photo %d" % len(self.world.files))

    def compared(self, **kw: Any) -> Comparison:
        return compare(self.world, ("channel", self.source.id), ("channel", self.target.id), **kw)


@pytest.fixture
def chats() -> Chats:
    return Chats()


def judged(chats: Chats, source: list[Any], target: list[Any]) -> Comparison:
    chats.fill(chats.source, source)
    chats.fill(chats.target, target)
    return chats.compared()


def counts(c: Comparison) -> dict[str, int]:
    found = {
        "missing": c.missing.count,
        "doubled": c.doubled.count,
        "out_of_order": c.out_of_order.count,
        "different": c.different,
        "foreign": c.foreign.count,
    }
    assert c.same == (not any(found.values()))
    return {name: n for name, n in found.items() if n}


def test_a_true_copy(chats: Chats) -> None:
    photo = chats.photo()
    specs = ["one", "ok", "ok", {"text": "", "media": photo}, "ok"]
    c = judged(chats, specs, specs)
    assert counts(c) == {}
    assert (c.source_messages, c.service, c.copied) == (6, 1, 5)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("a b c d", "a b d", {"missing": 1}),
        ("a b c d", "", {"missing": 4}),
        ("ok ok ok", "ok ok", {"missing": 1}),
        ("a ok ok b ok c", "a ok b ok c", {"missing": 1}),
        ("a b c d e f", "a b c d c d e f", {"doubled": 2}),
        ("a ok ok b ok c", "a ok ok b ok ok ok b ok c", {"doubled": 4}),
        ("a b c", "a b c a b c", {"doubled": 3}),
        ("a b c d e f g", "a e f g b c d", {"out_of_order": 3}),
        ("a b c d e f g h", "a f g b c d e h", {"out_of_order": 2}),
        ("a b c", "c b a", {"out_of_order": 2}),
        ("a b c", "a b X c", {"foreign": 1}),
        ("a ok ok b", "a ok X ok b", {"foreign": 1}),
        ("a b c d e f", "a c d X d f e", {"missing": 1, "doubled": 1, "foreign": 1, "out_of_order": 1}),
        ("ok a ok", "a ok ok", {"out_of_order": 1}),
    ],
)
def test_texts(chats: Chats, source: str, target: str, expected: dict[str, int]) -> None:
    assert counts(judged(chats, source.split(), target.split())) == expected


def test_names_the_ids(chats: Chats) -> None:
    source = chats.fill(chats.source, ["a", "b", "c", "d", "e"])
    target = chats.fill(chats.target, ["a", "c", "c", "X", "e", "d"])
    c = chats.compared()
    assert c.missing.first == [source[1]]
    assert c.doubled.first == [target[2]]
    assert c.foreign.first == [target[3]]
    assert c.out_of_order.first == [source[4]] or c.out_of_order.first == [source[3]]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"text": "hello wonderful wörld"}, ["text"]),
        ({"entities": []}, ["entities"]),
        ({"entities": [t.MessageEntityBold(1, 4)]}, ["entities"]),
        ({"entities": [t.MessageEntityItalic(0, 5)]}, ["entities"]),
        ({"media": None}, ["media"]),
        ({"media": Media("photo", 77)}, ["media"]),
        ({"text": "", "entities": []}, ["text", "entities"]),
        ({"grouped_id": 5}, []),  # an album of one is none
        ({"fwd": {"date": 1, "from": ("user", 1), "post": None}}, ["forward header"]),
        ({"media": None, "entities": []}, ["entities", "media"]),
    ],
)
def test_an_altered_copy(chats: Chats, change: dict[str, Any], what: list[str]) -> None:
    spec = {"text": "hello wonderful world", "entities": [t.MessageEntityBold(0, 5)], "media": chats.photo()}
    c = judged(chats, ["before", spec, "after"], ["before", spec | change, "after"])
    assert counts(c) == ({"different": 1} if what else {})
    assert [d.what for d in c.differences] == ([what] if what else [])


def test_an_exchanged_photo_without_words(chats: Chats) -> None:
    one, other = {"media": chats.photo()}, {"media": chats.photo()}
    c = judged(chats, ["before", one, "after"], ["before", other, "after"])
    assert counts(c) == {"different": 1}
    assert c.differences[0].what == ["media"]


def album(chats: Chats, size: int) -> list[Media]:
    return [chats.photo() for _ in range(size)]


def grouped(media: list[Media], *groups: int | None) -> list[Any]:
    return [{"media": m, "grouped_id": g} for m, g in zip(media, groups, strict=True)]


@pytest.mark.parametrize(
    ("ours", "theirs", "wrong"),
    [
        ((1, 1, 1, 1), (7, 7, 7, 7), 0),
        ((1, 1, 1, 1), (7, 7, 8, 8), 4),
        ((1, 1, 1, 1), (None, None, None, None), 4),
        ((1, 1, 1, 1), (7, 7, 7, None), 4),
        ((1, 1, 2, 2), (7, 7, 7, 7), 4),
        ((1, 1, 2, 2), (7, 8, 8, 7), 4),
        ((1, 1, 2, 2), (7, 7, 8, 8), 0),
        ((1, 1, None, None), (7, 7, 8, 8), 2),
        ((1, 1, None, None), (7, 7, 7, None), 3),
        ((1, None, None, None), (None, None, None, None), 0),
    ],
)
def test_albums(chats: Chats, ours: tuple[int], theirs: tuple[int], wrong: int) -> None:
    media = album(chats, 4)
    c = judged(chats, ["a", *grouped(media, *ours), "b"], ["a", *grouped(media, *theirs), "b"])
    assert counts(c) == ({"different": wrong} if wrong else {})
    assert all(d.what == ["grouping"] for d in c.differences)


def test_an_album_that_lost_a_member_is_not_regrouped(chats: Chats) -> None:
    media = album(chats, 4)
    whole = grouped(media, 1, 1, 1, 1)
    assert counts(judged(chats, ["a", *whole], ["a", *whole[:2], whole[3]])) == {"missing": 1}


def test_an_album_sent_twice_is_only_doubled(chats: Chats) -> None:
    media = album(chats, 3)
    twice = [*grouped(media, 7, 7, 7), *grouped(media, 8, 8, 8)]
    assert counts(judged(chats, ["a", *grouped(media, 1, 1, 1), "b"], ["a", *twice, "b"])) == {"doubled": 3}


def test_a_changed_and_moved_photo_is_both(chats: Chats) -> None:
    photo = {"text": "sunrise", "media": chats.photo()}
    c = judged(chats, [photo, "a", "b", "c"], ["a", "b", "c", photo | {"text": ""}])
    assert counts(c) == {"out_of_order": 1, "different": 1}


def test_a_poll_must_be_the_same_poll(chats: Chats) -> None:
    poll = chats.world.add_media("poll", poll={"question": "?", "answers": ["a", "b"]})
    other = chats.world.add_media("poll", poll={"question": "?", "answers": ["b", "a"]})
    assert counts(judged(chats, ["a", {"media": poll}], ["a", {"media": other}])) == {"different": 1}


def test_deleted_and_service_messages_are_not_expected(chats: Chats) -> None:
    ids = chats.fill(chats.source, ["a", "b", "c"])
    chats.world.delete(chats.owner.id, ("channel", chats.source.id), [ids[1]])
    chats.fill(chats.target, ["a", "c"])
    c = chats.compared()
    assert c.same
    assert (c.source_messages, c.service, c.copied) == (3, 1, 2)


def test_skipped_with_leave(chats: Chats) -> None:
    ids = chats.fill(chats.source, ["a", "b", "c"])
    chats.fill(chats.target, ["a", "c"])
    assert chats.compared().missing.first == [ids[1]]
    c = chats.compared(skipped=[ids[1], 999])
    assert c.same
    assert c.skipped == 1


def test_what_the_target_had_before_does_not_count(chats: Chats) -> None:
    before = chats.fill(chats.target, ["a", "old"])
    chats.fill(chats.source, ["a", "b"])
    chats.fill(chats.target, ["a", "b"])
    assert counts(chats.compared()) == {"doubled": 1, "foreign": 1}
    assert chats.compared(target_after=before[-1]).same


def test_private_chats_are_seen_from_their_viewer(chats: Chats) -> None:
    other = chats.world.add_user("Other")
    chats.world.send(other.id, ("user", chats.owner.id), [{"text": "a"}, {"text": "b"}])
    chats.fill(chats.target, ["a"])
    c = compare(chats.world, ("user", other.id), ("channel", chats.target.id), viewer=chats.owner.id)
    assert counts(c) == {"missing": 1}


def test_lists_only_the_first_twenty(chats: Chats) -> None:
    c = judged(chats, [str(i) for i in range(50)], [])
    assert c.missing.count == 50
    assert len(c.missing.first) == 20
    assert c.as_dict()["missing"]["count"] == 50


def test_twenty_thousand_with_everything_wrong_is_quick(chats: Chats) -> None:
    specs: list[Any] = [f"{i}" if i % 3 else "ok" for i in range(20_000)]
    damaged = [*specs[5_000:9_000], "X", *specs[:5_000], *specs[9_100:], *specs[50:150]]
    c = judged(chats, specs, damaged)
    # a hundred are lost and a hundred doubled, but 33 of each are "ok": no one can tell those from moved ones
    assert (c.missing.count, c.doubled.count, c.foreign.count, c.different) == (67, 67, 1, 0)
    assert c.out_of_order.count == 4_000 + 33
