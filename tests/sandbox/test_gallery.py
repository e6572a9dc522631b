"""The gallery: what it says of each entry is so, and a true copy of it is told from every damaged one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telethon.extensions import BinaryReader
from telethon.tl import types as t

from sandbox.mtproto import convert
from sandbox.world import Media, Message, RpcFailure
from tests.sandbox.gallery_hall import Hall
from tests.sandbox.true_copy import TrueCopy

NAMES = ("channel", "forum", "discussed", "migrated", "crowd")


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.mark.parametrize("name", NAMES)
def test_a_true_copy_is_the_same(hall: Hall, name: str) -> None:
    copy = hall.copied(name)
    c = hall.compared(name, copy)
    assert c.same, c
    assert c.declared == 0
    e = hall.exhibit(name)
    assert c.copied == sum(len(x.ids) for x in e.entries + e.earlier if x.fate == "copied")
    if e.comments is not None:
        assert c.comments is not None
        assert c.comments.copied == sum(len(x.ids) for x in e.below)


def test_every_label_of_a_kind_and_every_id_is_there(hall: Hall) -> None:
    for e in hall.gallery.exhibits:
        box = hall.world.boxes[e.peer]
        ids = [i for x in e.entries for i in x.ids]
        content = [m.id for m in box.by_id.values() if not m.service]
        assert sorted(ids) == content
    labels = [x.label for x in hall.gallery.channel.entries]
    assert len(set(labels)) > 130
    assert all(x.reason for x in hall.gallery.channel.entries if x.fate == "skipped")


def test_all_of_it_can_be_read_by_telethon(hall: Hall) -> None:
    for box in hall.world.boxes.values():
        for m in box.by_id.values():
            written = convert.message_bytes(hall.world, hall.owner.id, m)
            assert BinaryReader(written).tgread_object()._bytes() == written


#: Copied, but not by forwarding them.
SENT_ANEW = {"quiz, not answered", "poll that shows who voted"}


def test_telegram_refuses_just_what_is_skipped(hall: Hall) -> None:
    target = ("channel", hall.world.add_channel("Target", hall.owner).id)
    e = hall.gallery.channel
    refused = set()
    for entry in e.entries:
        try:
            hall.world.forward(hall.owner.id, e.peer, entry.ids, target, entry.ids, drop_author=True)
        except RpcFailure:
            refused.add(entry.label)
    assert refused == {x.label for x in e.entries if x.fate == "skipped"} | SENT_ANEW


def swapped(entity: Any) -> list[Any]:
    return [t.MessageEntityUnderline(entity.offset, entity.length)]


#: Label in the channel, what is done to the copy, and the word for it.
DAMAGE: list[tuple[str, Callable[[Message], dict[str, Any]], list[str]]] = [
    ("custom emoji", lambda m: {"entities": []}, ["entities"]),
    ("expandable quote", lambda m: {"entities": swapped(m.entities[0])}, ["entities"]),
    ("code with language", lambda m: {"entities": swapped(m.entities[0])}, ["entities"]),
    ("link preview", lambda m: {"webpage": None}, ["preview"]),
    ("large link preview", lambda m: {"webpage": m.webpage | {"large": False}}, ["preview"]),  # type: ignore[operator]
    ("preview switched off", lambda m: {"webpage": {"url": "https://example.org/story"}}, ["preview"]),
    ("link preview above the text", lambda m: {"invert": False}, ["position"]),
    ("caption above", lambda m: {"invert": False}, ["position"]),
    ("rich message", lambda m: {"rich": None}, ["rich"]),
    ("photo behind a spoiler", lambda m: {"look": None}, ["look"]),
    ("video with cover", lambda m: {"look": {"cover": Media("photo", 5, b"?")}}, ["look"]),
    ("video with timestamp", lambda m: {"look": {"timestamp": 34}}, ["look"]),
    ("photo", lambda m: {"media": Media("photo", 5, b"?")}, ["media"]),
    ("dice", lambda m: {"media": Media("dice", payload={"value": 6, "emoticon": "🎲"})}, ["media"]),
    ("closed poll", lambda m: {"media": reopened(m)}, ["media"]),
    ("live place", lambda m: {"media": Media("geo", payload={"lat": 31.23041, "long": 121.4737})}, ["media"]),
    ("album of ten", lambda m: {"grouped_id": None}, ["grouping"]),
    (
        "forwarded from a person",
        lambda m: {"fwd": {"date": 1, "from": None, "name": "x"}},
        ["forward header"],
    ),
    ("reply", lambda m: {"reply_to": m.reply_to + 1}, ["reply"]),  # type: ignore[operator]
    ("reply with an album", lambda m: {"reply_to": None}, ["reply"]),
    ("reply to another chat", lambda m: {"reply_peer": None}, ["reply"]),
    ("quote with a style", lambda m: {"quote": m.quote | {"entities": []}}, ["quote"]),  # type: ignore[operator]
    ("quote of the end", lambda m: {"quote": None}, ["quote"]),
    ("link behind words", lambda m: {"entities": moved(m)}, ["link"]),
    ("link forward", lambda m: {"text": m.text + "1", "entities": longer(m)}, ["link"]),
    ("link with its preview", lambda m: {"webpage": {"url": "https://t.me/gallery_of_kinds/2"}}, ["preview"]),
]


def reopened(m: Message) -> Media:
    assert m.media is not None
    return Media("poll", 5, poll=(m.media.poll or {}) | {"closed": False})


def moved(m: Message) -> list[Any]:
    (e,) = m.entities
    return [t.MessageEntityTextUrl(e.offset, e.length, f"{e.url}1")]


def longer(m: Message) -> list[Any]:
    (e,) = m.entities
    return [t.MessageEntityUrl(e.offset, e.length + 1)]


@pytest.fixture(scope="module")
def shown() -> tuple[Hall, TrueCopy]:
    hall = Hall()
    return hall, hall.copied("channel")


@pytest.mark.parametrize(("label", "change", "what"), DAMAGE, ids=[x[0] for x in DAMAGE])
def test_damage_is_told(
    shown: tuple[Hall, TrueCopy], label: str, change: Callable[[Message], dict[str, Any]], what: list[str]
) -> None:
    hall, copy = shown
    m = hall.copy_of(copy, "channel", label)
    changes = change(m)
    before = {name: getattr(m, name) for name in changes}
    for name, value in changes.items():
        setattr(m, name, value)
    c = hall.compared("channel", copy)
    for name, value in before.items():
        setattr(m, name, value)
    assert [d.what for d in c.differences if d.target_id == m.id] == [what]
    others = {tuple(d.what) for d in c.differences if d.target_id != m.id}
    assert others <= {("grouping",)}  # the rest of an album
    assert (c.missing.count, c.foreign.count, c.doubled.count, c.out_of_order.count) == (0, 0, 0, 0)
    assert not c.same


def test_what_is_declared_is_only_counted(shown: tuple[Hall, TrueCopy]) -> None:
    hall, copy = shown
    changed = {
        "live place": Media("geo", payload={"lat": 31.23041, "long": 121.4737}),
        "dice": Media("dice", payload={"value": 1, "emoticon": "🎲"}),
        "another dice": Media("dice", payload={"value": 1, "emoticon": "🎯"}),
        "quiz, not answered": Media(
            "poll", poll={"question": "Not answered?", "answers": ["Tea 茶", "Coffee", "水"]}
        ),
        "poll that shows who voted": Media(
            "poll", poll={"question": "Who drinks what?", "answers": ["Tea 茶", "水"]}
        ),
    }
    kept = {}
    for label, medium in changed.items():
        m = hall.copy_of(copy, "channel", label)
        kept[label], m.media = m.media, medium
    c = hall.compared("channel", copy, declared=hall.gallery.channel.declared)
    found = hall.compared("channel", copy)
    for label, medium in kept.items():
        hall.copy_of(copy, "channel", label).media = medium
    assert (c.same, c.declared) == (True, 5)
    assert [d.what for d in found.differences] == [["media"]] * 5


def test_strict_asks_for_what_no_copy_keeps(shown: tuple[Hall, TrueCopy]) -> None:
    hall, copy = shown
    c = hall.compared("channel", copy, strict=True)
    assert sorted(d.what for d in c.differences) == [["buttons"], ["effect"], ["signature"], ["via bot"]]
    assert hall.compared("channel", copy, strict=True, declared=hall.gallery.channel.declared).same
