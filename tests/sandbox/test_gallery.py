"""The gallery: what it says of each entry is so, and a true copy of it is told from every damaged one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telethon.extensions import BinaryReader
from telethon.tl import types as t

from sandbox.compare import Comparison, compare
from sandbox.mtproto import convert
from sandbox.scenario.gallery import Exhibit, Gallery, build_gallery
from sandbox.world import Media, Message, RpcFailure, World
from tests.sandbox.true_copy import TrueCopy, copy_chat, topic_named

NAMES = ("channel", "forum", "discussed", "migrated", "crowd")


class Hall:
    """A gallery, and a true copy of one exhibit in it."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner", phone="1")
        self.gallery: Gallery = build_gallery(self.world, self.owner)

    def exhibit(self, name: str) -> Exhibit:
        return next(e for e in self.gallery.exhibits if e.name == name)

    def copied(self, name: str) -> TrueCopy:
        e = self.exhibit(name)
        return copy_chat(self.world, e.peer, owner=self.owner.id, skipped=set(e.skipped), before=e.before)

    def compared(self, name: str, copy: TrueCopy, **options: Any) -> Comparison:
        e = self.exhibit(name)
        options = {"profile": True, "comments": e.comments is not None, "skipped": e.skipped} | options
        return compare(self.world, e.peer, copy.peer, viewer=self.owner.id, before=e.before, **options)

    def copy_of(self, copy: TrueCopy, name: str, label: str, number: int = 0) -> Message:
        return self.world.boxes[copy.peer].by_id[copy.ids[self.exhibit(name).of(label)[number]]]


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
    (m,) = [hall.copy_of(copy, "channel", "live place")]
    kept, m.media = m.media, Media("geo", payload={"lat": 31.23041, "long": 121.4737})
    c = hall.compared("channel", copy, declared=hall.gallery.channel.declared)
    m.media = kept
    assert (c.same, c.declared) == (True, 1)


def test_strict_asks_for_what_no_copy_keeps(shown: tuple[Hall, TrueCopy]) -> None:
    hall, copy = shown
    c = hall.compared("channel", copy, strict=True)
    assert sorted(d.what for d in c.differences) == [["buttons"], ["effect"], ["signature"], ["via bot"]]
    assert hall.compared("channel", copy, strict=True, declared=hall.gallery.channel.declared).same


def test_profile_and_pins(hall: Hall) -> None:
    copy = hall.copied("channel")
    pins = [m for m in hall.world.boxes[copy.peer].by_id.values() if m.pinned]
    assert len(pins) == 4
    pins[0].pinned = False
    hall.copy_of(copy, "channel", "dice").pinned = True
    copy.target.about, copy.target.photo = "Other", Media("photo", 5, b"?")
    c = hall.compared("channel", copy)
    assert [p.split(" ", 1)[1] for p in c.pins] == ["is not pinned", "is pinned"]
    assert c.profile == ["about", "photo"]
    assert not c.same
    assert hall.compared("channel", copy, pins=False, profile=False).same


def test_topics(hall: Hall) -> None:
    copy = hall.copied("forum")
    channel = copy.target
    topic_named(channel, "Repairs 🛠").closed = False
    topic_named(channel, "Timetable 时刻表").icon_emoji = 7
    channel.topics[1].title = "General"
    channel.pinned_topics.reverse()
    lost = topic_named(channel, "Empty 空").id
    del channel.topics[lost]
    made = hall.world.add_topic(channel, "Another", hall.owner)
    hall.copy_of(copy, "forum", "reply across topics").topic = None
    c = hall.compared("forum", copy)
    assert [d.what for d in c.differences] == [["topic"]]
    found = {(x.target_id, *x.what) for x in c.topics}
    pinned = {(i, "pinned") for i in channel.pinned_topics}
    assert found == pinned | {
        (None, "missing"),
        (1, "title"),
        (topic_named(channel, "Repairs 🛠").id, "closed"),
        (topic_named(channel, "Timetable 时刻表").id, "icon"),
        (made.id, "foreign"),
    }


def test_comments_under_the_wrong_post(hall: Hall) -> None:
    copy = hall.copied("discussed")
    group = hall.world.boxes["channel", copy.target.linked or 0]
    below = [group.by_id[i] for i in copy.below.values()]
    first = next(m for m in below if m.text == "Good")
    other = next(m for m in below if m.text == "The third one!")
    other.top = other.reply_to = first.top
    lost = next(m for m in below if m.text == "Because")
    group.remove(lost.id)
    c = hall.compared("discussed", copy)
    assert c.comments is not None
    assert [d.what for d in c.comments.differences] == [["thread"]]
    assert c.comments.missing.count == 1
    assert not c.same
    assert hall.compared("discussed", copy, comments=False).same


def test_a_comment_linked_to(hall: Hall) -> None:
    copy = hall.copied("discussed")
    m = hall.copy_of(copy, "discussed", "link to a comment")
    good = hall.exhibit("discussed").below[0].ids[0]
    for comment, right in ((copy.below[good], True), (good, False)):
        shown, kept = f"?comment={comment}", (m.text, m.entities)
        (e,) = m.entities
        m.text, m.entities = m.text + shown, [t.MessageEntityUrl(e.offset, e.length + len(shown))]
        assert hall.compared("discussed", copy).same is right
        m.text, m.entities = kept


def test_the_old_group_s_history_comes_first(hall: Hall) -> None:
    copy = hall.copied("migrated")
    e = hall.exhibit("migrated")
    c = compare(hall.world, e.peer, copy.peer, viewer=hall.owner.id)
    assert c.doubled.count + c.foreign.count == sum(len(x.ids) for x in e.earlier)
    old_reply = next(x.ids[0] for x in e.earlier if x.label == "old reply") - 2**40
    hall.world.boxes[copy.peer].by_id[copy.ids[old_reply]].reply_to = None
    c = hall.compared("migrated", copy)
    assert [(d.source_id, d.what) for d in c.differences] == [(old_reply, ["reply"])]


def test_one_topic_to_a_chat_and_back(hall: Hall) -> None:
    e = hall.exhibit("forum")
    copy = hall.copied("forum")
    source = hall.world.channels[e.peer[1]]
    topic = topic_named(source, "Repairs 🛠").id
    chat = ("channel", hall.world.add_channel("Chat", hall.owner, megagroup=True).id)
    box = hall.world.boxes[e.peer]
    for m in [box.by_id[i] for i in box.order[e.peer]]:
        if m.topic == topic and not m.service:
            hall.world.commit(
                hall.owner.id, chat, [{"text": m.text, "media": m.media, "grouped_id": m.grouped_id}]
            )
    assert compare(hall.world, e.peer, chat, source_topic=topic).same
    assert compare(hall.world, e.peer, chat).missing.count > 10
    assert compare(hall.world, chat, copy.peer, target_topic=copy.ids[topic]).same
    assert compare(hall.world, e.peer, copy.peer, source_topic=topic, target_topic=copy.ids[topic]).same
