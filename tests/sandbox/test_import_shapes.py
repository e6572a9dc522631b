"""What the world holds of exports as Telegram Desktop has written them from 2019 on."""

from __future__ import annotations

from pathlib import Path

import pytest
from telethon.tl import types as t

from sandbox.importing import load
from sandbox.world import Channel, Message, World

EXPORTS = Path(__file__).parent / "exports"


class Imported:
    def __init__(self, name: str) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner")
        self.chats = load(self.world, EXPORTS / name, owner=self.owner)

    def found(self, chat: Channel | None = None) -> dict[int, Message]:
        return self.world.boxes["channel", (chat or self.chats[0]).id].by_id

    def kinds(self) -> dict[int, str]:
        return {i: m.media.kind for i, m in self.found().items() if m.media}


@pytest.fixture(scope="module")
def bulletin() -> Imported:
    return Imported("bulletin.json")


@pytest.fixture(scope="module")
def group() -> Imported:
    return Imported("supergroup.json")


def test_texts_are_whole(bulletin: Imported) -> None:
    found = bulletin.found()
    assert found[3].text.startswith("Low tide at six. Mind the ramp, please\n\nhttps://example.org/tides?d=1")
    assert found[3].edit_date == found[3].date + 300
    assert found[3].signature == "Desk"
    assert len(found[43].text) == 4200
    assert found[47].text == "Timetable\n9:00\n渡口"
    assert [type(e) for e in found[5].entities] == [
        *[t.MessageEntityHashtag] * 3,
        t.MessageEntityCashtag,
        t.MessageEntityBotCommand,
        t.MessageEntityMention,
        t.MessageEntityEmail,
        t.MessageEntityPhone,
        t.MessageEntityBankCard,
    ]
    wide = found[6].text.encode("utf-16-le")
    pieces = [wide[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le") for e in found[6].entities]
    assert pieces[:4] == ["🛶🛶👨‍👩‍👧", "e\u0301a\u0308", "𝔸𝔹", "x = 1"]
    assert [e.collapsed for e in found[6].entities[-2:]] == [None, True]
    assert found[8].entities[-1].user_id == 700000001
    assert bulletin.world.users[700000001].first_name == "Ann"


def test_albums_of_a_channel(bulletin: Imported) -> None:
    found = bulletin.found()
    groups = {i: m.grouped_id for i, m in found.items() if m.grouped_id}
    assert [*groups] == [10, 11, 12, 13, 14, 15, 20, 21]
    assert len({*groups.values()}) == 2
    assert found[16].look == {"spoiler": True}


def test_media_of_a_channel(bulletin: Imported) -> None:
    kinds = bulletin.kinds()
    files = ["video", "audio", "video_note", "sticker", "animation"]
    assert [kinds[i] for i in range(22, 29)] == [*files, "poll", "poll"]
    impossible = ["giveaway", "giveaway_results", "paid", "invoice"]
    assert [kinds[i] for i in (38, 40, 41, 42, 45, 46)] == [*impossible, "photo", "unsupported"]
    bill, poll = bulletin.found()[42].media, bulletin.found()[28].media
    assert bill is not None
    assert bill.payload == {
        "title": "Season ticket",
        "description": "All piers",
        "currency": "EUR",
        "total_amount": 4900,
    }
    assert poll is not None
    assert poll.poll is not None
    assert (poll.poll["question"], poll.poll["answers"]) == ("Which 🛥?", ["the 🛥", "both"])
    assert bulletin.found()[45].look == {"ttl": 10}


def test_where_posts_come_from(bulletin: Imported) -> None:
    found = bulletin.found()
    headers = [m.fwd and (m.fwd["from"], m.fwd.get("name")) for m in (found[i] for i in range(30, 35))]
    assert headers == [
        (("channel", 1400000001), None),
        (None, "H."),
        (None, "Deleted Account"),
        (("user", 700000009), None),
        None,
    ]
    assert (found[34].reply_to, found[34].reply_peer) == (4, None)
    assert (found[35].reply_to, found[35].reply_peer) == (8, ("channel", 1400000001))
    assert [[b["text"] for b in row] for row in found[36].markup] == [
        ["Open", "👍 3"],
        ["Share", "Copy", "?"],
    ]
    bot = bulletin.world.users[found[37].via_bot or 0]
    assert (bot.bot, bot.username) == (True, "harbour_clock_bot")
    assert [i for i, m in found.items() if m.pinned] == [3, 10]
    assert [found[i].service for i in (39, 53, 54)] == ["other", "title", "other"]
    assert [bool(found[i].media) for i in (2, 56) if found[i].service == "photo"] == [True, False]


def test_people_of_a_group(group: Imported) -> None:
    found, users = group.found(), group.world.users
    assert {found[i].sender for i in (5, 6, 7)} == {700000001, 700000002, 700000003}
    assert [users[700000003].first_name, users[found[12].sender or 0].first_name] == [
        "Deleted Account",
        "Pier people",
    ]
    groups = {i: m.grouped_id for i, m in found.items() if m.grouped_id}
    assert [*groups] == [15, 16, 17, 18]  # of two people in the same second
    assert groups[15] == groups[16] != groups[17] == groups[18]
    assert [m.id for m in found.values() if m.pinned] == [5]


def test_places_of_a_group(group: Imported) -> None:
    kinds, found = group.kinds(), group.found()
    assert [kinds.get(i) for i in range(23, 31)] == [
        "contact",
        "geo",
        "geo_live",
        "geo_live",
        None,
        "venue",
        "venue",
        "game",
    ]
    assert found[27].text == found[47].text == "[empty message]"
    assert (kinds[22], found[22].text) == ("sticker", "a sticker's words")
    assert kinds[45] == "todo"


def test_topics_of_a_forum() -> None:
    forum = Imported("rowing.json")
    (chat,) = forum.chats
    assert {i: topic.title for i, topic in chat.topics.items()} == {1: "General", 3: "Boats 船", 5: "Trips"}
    topics = {i: m.topic for i, m in forum.found().items() if not m.service}
    assert [i for i, topic in topics.items() if topic == 3] == [4, 6, 14, 19]
    assert [i for i, topic in topics.items() if topic == 5] == [7, 12, 13, 17, 18]
    groups = {i: m.grouped_id for i, m in forum.found().items() if m.grouped_id}
    assert [*groups] == [12, 13]


def test_what_was_a_basic_group() -> None:
    choir = Imported("choir.json")
    (chat,) = choir.chats
    assert chat.migrated_from is not None
    box = choir.world.boxes["user", choir.owner.id]
    old = [box.by_id[i] for i in box.order["chat", chat.migrated_from[0]]]
    assert [m.service for m in old] == ["create", *[None] * 4, "pin", None, "migrate_to"]
    assert (old[2].reply_to, old[6].reply_to, old[5].detail) == (old[1].id, None, old[1].id)
    assert old[1].pinned
    found = choir.found()
    assert [m.service for m in found.values()] == ["migrate_from", None, None, None, None, "pin"]
    assert [(m.reply_to, m.reply_peer) for m in found.values()][1:5] == [
        (None, None),
        (321560, ("chat", 4000001)),
        (None, None),
        (2, None),
    ]


def test_an_account_of_2019() -> None:
    personal = Imported("personal.json").found()
    assert [i for i, m in personal.items() if m.edit_date] == [2677]  # all others were edited in 1970
    assert {m.sender for m in personal.values()} >= {700000001, 700000002}
    assert [i for i, m in personal.items() if m.look] == [2693, 2694]
    whole = Imported("whole.json")
    assert [c.title for c in whole.chats] == [
        "Bo",
        "Saved messages",
        "Clock",
        "Family",
        "Replies",
        "Personal chat",
        "Bo",
        "Silent",
        "Left behind",
    ]
    assert whole.found(whole.chats[3])[93].service == "other"  # where it moved to is another chat of the list
    assert len({c.id for c in whole.chats}) == 9
