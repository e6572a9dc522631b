"""Media of every kind, as Telethon sees it; polls and their votes; and the bytes written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telethon import errors, functions, types
from telethon.extensions import BinaryReader

from sandbox.mtproto import convert
from sandbox.world import Message
from tests.sandbox.stage import Stage

m = functions.messages
KINDS: list[tuple[str, dict[str, Any], Callable[[Any], Any]]] = [
    ("photo", {}, lambda x: x.photo),
    ("document", {"name": "a.pdf"}, lambda x: x.document and x.file.name == "a.pdf"),
    ("document", {"name": "a.mp4", "mime": "video/mp4"}, lambda x: x.document and not x.video),
    ("document", {"mime": "audio/ogg"}, lambda x: x.voice),
    ("video", {"w": 320}, lambda x: x.video and x.file.width == 320),
    ("video_note", {}, lambda x: x.video_note),
    ("animation", {}, lambda x: x.gif),
    ("audio", {"name": "song"}, lambda x: x.audio),
    ("voice", {"duration": 7}, lambda x: x.voice and x.file.duration == 7),
    ("sticker", {}, lambda x: x.sticker),
    ("contact", {"payload": {"phone_number": "1", "first_name": "C"}}, lambda x: x.contact),
    ("geo", {"payload": {"lat": 1.5, "long": 2.5}}, lambda x: x.geo.lat == 1.5),
    ("venue", {"payload": {"lat": 1.5, "long": 2.5, "title": "T", "address": "A"}}, lambda x: x.venue),
    ("dice", {"payload": {"value": 3, "emoticon": "🎲"}}, lambda x: x.dice.emoticon == "🎲"),
    ("game", {"payload": {"short_name": "g", "title": "T", "description": ""}}, lambda x: x.game),
]


async def test_every_kind_and_its_copy(stage: Stage) -> None:
    for kind, fields, _ in KINDS:
        medium = stage.world.add_media(kind, b"data", **fields)
        stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": medium}])
    a = await stage.client(stage.alice)
    dst = await stage.entity(a, "Copy")
    ids = list(range(2, 2 + len(KINDS)))
    src = await a.get_input_entity("source")
    await a(m.ForwardMessagesRequest(src, ids, dst, drop_author=True))
    originals = await a.get_messages("source", ids=ids)
    for (kind, fields, is_so), old, new in zip(
        KINDS, originals, await a.get_messages(dst, ids=ids), strict=True
    ):
        assert is_so(old) and is_so(new), (kind, fields)
    first = [stage.world.boxes["channel", c.id].by_id[2].media for c in (stage.src, stage.dst)]
    assert first[0] is first[1]


async def test_uploads_become_what_their_attributes_say(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    voice = await a.send_file(
        "source", b"ogg" * 99, voice_note=True, attributes=[types.DocumentAttributeAudio(3)]
    )
    note = types.DocumentAttributeVideo(2, 240, 240, round_message=True)
    round_video = await a.send_file("source", b"mp4" * 99, attributes=[note], mime_type="video/mp4")
    assert round_video.video_note and round_video.file.width == 240
    assert voice.document is not None
    kinds = [x.media.kind for x in stage.world.boxes["channel", stage.src.id].by_id.values() if x.media]
    assert kinds[1] == "video_note"


async def quiz(stage: Stage, client: Any) -> Any:
    answers = [types.PollAnswer(types.TextWithEntities(x, []), b"01"[i : i + 1]) for i, x in enumerate("ab")]
    poll = types.Poll(0, types.TextWithEntities("?", []), answers, hash=0, quiz=True)
    return await client.send_message("source", file=types.InputMediaPoll(poll, correct_answers=[1]))


async def test_quiz_must_be_answered_before_it_is_copied(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    sent = await quiz(stage, a)
    stage.dst.members[stage.bob.id] = "admin"
    src, dst = await b.get_input_entity("source"), await stage.entity(b, "Copy")
    copy = m.ForwardMessagesRequest(src, [sent.id], dst, drop_author=True)
    with pytest.raises(errors.QuizAnswerMissingError):
        await b(copy)
    with pytest.raises(errors.OptionInvalidError):
        await b(m.SendVoteRequest(src, sent.id, [b"9"]))
    voted = await b(m.SendVoteRequest(src, sent.id, [b"0"]))
    results = voted.updates[0].results
    assert results.total_voters == 1 and results.results[0].chosen and results.results[1].correct
    await b(copy)
    with pytest.raises(errors.RevoteNotAllowedError):
        await b(m.SendVoteRequest(src, sent.id, [b"1"]))
    seen = await a.get_messages("source", ids=sent.id)  # one who has not voted sees no results
    assert seen.poll.results.results is None and seen.poll.results.total_voters == 1


async def test_pins(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 3)
    a = await stage.client(stage.alice)
    await a.pin_message("source", 2, notify=True)
    await a.pin_message("source", 3)
    pinned = await a.get_messages("source", ids=types.InputMessagePinned())
    assert pinned.id == 3 and pinned.pinned
    said = [x async for x in a.iter_messages("source", limit=2)]
    assert isinstance(said[0].action, types.MessageActionPinMessage)
    await a.unpin_message("source", 3)
    assert (await a.get_messages("source", ids=3)).pinned is False
    await a.unpin_message("source")
    assert stage.world.pinned(stage.alice.id, ("channel", stage.src.id)) == []


def full(stage: Stage) -> list[Message]:
    """Messages with everything the hand-written layout knows."""
    medium = stage.world.add_media("document", b"x", name="f.bin")
    rows = [[{"text": "Open", "url": "https://example.org"}, {"text": "Do", "callback_data": "do"}]]
    header = {"date": 5, "from": ("channel", stage.src.id), "post": 9}
    by_user = {"date": 5, "from": ("user", stage.bob.id), "post": None}
    bold = [types.MessageEntityBold(0, 2)]
    here = ("channel", stage.dst.id)
    return [
        Message(1, here, None, 100),
        Message(2, here, None, 100, "text", bold, medium, 1, 7, 55, header, rows, 200, pinned=True),
        Message(3, here, stage.bob.id, 100, "x" * 300, topic=7, fwd=by_user, noforwards=True),
        Message(4, ("user", stage.bob.id), stage.alice.id, 100, "out", out=True),
        Message(5, ("user", stage.bob.id), stage.bob.id, 100, "in"),
    ]


def test_hand_written_bytes_read_as_telethon_writes_them(stage: Stage) -> None:
    """Reading them and writing what was read gives the same bytes: nothing shifted, nothing unread."""
    for message in full(stage):
        written = convert.message_bytes(stage.world, stage.alice.id, message)
        read = BinaryReader(written).tgread_object()
        assert read._bytes() == written
        assert (read.id, read.message, read.grouped_id) == (message.id, message.text, message.grouped_id)
        assert bool(read.reply_to) is bool(message.reply_to or message.topic)
        assert bool(read.fwd_from) is bool(message.fwd) and read.noforwards is message.noforwards
