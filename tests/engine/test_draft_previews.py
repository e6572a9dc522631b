"""Link previews and rich messages: a copy shows what its source shows."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from engine.telegram.convert import fingerprint
from engine.telegram.draft import CannotCopy, fits
from engine.telegram.requests import edit_request, send_request
from engine.telegram.rich_text import words_of
from tests.engine.draft_stage import DAY, PHOTO, POINT, document, drafted, message, passed, wired

URL = tl.MessageEntityUrl(5, 16)
TEXT = "Look example.com/a/b?"


def with_page(url: str | None, *, text: str = TEXT, entities: Any = (URL,), **flags: Any) -> Any:
    page = tl.WebPage(1, url, "shown", 0) if url else tl.WebPageEmpty(1)
    return message(text, list(entities), media=tl.MessageMediaWebPage(page, **flags))


def test_the_preview_that_the_server_makes_by_itself_needs_no_word() -> None:
    for url in ("https://example.com/a/b?", "http://www.EXAMPLE.com/a/b?/"):
        draft = drafted(with_page(url))
        assert (draft.media, draft.no_webpage) == (None, False)


@pytest.mark.parametrize(
    ("source", "large", "small"),
    [
        (with_page("https://example.com/a/b?", manual=True), None, None),
        (with_page("https://example.com/a/b?", force_large_media=True), True, None),
        (with_page("https://example.com/a/b?", force_small_media=True, manual=True), None, True),
        (with_page("https://example.com/a/b?", text="no link here", entities=()), None, None),
    ],
)
def test_a_chosen_preview_is_named(source: Any, large: bool | None, small: bool | None) -> None:
    draft = drafted(source)
    url = "https://example.com/a/b?"
    expected = tl.InputMediaWebPage(url, force_large_media=large, force_small_media=small, optional=True)
    assert (wired(draft.media), draft.no_webpage) == (wired(expected), False)
    assert draft.fingerprint == fingerprint(source)
    assert not draft.has_caption


def test_a_preview_of_another_address_than_the_first_is_named() -> None:
    assert drafted(with_page("https://example.org")).media.url == "https://example.org"


def test_a_text_whose_page_was_taken_away_or_not_found_shows_none() -> None:
    assert drafted(message(TEXT, [URL])).no_webpage
    assert drafted(with_page(None)).no_webpage


def test_a_page_that_is_not_there_yet_is_asked_for() -> None:
    pending = tl.MessageMediaWebPage(tl.WebPagePending(1, DAY, url="https://example.org"))
    assert drafted(message(TEXT, [URL], media=pending)).media.url == "https://example.org"


def test_the_preview_of_a_source_message_becomes_that_of_its_copy() -> None:
    link = tl.MessageEntityUrl(0, 13)
    draft = drafted(with_page("https://t.me/source/9", text="t.me/source/9", entities=[link]))
    assert (draft.text, draft.media, draft.no_webpage) == ("t.me/c/600/1009", None, False)
    draft = drafted(with_page("https://t.me/source/9", text="look", entities=(), manual=True))
    assert draft.media.url == "https://t.me/c/600/1009"


def test_a_text_with_a_chosen_preview_is_no_caption_and_keeps_it_when_edited() -> None:
    draft = drafted(with_page("https://example.org"))
    assert fits(draft, caption_limit=0, text_limit=50)
    edit = edit_request(draft, peer=tl.InputPeerSelf(), message_id=3)
    assert edit.media is draft.media


def rich(*texts: Any, **more: Any) -> Any:
    blocks = [tl.PageBlockHeading1(tl.TextPlain("Head")), tl.PageBlockParagraph(tl.TextConcat(list(texts)))]
    fields: dict[str, Any] = {"photos": [PHOTO], "documents": [document()], **more}
    return message(rich_message=tl.RichMessage(blocks, **fields))


def test_a_rich_message_goes_by_reference() -> None:
    source = rich(tl.TextPlain("a "), tl.TextMentionName(tl.TextPlain("Ann"), 7), rtl=True)
    draft = drafted(source)
    request = send_request(draft, peer=tl.InputPeerSelf(), reply_to=None, random_id=5)
    assert wired(request)
    expected = tl.InputRichMessage(
        source.rich_message.blocks,
        rtl=True,
        noautolink=True,
        photos=[tl.InputPhoto(11, 12, b"ref")],
        documents=[tl.InputDocument(21, 22, b"ref")],
        users=[tl.InputUser(7, 70)],
    )
    assert wired(draft.rich) == wired(expected)
    assert draft.fingerprint == fingerprint(source)


def test_links_inside_lead_to_the_copies() -> None:
    source = rich(
        tl.TextUrl(tl.TextBold(tl.TextPlain("here")), "https://t.me/source/9", 0),
        tl.TextAutoUrl(tl.TextPlain("t.me/source/8")),
        tl.TextUrl(tl.TextPlain("there"), "https://t.me/source/900", 0),
    )
    made = drafted(source).rich
    texts = made.blocks[1].text.texts
    assert [text.url for text in (texts[0], texts[2])] == [
        "https://t.me/c/600/1009",
        "https://t.me/source/900",
    ]
    assert words_of(texts[1]) == "https://t.me/c/600/1008"
    assert made.noautolink is None  # the server found links in the source
    assert source.rich_message.blocks[1].text.texts[0].url == "https://t.me/source/9"


def test_a_map_is_sent_in_the_form_for_sending() -> None:
    caption = tl.PageCaption(tl.TextEmpty(), tl.TextEmpty())
    shown = tl.PageBlockDetails([tl.PageBlockMap(POINT, 3, 100, 50, caption)], tl.TextPlain("map"))
    made = drafted(message(rich_message=tl.RichMessage([shown], [], []))).rich
    point = tl.InputGeoPoint(50.25, 30.5)
    assert passed(made).blocks[0].blocks == [tl.InputPageBlockMap(point, 3, 100, 50, caption)]


@pytest.mark.parametrize(
    "source",
    [rich(part=True), rich(tl.TextMentionName(tl.TextPlain("Ben"), 8)), rich(photos=[tl.PhotoEmpty(1)])],
)
def test_a_part_or_a_stranger_or_a_lost_picture_stops_it(source: Any) -> None:
    with pytest.raises(CannotCopy):
        drafted(source)
