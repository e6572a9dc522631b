"""Every kind of message the world can hold, as bytes that Telethon reads and writes back the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telethon import types
from telethon.extensions import BinaryReader

from sandbox.mtproto import convert
from sandbox.world import Message
from tests.sandbox.stage import Stage

PLACE = {"lat": 1.5, "long": 2.5}
TODO = {"title": "Buy", "items": [{"id": 1, "text": "milk"}, {"id": 2, "text": "tea"}], "done": {2: 7}}
GIFT = {"channels": [5], "quantity": 3, "until_date": 2_000_000_000, "months": 6}
WON = {
    "channel_id": 5,
    "launch_msg_id": 3,
    "winners_count": 1,
    "unclaimed_count": 0,
    "winners": [7],
    "until_date": 2_000_000_000,
}
MEDIA: list[tuple[str, dict[str, Any], Callable[[Any], Any]]] = [
    ("contact", {"phone_number": "1", "first_name": "C", "vcard": "BEGIN:VCARD"}, lambda x: x.vcard),
    ("geo_live", PLACE | {"period": 60, "heading": 90}, lambda x: (x.period, x.heading) == (60, 90)),
    ("todo", TODO, lambda x: x.todo.list[1].title.text == "tea" and x.completions[0].id == 2),
    ("story", {"peer": ("user", 7), "id": 3}, lambda x: (x.peer.user_id, x.id) == (7, 3)),
    ("giveaway", GIFT, lambda x: x.quantity == 3 and x.until_date.year == 2033),
    ("giveaway_results", WON, lambda x: x.winners == [7]),
    ("unsupported", {}, lambda x: isinstance(x, types.MessageMediaUnsupported)),
]
LOOKS: list[tuple[str, dict[str, Any], Callable[[Any], Any]]] = [
    ("photo", {"spoiler": True}, lambda x: x.spoiler and x.photo),
    ("photo", {"ttl": 10}, lambda x: x.ttl_seconds == 10 and x.photo),
    ("photo", {"ttl": 10, "expired": True}, lambda x: x.ttl_seconds == 10 and x.photo is None),
    ("video", {"timestamp": 33, "spoiler": True}, lambda x: x.video_timestamp == 33 and x.spoiler),
    ("video_note", {"ttl": 5, "expired": True}, lambda x: x.document is None and x.round),
]


def shown(stage: Stage, m: Message, viewer: int | None = None) -> Any:
    """As Telethon reads it; what it reads it also writes, so nothing is shifted and nothing unread."""
    written = convert.message_bytes(stage.world, viewer or stage.alice.id, m)
    read = BinaryReader(written).tgread_object()
    assert read._bytes() == written
    return read


def here(stage: Stage, **fields: Any) -> Message:
    return Message(2, ("channel", stage.src.id), None, 100, **fields)


@pytest.mark.parametrize(("kind", "payload", "is_so"), MEDIA, ids=[x[0] for x in MEDIA])
def test_media_without_a_file(
    stage: Stage, kind: str, payload: dict[str, Any], is_so: Callable[[Any], Any]
) -> None:
    medium = stage.world.add_media(kind, payload=payload)
    assert is_so(shown(stage, here(stage, media=medium, text="caption")).media)


@pytest.mark.parametrize(("kind", "look", "is_so"), LOOKS)
def test_how_media_looks(stage: Stage, kind: str, look: dict[str, Any], is_so: Callable[[Any], Any]) -> None:
    medium = stage.world.add_media(kind, b"data")
    assert is_so(shown(stage, here(stage, media=medium, look=look, invert=True)).media)


def test_a_video_s_cover(stage: Stage) -> None:
    video, cover = stage.world.add_media("video", b"mp4"), stage.world.add_media("photo", b"jpg")
    message = here(stage, media=video, look={"cover": cover})
    before = shown(stage, message).media.video_cover
    cover.reference += 1
    after = shown(stage, message).media.video_cover
    assert before.id == cover.id and before.file_reference != after.file_reference


def test_a_link_preview(stage: Stage) -> None:
    picture = stage.world.add_media("photo", b"jpg")
    page = {"url": "https://a.example/b", "title": "T", "photo": picture, "large": True, "manual": True}
    read = shown(stage, here(stage, text="https://a.example/b", webpage=page, invert=True))
    assert read.invert_media and read.media.force_large_media and read.media.manual
    assert (read.media.webpage.url, read.media.webpage.title) == ("https://a.example/b", "T")
    assert read.media.webpage.photo.id == picture.id


def test_paid_media_shows_itself_to_its_author_and_its_buyers(stage: Stage) -> None:
    inside = [stage.world.add_media("photo", b"jpg"), stage.world.add_media("video", b"mp4")]
    paid = stage.world.add_media("paid", payload={"stars": 5, "media": inside, "buyers": {99}})
    message = here(stage, media=paid, author=stage.alice.id)
    paid.first = message
    mine = shown(stage, message).media
    assert mine.stars_amount == 5 and isinstance(mine.extended_media[0], types.MessageExtendedMedia)
    theirs = shown(stage, message, stage.bob.id).media.extended_media
    assert all(isinstance(x, types.MessageExtendedMediaPreview) for x in theirs)
    assert isinstance(shown(stage, message, 99).media.extended_media[1].media, types.MessageMediaDocument)


def test_everything_around_a_message(stage: Stage) -> None:
    rich = types.RichMessage([types.PageBlockHeading1(types.TextPlain("Big"))], [], [])
    rows = [[{"text": "Open", "url": "https://example.org"}, {"text": "Copy", "copy_text": {"text": "x"}}]]
    read = shown(
        stage,
        here(
            stage,
            text="signed",
            signature="Ann",
            via_bot=77,
            effect=5_104_841_245_755_180_586,
            rich=rich,
            markup=rows,
            grouped_id=12,
            edit_date=200,
        ),
    )
    assert (read.post_author, read.via_bot_id, read.grouped_id) == ("Ann", 77, 12)
    assert read.effect == 5_104_841_245_755_180_586 and read.edit_date is not None
    assert read.rich_message.blocks[0].text.text == "Big"
    assert isinstance(read.reply_markup.rows[0].buttons[1].type, types.InlineButtonTypeCopy)


def test_headers_of_forwards(stage: Stage) -> None:
    source = ("channel", stage.src.id)
    post = {"date": 5, "from": source, "post": 9, "author": "Ann", "saved_from": (source, 9)}
    read = shown(stage, Message(3, ("channel", stage.dst.id), None, 100, "x", fwd=post))
    header = read.fwd_from
    assert (header.channel_post, header.post_author, header.saved_from_msg_id) == (9, "Ann", 9)
    assert header.saved_from_peer.channel_id == stage.src.id
    hidden = {"date": 5, "from": None, "name": "Somebody"}
    read = shown(stage, Message(3, ("channel", stage.dst.id), stage.bob.id, 100, "x", fwd=hidden))
    assert read.fwd_from.from_name == "Somebody" and read.fwd_from.from_id is None


def test_headers_of_replies(stage: Stage) -> None:
    quote = {"text": "what", "entities": [types.MessageEntityBold(0, 4)], "offset": 3}
    read = shown(stage, here(stage, text="x", reply_to=1, quote=quote)).reply_to
    assert read.quote and (read.quote_text, read.quote_offset) == ("what", 3) and read.quote_entities
    elsewhere = shown(stage, here(stage, text="x", reply_to=7, reply_peer=("channel", stage.dst.id)))
    assert elsewhere.reply_to.reply_to_peer_id.channel_id == stage.dst.id
    comment = shown(stage, here(stage, text="x", reply_to=8, top=4)).reply_to
    assert (comment.reply_to_msg_id, comment.reply_to_top_id, comment.forum_topic) == (8, 4, False)
    first = shown(stage, here(stage, text="x", reply_to=4, top=4)).reply_to
    assert (first.reply_to_msg_id, first.reply_to_top_id) == (4, None)


def test_polls_with_all_they_can_have(stage: Stage) -> None:
    bold = [types.MessageEntityBold(0, 1)]
    poll = {
        "question": "Q",
        "question_entities": bold,
        "answers": ["a", "b"],
        "answers_entities": [[], bold],
        "quiz": True,
        "correct": 1,
        "solution": "because",
        "solution_entities": bold,
        "close_period": 60,
        "votes": {stage.alice.id: [1]},
    }
    message = here(stage, media=stage.world.add_media("poll", poll=poll))
    answered = shown(stage, message).media
    assert answered.poll.question.entities and answered.poll.answers[1].text.entities
    assert answered.results.solution == "because" and answered.results.results[1].correct
    assert answered.poll.close_period == 60
    unanswered = shown(stage, message, stage.bob.id).media
    assert unanswered.results.solution is None and unanswered.results.results is None
