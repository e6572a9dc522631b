"""What kind a message is, how large, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from domain.kind import Kind
from domain.message import SkipReason
from engine.telegram.kinds import COPY, FORWARD, Way, fate_of, kind_of, size_of
from tests.engine.draft_stage import DAY, HERE, PHOTO, POINT, message, passed, poll, shown, words

VIDEO = tl.DocumentAttributeVideo(3, 640, 480)
ROUND = tl.DocumentAttributeVideo(3, 240, 240, round_message=True)
STICKER = tl.DocumentAttributeSticker("🙂", tl.InputStickerSetEmpty())
SIZE = tl.DocumentAttributeImageSize(512, 512)
NAME = tl.DocumentAttributeFilename("a.bin")
RICH = tl.RichMessage([tl.PageBlockParagraph(tl.TextPlain("rich"))], [], [])
PAGE = tl.MessageMediaWebPage(tl.WebPage(1, "https://example.com", "example.com", 0))
CALL = tl.InputGroupCall(1, 2)

KINDS: list[tuple[Kind, Any]] = [
    (Kind.TEXT, message("words")),
    (Kind.TEXT, message("https://example.com", media=PAGE)),
    (Kind.TEXT, message("words", media=tl.MessageMediaEmpty())),
    (Kind.RICH, message(rich_message=RICH)),
    (Kind.PHOTO, message(media=tl.MessageMediaPhoto(photo=PHOTO))),
    (Kind.PHOTO, message(media=tl.MessageMediaPhoto(ttl_seconds=5))),
    (Kind.VIDEO, shown(VIDEO, NAME, video=True)),
    (Kind.VIDEO, message(media=tl.MessageMediaDocument(video=True, ttl_seconds=5))),
    (Kind.ROUND, shown(ROUND, round=True, video=True)),
    (Kind.ROUND, message(media=tl.MessageMediaDocument(round=True, video=True, ttl_seconds=5))),
    (Kind.GIF, shown(VIDEO, tl.DocumentAttributeAnimated(), video=True)),
    (Kind.GIF, shown(tl.DocumentAttributeAnimated(), VIDEO, video=True)),
    (Kind.STICKER, shown(SIZE, STICKER)),
    (Kind.STICKER, shown(VIDEO, STICKER, video=True)),
    (Kind.MUSIC, shown(tl.DocumentAttributeAudio(3), NAME)),
    (Kind.VOICE, shown(tl.DocumentAttributeAudio(3, voice=True), voice=True)),
    (Kind.VOICE, message(media=tl.MessageMediaDocument(voice=True, ttl_seconds=5))),
    (Kind.FILE, shown(NAME)),
    (Kind.FILE, message(media=tl.MessageMediaDocument(document=tl.DocumentEmpty(1)))),
    (Kind.CONTACT, message(media=tl.MessageMediaContact("1", "A", "", "", 0))),
    (Kind.PLACE, message(media=tl.MessageMediaGeo(POINT))),
    (Kind.PLACE, message(media=tl.MessageMediaVenue(POINT, "t", "a", "p", "i", "y"))),
    (Kind.LIVE, message(media=tl.MessageMediaGeoLive(POINT, 900))),
    (Kind.DICE, message(media=tl.MessageMediaDice(6, "🎲"))),
    (Kind.GAME, message(media=tl.MessageMediaGame(tl.Game(1, 2, "g", "G", "", PHOTO)))),
    (Kind.POLL, message(media=poll("a", "b"))),
    (Kind.QUIZ, message(media=poll("a", "b", quiz=True))),
    (Kind.TODO, message(media=tl.MessageMediaToDo(tl.TodoList(words("t"), [tl.TodoItem(1, words("i"))])))),
    (Kind.STORY, message(media=tl.MessageMediaStory(tl.PeerUser(7), 3))),
    (Kind.PAID, message(media=tl.MessageMediaPaidMedia(5, []))),
    (Kind.GIVEAWAY, message(media=tl.MessageMediaGiveaway([1], 2, DAY))),
    (Kind.GIVEAWAY, message(media=tl.MessageMediaGiveawayResults(1, 2, 3, 0, [], DAY))),
    (Kind.INVOICE, message(media=tl.MessageMediaInvoice("t", "d", "XTR", 5, "s"))),
    (Kind.OTHER, message(media=tl.MessageMediaUnsupported())),
    (Kind.OTHER, message(media=tl.MessageMediaVideoStream(CALL))),
    (Kind.SERVICE, passed(tl.MessageService(1, HERE, date=DAY, action=tl.MessageActionPinMessage()))),
]

#: What isn't simply forwarded, by the word of its skip.
NEVER = {
    "paid": message(media=tl.MessageMediaPaidMedia(5, [])),
    "giveaway": message(media=tl.MessageMediaGiveaway([1], 2, DAY)),
    "giveaway results": message(media=tl.MessageMediaGiveawayResults(1, 2, 3, 0, [], DAY)),
    "invoice": message(media=tl.MessageMediaInvoice("t", "d", "XTR", 5, "s")),
    "video stream": message(media=tl.MessageMediaVideoStream(CALL)),
    "self-destructing": message(media=tl.MessageMediaPhoto(photo=PHOTO, ttl_seconds=5)),
    "expired media": message(media=tl.MessageMediaPhoto(photo=tl.PhotoEmpty(1))),
}


@pytest.mark.parametrize(("kind", "source"), KINDS, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(KINDS)])
def test_each_message_is_of_its_kind(kind: Kind, source: Any) -> None:
    assert kind_of(source) is kind


def test_every_kind_is_told_apart() -> None:
    assert {kind for kind, _ in KINDS} == set(Kind)


@pytest.mark.parametrize("word", NEVER)
def test_what_nobody_may_copy_is_skipped_with_a_word(word: str) -> None:
    fate = fate_of(NEVER[word])
    assert (fate.way, fate.skip, fate.detail) == (None, SkipReason.UNSUPPORTED, word)


def test_documents_destruct_and_expire_too() -> None:
    assert fate_of(shown(VIDEO, video=True, ttl_seconds=9)).detail == "self-destructing"
    assert fate_of(message(media=tl.MessageMediaDocument())).detail == "expired media"


def test_service_and_protected_messages_are_skipped() -> None:
    service = passed(tl.MessageService(1, HERE, date=DAY, action=tl.MessageActionPinMessage()))
    assert fate_of(service).skip is SkipReason.SERVICE
    assert fate_of(message("x", noforwards=True)).skip is SkipReason.PROTECTED
    assert size_of(service) == 0


@pytest.mark.parametrize(("kind", "source"), KINDS, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(KINDS)])
def test_the_rest_is_forwarded_also_what_is_newer_than_ferry(kind: Kind, source: Any) -> None:
    fate = fate_of(source)
    if kind is Kind.QUIZ:
        assert fate is COPY
    elif not fate.skip:
        assert fate is FORWARD
        assert fate.way is Way.FORWARD


def test_a_quiz_is_forwarded_once_its_answer_is_known() -> None:
    assert fate_of(message(media=poll("a", "b", quiz=True))) is COPY
    assert fate_of(message(media=poll("a", "b", quiz=True, right=1))) is FORWARD
    assert fate_of(message(media=poll("a", "b", quiz=True, closed=True, right=0))) is FORWARD


def test_some_go_only_with_their_author() -> None:
    bound = {"paid", "giveaway", "giveaway results", "invoice"}
    for word, source in NEVER.items():
        fate = fate_of(source, keep_author=True)
        assert (fate is FORWARD) == (word in bound)
    assert fate_of(message(media=poll("a", "b", quiz=True)), keep_author=True) is FORWARD
    public = message(media=poll("a", "b", public_voters=True))
    assert fate_of(public, keep_author=True, broadcast=True) is COPY


def test_a_poll_that_shows_its_voters_is_rebuilt_for_a_channel() -> None:
    public = message(media=poll("a", "b", public_voters=True))
    assert fate_of(public) is FORWARD
    assert fate_of(public, broadcast=True) is COPY
    assert fate_of(message(media=poll("a", "b")), broadcast=True) is FORWARD


@pytest.mark.parametrize(
    ("source", "size"),
    [
        (message("x"), 0),
        (message(media=tl.MessageMediaPhoto(photo=PHOTO)), 4000),
        (message(media=tl.MessageMediaPhoto()), 0),
        (shown(NAME), 5000),
        (message(media=tl.MessageMediaDocument()), 0),
        (message(media=poll("a", "b")), 0),
    ],
)
def test_the_size_is_that_of_the_file(source: Any, size: int) -> None:
    assert size_of(source) == size


def test_progressive_and_inline_photos_have_sizes_too() -> None:
    sizes = [tl.PhotoCachedSize("s", 9, 9, b"12345"), tl.PhotoStrippedSize("i", b"x" * 900)]
    photo = tl.Photo(1, 2, b"", DAY, sizes, 2)
    assert size_of(message(media=tl.MessageMediaPhoto(photo=photo))) == 5
    photo = tl.Photo(1, 2, b"", DAY, [*sizes, tl.PhotoSizeProgressive("y", 9, 9, [10, 700, 300])], 2)
    assert size_of(message(media=tl.MessageMediaPhoto(photo=photo))) == 700
