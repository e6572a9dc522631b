"""What Telegram Desktop writes wrong is read all the same; what nobody can read gets a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.importing import ImportFailure, load
from sandbox.importing.repairing import repaired
from sandbox.world import Message, World
from tests.sandbox.test_import_properties import loaded

HUGE = 10**30
CHAT = {"name": "Pier", "type": "private_channel", "id": 1_500_000_001}
MESSAGE = {"id": 5, "type": "message", "date": "2023-01-01T00:00:00", "from_id": "user7", "text": "hi"}


def written(*messages: dict[str, Any]) -> bytes:
    return json.dumps(CHAT | {"messages": messages}, ensure_ascii=False, indent=1).encode()


def imported(folder: Path, content: bytes) -> dict[int, Message]:
    path = folder / "result.json"
    path.write_bytes(content)
    world = World()
    (chat,) = load(world, path, owner=world.add_user("Owner"))
    return world.boxes["channel", chat.id].by_id


def test_control_characters_are_written_as_in_c(tmp_path: Path) -> None:
    content = written(MESSAGE | {"text": "a@b\\x01 stays"}).replace(b"@", rb"\x0B")
    with pytest.raises(ValueError):
        json.loads(content)
    assert imported(tmp_path, content)[5].text == "a\x0bb\\x01 stays"


def test_line_separators_are_written_twice(tmp_path: Path) -> None:
    """Escaped, and then two thirds of it once more: no UTF-8."""
    content = written(MESSAGE | {"text": "one@two#three"})
    content = content.replace(b"@", b"\\u2028\x80\xa8").replace(b"#", b"\\u2029\x80\xa9")
    with pytest.raises(UnicodeDecodeError):
        content.decode()
    assert imported(tmp_path, content)[5].text == "one\u2028two\u2029three"


def test_buttons_data_are_written_as_bytes(tmp_path: Path) -> None:
    buttons = [[{"type": "callback", "text": "Go", "data": "@"}]]
    content = written(MESSAGE | {"inline_bot_buttons": buttons}).replace(b'"@"', b'"\xff\xfe\\x00"')
    assert imported(tmp_path, content)[5].markup == [[{"text": "Go", "callback_data": ""}]]


def test_emojis_files_are_written_without_quotation_marks(tmp_path: Path) -> None:
    parts = [
        {"type": "custom_emoji", "text": "🛥", "document_id": "video_files/sticker (2).webm"},
        {"type": "custom_emoji", "text": "🛥", "document_id": "(File not included. Sorry, really.)"},
        {"type": "custom_emoji", "text": "🛥", "document_id": "5368324170671202286"},
    ]
    content = written(MESSAGE | {"text": parts})
    for part in parts[:2]:
        content = content.replace(f'"{part["document_id"]}"'.encode(), part["document_id"].encode())
    found = imported(tmp_path, content)[5]
    numbers = [e.document_id for e in found.entities]
    assert found.text == "🛥🛥🛥"
    assert len({*numbers}) == 3
    assert numbers[2] == 5368324170671202286


def test_what_is_right_is_left_alone() -> None:
    content = written(MESSAGE | {"text": 'a "b" \\ \\x41 \t é 🛥 \u2028'})
    assert json.loads(repaired(content)) == json.loads(content)
    assert repaired(b"\xef\xbb\xbf[]") == "[]"


def test_messages_that_desktop_did_not_understand_have_only_a_number(tmp_path: Path) -> None:
    unknown = {"id": 4, "type": "unsupported"}
    found = imported(tmp_path, written(unknown, MESSAGE, unknown | {"id": 6}))
    assert [(m.media and m.media.kind, m.date) for m in found.values()] == [
        ("unsupported", 1672531200),
        (None, 1672531200),
        ("unsupported", 1672531200),
    ]


def test_two_exports_put_together(tmp_path: Path) -> None:
    assert [*imported(tmp_path, written(MESSAGE | {"id": 9}, MESSAGE, MESSAGE))] == [5, 9]
    with pytest.raises(ImportFailure, match="stands there twice, and not the same"):
        imported(tmp_path, written(MESSAGE, MESSAGE | {"text": "ho"}))


def test_chats_of_one_name_are_all_meant(tmp_path: Path) -> None:
    chats = [CHAT | {"id": 1_500_000_000 + n, "messages": [MESSAGE]} for n in (1, 2)]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"chats": {"list": chats}}))
    world = World()
    found = load(world, path, owner=world.add_user("Owner"), names=["pier"])
    assert [c.id for c in found] == [1_500_000_001, 1_500_000_002]


@pytest.mark.parametrize(
    "fields",
    [
        {"photo": "p", "width": HUGE},
        {"photo": "p", "self_destruct_period_seconds": 2**40},
        {"file": "f", "duration_seconds": 2.5e300},
        {"reply_to_message_id": 2**40},
        {"location_information": {"latitude": 1}, "live_location_period_seconds": HUGE},
        {"location_information": "here"},
        {"poll": {"question": "q", "answers": [{"text": "a"}] * 300}},
        {"poll": []},
        {"invoice_information": "[1]"},
        {"invoice_information": {"amount": HUGE}},
        {"giveaway_information": {"channels": "abc"}},
        {"giveaway_results": {"channel": HUGE}},
        {"todo_list": {"title": "t", "answers": [{"id": HUGE, "text": "x"}]}},
        {"contact_information": 5},
        {"inline_bot_buttons": [[5]]},
        {"text": [None]},
        {"date_unixtime": "9" * 20},
        {"date": 5},
        {"type": "service", "action": "pin_message", "message_id": 2**40},
    ],
    ids=str,
)
def test_values_that_cannot_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ImportFailure, match="in 'Pier' the message after 4 cannot be understood") as failure:
        loaded(written(MESSAGE | {"id": 4}, MESSAGE | fields))
    assert str(failure.value).endswith("Export the chat again.")


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "\ud800"},
        {"file": "\ud800"},
        {"forwarded_from": "\ud800"},
        {"type": "service", "action": "edit_group_title", "title": "\ud800"},
        {"text": "\x00"},
        {"from_id": True},
        {"from_id": 4242},
        {"via_bot": 5},
        {"author": 5},
        {"file": "f", "file_name": 5},
        {"game_title": None},
        {"rich_message": 5},
        {"forwarded_from_id": "channel" + "9" * 30},
        {"text": [{"type": "text_link", "text": "x", "href": None}, {"type": "mention_name", "text": "x"}]},
    ],
    ids=ascii,
)
def test_values_that_are_only_odd(fields: dict[str, Any]) -> None:
    content = json.dumps(CHAT | {"type": "private_supergroup", "messages": [MESSAGE | fields]})
    assert [m["id"] for m in loaded(content.encode())] == [5]
