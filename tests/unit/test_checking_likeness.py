"""Which differences between a message and its copy count, on messages built by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon.tl import types as tl

from engine.links import SourceLinks
from engine.telegram.entity_marks import Mark, marks_of
from engine.telegram.likeness import Due, content_of, differences, may_repeat, print_of, same_content

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE, TARGET = SourceLinks(11, ["source"]), SourceLinks(22)


def message(text: str = "", **fields: Any) -> Any:
    return tl.Message(id=fields.pop("id", 1), peer_id=tl.PeerChannel(11), date=NOW, message=text, **fields)


def due(**fields: Any) -> Due:
    return Due(**{"links": SOURCE, "made": TARGET, **fields})


def photo(number: int) -> Any:
    return tl.MessageMediaPhoto(photo=tl.Photo(number, 0, b"", NOW, [], 2))


def page(url: str) -> Any:
    return tl.MessageMediaWebPage(tl.WebPage(1, url, url, 0))


def link(text: str, **fields: Any) -> Any:
    return message(text, entities=[tl.MessageEntityUrl(0, len(text))], **fields)


BOLD = tl.MessageEntityBold(0, 4)

SAME = [
    (message("some words"), message(" some words \n")),
    (message("some words", entities=[BOLD, tl.MessageEntityItalic(5, 5)]),
     message("some words", entities=[tl.MessageEntityItalic(5, 5), BOLD])),
    (message("some words", entities=[tl.MessageEntityBold(0, 2), tl.MessageEntityBold(2, 2)]),
     message("some words", entities=[BOLD])),
    (message("#tag @name", entities=[tl.MessageEntityHashtag(0, 4)]),
     message("#tag @name", entities=[tl.MessageEntityMention(5, 5)])),
    (message("Ada", entities=[tl.MessageEntityMentionName(0, 3, 7)]), message("Ada")),
    (message("x", media=photo(5)), message("x", media=photo(5))),
    (link("https://t.me/source/5"), link("https://t.me/c/22/105")),
    (link("t.me/c/11/9/5"), link("t.me/c/22/105")),
    (link("https://t.me/source/6"), link("https://t.me/source/6")),  # without a copy it stays
    (message("x", media=page("https://www.example.org/")), message("x", media=page("http://example.org"))),
    (message("", media=tl.MessageMediaGeoLive(tl.GeoPoint(1, 2, 0), 60)),
     message("", media=tl.MessageMediaGeo(tl.GeoPoint(3, 4, 0)))),
    (message("x", via_bot_id=5, effect=6, post_author="Ada"), message("x")),
]  # fmt: skip

DIFFERENT = [
    (message("some words"), message("other words"), ("text",)),
    (message("some words", entities=[BOLD]), message("some words"), ("entities",)),
    (message("some words"), message("some words", entities=[BOLD]), ("entities",)),
    (message("x", media=photo(5)), message("x", media=photo(6)), ("media",)),
    (message("x", media=photo(5)), message("x"), ("media",)),
    (message("x", media=photo(5), invert_media=True), message("x", media=photo(5)), ("look",)),
    (link("https://t.me/source/5"), link("https://t.me/source/5"), ("links",)),
    (link("https://t.me/source/5"), link("https://t.me/c/22/106"), ("text",)),
    (message("x", media=page("https://example.org")), message("x"), ("preview",)),
    (message("x"), message("x", media=page("https://example.org")), ("preview",)),
    (message("x", media=page("https://example.org/1")), message("x", media=page("https://example.org/2")),
     ("preview",)),
]  # fmt: skip


@pytest.mark.parametrize(("source", "copy"), SAME)
def test_these_are_alike(source: Any, copy: Any) -> None:
    assert differences(source, copy, due(copies={5: 105})) == ()


@pytest.mark.parametrize(("source", "copy", "words"), DIFFERENT)
def test_these_are_not(source: Any, copy: Any, words: tuple[str, ...]) -> None:
    assert differences(source, copy, due(copies={5: 105})) == words


def test_links_to_what_was_sent_anew_may_lead_to_the_former_copy() -> None:
    source, copy = link("https://t.me/source/5"), link("https://t.me/c/22/99")
    assert differences(source, copy, due(copies={5: 105})) == ("text",)
    assert differences(source, copy, due(copies={5: 105}, moved=[5])) == ()


def test_replies_quotes_and_topics() -> None:
    def answer(number: int, **fields: Any) -> Any:
        return message("x", reply_to=tl.MessageReplyHeader(reply_to_msg_id=number, **fields))

    assert differences(answer(3), answer(103), due(reply_to=103)) == ()
    assert differences(answer(3), answer(104), due(reply_to=103)) == ("reply",)
    assert differences(answer(3), message("x"), due(reply_to=103)) == ("reply",)
    assert differences(answer(3), message("x"), due(reply_matters=False)) == ()
    quoting = answer(3, quote=True, quote_text="so it is")
    assert differences(quoting, answer(103), due(reply_to=103)) == ("quote",)
    quoted = answer(103, quote=True, quote_text="so it is")
    assert differences(quoting, quoted, due(reply_to=103)) == ()
    in_topic = answer(50, forum_topic=True)
    assert differences(message("x"), in_topic, due(topic=50)) == ()
    assert differences(message("x"), in_topic, due(topic=51)) == ("topic",)


def test_equal_messages_of_one_chat() -> None:
    assert same_content(message("some words", entities=[BOLD]), message("some words", entities=[BOLD]))
    assert not same_content(message("some words", entities=[BOLD]), message("some words"))
    assert print_of(content_of(message("a  b"))) == print_of(content_of(message("a b ")))
    assert print_of(content_of(message("a"))) != print_of(content_of(message("a", media=photo(1))))


def test_what_people_say_again() -> None:
    assert may_repeat(message("ok"))
    assert not may_repeat(message("a sentence that is rarely said"))
    assert not may_repeat(message("", media=photo(1)))


@given(st.text("ab c😀", max_size=20), st.data())
def test_marks_are_the_same_however_they_are_cut_and_ordered(text: str, data: st.DataObject) -> None:
    units = len(text.encode("utf-16-le")) // 2
    begin = data.draw(st.integers(0, units))
    end = data.draw(st.integers(begin, units))
    cut = data.draw(st.integers(begin, end))
    whole = [tl.MessageEntityBold(begin, end - begin), tl.MessageEntityItalic(0, units)]
    parts = [
        tl.MessageEntityItalic(0, units),
        tl.MessageEntityBold(cut, end - cut),
        tl.MessageEntityBold(begin, cut - begin),
    ]
    assert marks_of(text, whole) == marks_of(text, [part for part in parts if part.length])


def test_white_space_at_its_ends_is_no_part_of_a_mark() -> None:
    assert marks_of("a b c", [tl.MessageEntityBold(1, 3)]) == {Mark("MessageEntityBold", 2, 3)}
    assert marks_of("a   c", [tl.MessageEntityBold(1, 3)]) == frozenset()
