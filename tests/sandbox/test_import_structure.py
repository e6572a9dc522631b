"""Of an exported forum: topics, answers, what it was before, and kinds that have no file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telethon.extensions import BinaryReader

from sandbox.compare import compare
from sandbox.importing import load
from sandbox.importing.media import look_of, media_of
from sandbox.importing.text import text_and_entities
from sandbox.mtproto import convert
from sandbox.world import Channel, Message, World
from tests.sandbox.true_copy import copy_chat

EXPORTS = Path(__file__).parent / "exports"


class Imported:
    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner")
        self.world.send(self.owner.id, ("user", self.owner.id), [{"text": "a note of before"}])
        (self.channel,) = load(self.world, EXPORTS / "forum.json", owner=self.owner)
        self.found: dict[int, Message] = self.world.boxes["channel", self.channel.id].by_id


@pytest.fixture
def forum() -> Imported:
    return Imported()


def test_topics_and_what_stands_in_them(forum: Imported) -> None:
    channel: Channel = forum.channel
    assert channel.forum
    assert {i: topic.title for i, topic in channel.topics.items()} == {
        1: "General",
        3: "Timetable 时刻表",
        5: "Repairs",
    }
    topics = {i: m.topic for i, m in forum.found.items() if not m.service}
    assert {i for i, topic in topics.items() if topic == 3} == {4, 6, 9}
    assert {i for i, topic in topics.items() if topic == 5} == {7, 8, 10, 11, 16}
    assert {i for i, topic in topics.items() if topic is None} == {2, 12, 13, 14, 15}


def test_answers(forum: Imported) -> None:
    answers = {i: m.reply_to for i, m in forum.found.items() if m.reply_to}
    assert answers == {6: 4, 10: 7, 15: 900, 16: 8}
    assert [i for i, m in forum.found.items() if m.reply_peer] == [15]  # of another chat


def test_albums_end_with_their_topic(forum: Imported) -> None:
    group = forum.found[7].grouped_id
    assert group is not None
    assert [forum.found[i].grouped_id for i in (8, 9)] == [group, None]


def test_kinds_without_a_file(forum: Imported) -> None:
    media = {i: m.media for i, m in forum.found.items() if m.media}
    kinds = {i: m.kind for i, m in media.items() if i > 9}
    assert kinds == {10: "poll", 11: "todo", 12: "game", 13: "geo_live", 16: "contact"}
    poll, todo, game, live = (media[i] for i in (10, 11, 12, 13))
    assert poll.poll is not None
    assert (poll.poll["question"], poll.poll["answers"]) == ("Repair it?", ["yes", "no"])
    assert todo.payload is not None
    assert [i["text"] for i in todo.payload["items"]] == ["hammer", "钉子"]
    assert todo.payload["others_can_complete"]
    assert game.payload is not None
    assert game.payload["short_name"] == "rowing"
    assert live.payload == {"lat": 31.23, "long": 121.47, "period": 900}
    assert forum.found[7].look == {"spoiler": True}
    assert forum.found[14].fwd == {"date": 1672531210, "from": None, "name": "Nobody you know", "post": None}


def test_the_basic_group_that_it_was(forum: Imported) -> None:
    world, channel = forum.world, forum.channel
    assert channel.migrated_from is not None
    group, last = channel.migrated_from
    assert world.chats[group].migrated_to == channel.id
    box = world.boxes["user", forum.owner.id]
    ids = box.order["chat", group]
    old = [box.by_id[i] for i in ids]
    assert ids == sorted(ids)
    assert ids[-1] == last
    assert [m.service for m in old] == ["create", None, None, None, None, "migrate_to"]
    assert [m.text for m in old[1:3]] == ["We are few 我们", "Two"]
    assert old[2].reply_to == old[1].id
    assert old[3].grouped_id == old[4].grouped_id is not None
    assert old[1].sender == 6001
    assert forum.found[1].detail == group
    assert [d[2] and d[2].id for d in world.dialogs(forum.owner.id) if d[0] == ("chat", group)] == [last]


def test_all_of_it_can_be_read_and_copied(forum: Imported) -> None:
    world, peer = forum.world, ("channel", forum.channel.id)
    assert forum.channel.migrated_from is not None
    before = ("chat", forum.channel.migrated_from[0])
    for box in world.boxes.values():
        for m in box.by_id.values():
            written = convert.message_bytes(world, forum.owner.id, m)
            assert BinaryReader(written).tgread_object()._bytes() == written
    copy = copy_chat(world, peer, owner=forum.owner.id, skipped=set(), before=before)
    c = compare(world, peer, copy.peer, viewer=forum.owner.id, before=before)
    assert c.same, c
    assert c.copied == 17


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"story_id": 5, "story_peer_id": "user7"}, "story"),
        ({"location_information": {"latitude": 1, "longitude": 2}}, "geo"),
        ({"todo_list": {"title": "T", "answers": []}}, "todo"),
        ({"photo": "p.jpg"}, "photo"),
        ({"giveaway_information": {}}, "giveaway"),
    ],
)
def test_media(item: dict[str, Any], kind: str | None) -> None:
    found = media_of(World(), item)
    assert (found and found.kind) == kind


def test_looks() -> None:
    assert look_of({"self_destruct_period_seconds": 5, "media_spoiler": True}) == {"ttl": 5, "spoiler": True}
    assert look_of({}) is None


def test_halves_of_characters() -> None:
    text, entities = text_and_entities({"text": ["a\ud83d", {"type": "bold", "text": "b🚀"}]})
    assert text == "a\ufffdb🚀"
    assert (entities[0].offset, entities[0].length) == (2, 3)
    assert text.encode()


def test_whoever_is_made_later_does_not_take_a_number_of_the_export() -> None:
    world = World()
    there = world.add_user("Of the export", id=1001)
    assert [world.add_user(name).id for name in ("One", "Two")] == [1000, 1002]
    assert world.users[1001] is there
