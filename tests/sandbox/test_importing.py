"""Telegram Desktop's exports: what people bring becomes a chat like their own, or a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from telethon.helpers import add_surrogate
from telethon.tl import types as t

from sandbox.importing import ImportFailure, load
from sandbox.importing.text import ENTITIES, text_and_entities
from sandbox.world import Channel, Message, World

EXPORTS = Path(__file__).parent / "exports"


def loaded(path: Path, *names: str) -> tuple[World, list[Channel]]:
    world = World()
    return world, load(world, path, owner=world.add_user("Owner"), names=names)


def messages(world: World, channel: Channel) -> dict[int, Message]:
    box = world.boxes["channel", channel.id]
    assert list(box.by_id) == box.order.get(box.key, []) == sorted(box.by_id)
    return box.by_id


@pytest.fixture
def channel() -> dict[int, Message]:
    world, (found,) = loaded(EXPORTS / "channel.json")
    assert (found.id, found.title, found.megagroup) == (1234567890, "渡口 News", False)
    assert world.boxes["channel", found.id].next_id == 16
    return messages(world, found)


def test_keeps_ids_and_holes(channel: dict[int, Message]) -> None:
    assert list(channel) == [1, 2, 5, 6, 7, 8, 10, 11, 12, 13, 15]


def test_text_with_entities_in_utf16(channel: dict[int, Message]) -> None:
    m = channel[2]
    assert m.text == "👍🏽 早上好 everyone 🚀, see this"
    bold, link = m.entities
    text = add_surrogate(m.text)
    assert (type(bold), type(link)) == (t.MessageEntityBold, t.MessageEntityTextUrl)
    assert text[bold.offset :][: bold.length] == add_surrogate("everyone 🚀")
    assert text[link.offset :][: link.length] == "this"
    assert link.url == "https://example.org/a"
    assert (m.date, m.edit_date, m.sender) == (1614593100, 1614593160, None)
    assert channel[15].text == "plain, as older exports have it"
    assert channel[15].markup == [[{"text": "Open", "url": "https://example.org"}]]


def test_albums(channel: dict[int, Message]) -> None:
    group = channel[5].grouped_id
    assert group is not None
    assert [m.grouped_id for m in channel.values() if m.media] == [group, group, group, None, None, None]
    assert channel[5].reply_to == channel[7].reply_to == 2
    video = channel[7].media
    assert video is not None
    assert (video.kind, video.mime, video.duration) == ("video", "video/mp4", 12)
    assert (video.w, video.h, video.name) == (848, 480, "IMG_1.mp4")


def test_poll_forward_and_service(channel: dict[int, Message]) -> None:
    poll = channel[10].media
    assert poll is not None
    assert poll.kind == "poll"
    assert poll.poll is not None
    assert (poll.poll["question"], poll.poll["answers"]) == ("Tea or coffee?", ["Tea 茶", "Coffee"])
    assert poll.poll["closed"] is True
    assert channel[10].fwd is not None
    assert [channel[i].service for i in (1, 11, 12)] == ["create", "pin", "other"]
    assert channel[11].detail == 10
    assert channel[10].pinned
    assert [i for i, m in channel.items() if m.pinned] == [10]
    assert channel[12].text == "edit chat theme"
    assert channel[13].media is not None
    assert channel[13].media.kind == "giveaway"


def test_a_group_of_a_whole_account() -> None:
    world, (tea, saved, empty) = loaded(EXPORTS / "account.json")
    assert [c.title for c in (tea, saved, empty)] == ["Tea friends", "Saved messages", "Empty"]
    assert (tea.id, tea.megagroup, empty.megagroup) == (1987654321, True, False)
    found = messages(world, tea)
    kinds = [m.media.kind if m.media else m.service for m in found.values()]
    assert kinds[:6] == ["sticker", "voice", "contact", "venue", "geo", "document"]
    assert kinds[6:] == ["document", "video_note", "animation", "audio", "join"]
    assert not any(m.grouped_id for m in found.values())  # two people's files of one second are no album
    assert [found[i].sender for i in (2, 3, 4)] == [5001, 5002, 5003]
    assert world.users[5001].first_name == "Ann"
    assert world.users[5003].first_name == "Deleted Account"
    assert found[2].date == 1640995200  # without a Unix time: as if UTC
    assert found[7].media is not None
    assert found[7].media.name == "report.pdf"
    assert list(messages(world, saved)) == [77]


def test_chosen_chats() -> None:
    assert [c.title for c in loaded(EXPORTS / "account.json", "tea FRIENDS")[1]] == ["Tea friends"]
    with pytest.raises(ImportFailure, match="no chat named 'Coffee'; it has: Tea friends, Saved messages"):
        loaded(EXPORTS / "account.json", "Coffee")


def test_the_same_export_twice_gets_another_id() -> None:
    world, first = loaded(EXPORTS / "channel.json")
    (second,) = load(world, EXPORTS / "channel.json", owner=world.users[next(iter(world.users))])
    assert second.id != first[0].id
    assert len(messages(world, second)) == 11


def test_albums_hold_ten(tmp_path: Path) -> None:
    photo = {"type": "message", "date_unixtime": "5", "photo": "p.jpg", "text": ""}
    export = {"name": "A", "type": "private_channel", "id": 1, "messages": [
        photo | {"id": i} for i in [*range(1, 13), 14]
    ]}  # fmt: skip
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export))
    world, (found,) = loaded(path)
    groups = [m.grouped_id for m in messages(world, found).values()]
    assert len(set(groups[:10])) == 1
    assert groups[10] == groups[11] not in (None, groups[0])
    assert groups[12] is None  # a deleted one stood between


def test_knows_every_kind_of_entity() -> None:
    for name in ENTITIES:
        part: dict[str, Any] = {"type": name, "text": "🛶x", "href": "h", "user_id": 5, "document_id": "(no)"}
        text, (entity,) = text_and_entities({"text": ["渡", part, "!"]})
        assert text == "渡🛶x!"
        assert (entity.offset, entity.length) == (1, 3)
        assert bytes(entity)
    for name in ("plain", "unknown", "something new"):
        assert text_and_entities({"text_entities": [{"type": name, "text": "a"}]}) == ("a", [])


def good() -> dict[str, Any]:
    return json.loads((EXPORTS / "channel.json").read_text())


def changed(number: int, **fields: Any) -> str:
    export = good()
    export["messages"][number] |= fields
    return json.dumps(export)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "no JSON"),
        ("hello", "no JSON"),
        ("<!DOCTYPE html><html>", "export as HTML"),
        ("[1, 2]", "no Telegram export"),
        ("{}", "no chat with messages"),
        ('{"messages": 5}', "no chat with messages"),
        ('{"chats": {"list": []}}', "no chat with messages"),
        (json.dumps(good())[:-100], "cut off at line 1"),
        (json.dumps(good(), indent=1)[:900], "cut off at line"),
        (json.dumps(good()).replace("},", "}", 1), "damaged at line 1"),
        (changed(3, id="x"), "follows message 5 is no message"),
        (changed(3, id=5), "message 5 of '渡口 News' stands there twice"),
        (changed(6, poll=None), "message after 8 cannot be understood"),
        (changed(6, date_unixtime="noon"), "message after 8 cannot be understood"),
        (b"\xff\xfe\x00", "no JSON"),
    ],
)
def test_bad_files_get_a_sentence(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ImportFailure) as e:
        loaded(path)
    assert sentence in str(e.value)
    assert str(e.value).endswith(".")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ImportFailure, match="There is no file"):
        loaded(tmp_path / "nothing.json")
    with pytest.raises(ImportFailure, match=r"name the result\.json inside"):
        loaded(tmp_path)
