"""Topics, pins, profiles, comments and old histories of the gallery: each damage by its name."""

from __future__ import annotations

import pytest
from telethon.tl import types as t

from sandbox.compare import compare
from sandbox.world import Media
from tests.sandbox.gallery_hall import Hall
from tests.sandbox.true_copy import topic_named


@pytest.fixture
def hall() -> Hall:
    return Hall()


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
    address, (e,) = m.text.partition("?")[0], m.entities
    assert m.text == f"{address}?comment={copy.below[good]}"
    for shown in ("", f"?comment={good}"):
        m.text = address + shown
        m.entities = [t.MessageEntityUrl(e.offset, len(m.text) - e.offset)]
        c = hall.compared("discussed", copy)
        assert [d.what for d in c.differences] == [["link"]]
        assert hall.compared("discussed", copy, comments=False).same


@pytest.mark.parametrize("label", ["link to a post", "link to an earlier comment", "link to a later comment"])
@pytest.mark.parametrize("wrong", ["source", "other", "no comment"])
def test_what_comments_link_to(hall: Hall, label: str, wrong: str) -> None:
    copy = hall.copied("discussed")
    (number,) = next(x.ids for x in hall.exhibit("discussed").below if x.label == label)
    m = hall.world.boxes["channel", copy.target.linked or 0].by_id[copy.below[number]]
    (e,) = m.entities
    if wrong == "source":
        ours = hall.world.boxes[hall.exhibit("discussed").comments or ("chat", 0)].by_id[number]
        m.text, m.entities = ours.text, ours.entities
    else:
        before, _, comment = m.text.partition("?")
        m.text = f"{before}7?{comment}" if wrong == "other" else before
        m.entities = [t.MessageEntityUrl(e.offset, len(m.text) - e.offset)]
    found = hall.compared("discussed", copy).comments
    assert found is not None
    right = wrong == "no comment" and label == "link to a post"
    assert [(d.source_id, d.what) for d in found.differences] == ([] if right else [(number, ["link"])])


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
