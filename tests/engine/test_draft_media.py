"""Each kind of media by reference; every request is one that goes over the wire as it is."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import functions as fn
from telethon.tl import types as tl

from engine.telegram.convert import fingerprint
from engine.telegram.draft import CannotCopy, Draft, fits
from engine.telegram.requests import album_request, edit_request, send_request
from tests.engine.draft_stage import (
    COVER,
    DAY,
    PHOTO,
    POINT,
    document,
    drafted,
    message,
    poll,
    shown,
    wired,
    words,
)

VIDEO = tl.DocumentAttributeVideo(3, 640, 480)
FILE = tl.InputDocument(21, 22, b"ref")
PICTURE = tl.InputPhoto(11, 12, b"ref")
PLACE = tl.InputGeoPoint(50.25, 30.5, 9)

#: What a message shows, and what is sent for it.
MEDIA: list[tuple[Any, Any]] = [
    (tl.MessageMediaPhoto(photo=PHOTO), tl.InputMediaPhoto(PICTURE)),
    (tl.MessageMediaPhoto(photo=PHOTO, spoiler=True), tl.InputMediaPhoto(PICTURE, spoiler=True)),
    (
        tl.MessageMediaPhoto(photo=PHOTO, live_photo=True, video=document(VIDEO)),
        tl.InputMediaPhoto(PICTURE, live_photo=True, video=FILE),
    ),
    (tl.MessageMediaDocument(document=document()), tl.InputMediaDocument(FILE)),
    (
        tl.MessageMediaDocument(
            document=document(VIDEO), video=True, spoiler=True, video_cover=COVER, video_timestamp=4
        ),
        tl.InputMediaDocument(
            FILE, spoiler=True, video_cover=tl.InputPhoto(13, 14, b"cover"), video_timestamp=4
        ),
    ),
    (
        tl.MessageMediaContact("+1", "Ann", "Lee", "BEGIN:VCARD", 7),
        tl.InputMediaContact("+1", "Ann", "Lee", "BEGIN:VCARD"),
    ),
    (tl.MessageMediaGeo(POINT), tl.InputMediaGeoPoint(PLACE)),
    (
        tl.MessageMediaVenue(POINT, "Bar", "Street", "foursquare", "id", "type"),
        tl.InputMediaVenue(PLACE, "Bar", "Street", "foursquare", "id", "type"),
    ),
    (
        tl.MessageMediaGame(tl.Game(31, 32, "g", "G", "", PHOTO)),
        tl.InputMediaGame(tl.InputGameID(31, 32)),
    ),
    (tl.MessageMediaStory(tl.PeerUser(7), 3), tl.InputMediaStory(tl.InputPeerUser(7, 70), 3)),
]

#: What can't be sent anew, by the reason.
NEVER: dict[str, Any] = {
    "dice": tl.MessageMediaDice(6, "🎲"),
    "paid": tl.MessageMediaPaidMedia(5, []),
    "giveaway": tl.MessageMediaGiveaway([1], 2, DAY),
    "giveaway results": tl.MessageMediaGiveawayResults(1, 2, 3, 0, [], DAY),
    "invoice": tl.MessageMediaInvoice("t", "d", "XTR", 5, "s"),
    "video stream": tl.MessageMediaVideoStream(tl.InputGroupCall(1, 2)),
    "newer than this Ferry": tl.MessageMediaUnsupported(),
    "self-destructing": tl.MessageMediaPhoto(photo=PHOTO, ttl_seconds=5),
    "expired media": tl.MessageMediaDocument(),
    "a place without a point": tl.MessageMediaGeo(tl.GeoPointEmpty()),
    "a story of somebody unknown": tl.MessageMediaStory(tl.PeerUser(8), 3),
}


def sent(draft: Draft) -> Any:
    request = send_request(draft, peer=tl.InputPeerSelf(), reply_to=None, random_id=5)
    assert wired(request)
    return request


@pytest.mark.parametrize(("media", "expected"), MEDIA, ids=lambda value: type(value).__name__)
def test_media_is_sent_by_reference_with_its_caption(media: Any, expected: Any) -> None:
    source = message("caption", [tl.MessageEntityBold(0, 7)], media=media, invert_media=True)
    draft = drafted(source)
    assert wired(draft.media) == wired(expected)
    assert draft.fingerprint == fingerprint(source)
    assert draft.lost == ()
    request = fn.messages.SendMediaRequest(
        tl.InputPeerSelf(),
        expected,
        "caption",
        silent=True,
        invert_media=True,
        random_id=5,
        entities=[tl.MessageEntityBold(0, 7)],
    )
    assert wired(sent(draft)) == wired(request)


@pytest.mark.parametrize("reason", NEVER)
def test_what_cant_be_sent_anew_says_why(reason: str) -> None:
    with pytest.raises(CannotCopy) as refused:
        drafted(message(media=NEVER[reason]))
    assert refused.value.reason == reason


def test_a_story_of_a_channel_is_left_to_the_server() -> None:
    with pytest.raises(CannotCopy):
        drafted(message(media=tl.MessageMediaStory(tl.PeerChannel(7), 3)))


def test_documents_destruct_and_covers_expire() -> None:
    for look in ({"ttl_seconds": 3}, {"video_cover": tl.PhotoEmpty(1)}):
        with pytest.raises(CannotCopy):
            drafted(shown(VIDEO, **look))


def test_a_live_place_becomes_the_point_where_it_was() -> None:
    draft = drafted(message(media=tl.MessageMediaGeoLive(POINT, 900, heading=4)))
    assert wired(draft.media) == wired(tl.InputMediaGeoPoint(PLACE))
    assert draft.lost == ("live",)
    assert draft.fingerprint == fingerprint(message(media=tl.MessageMediaGeo(POINT)))
    assert draft.fingerprint == fingerprint(message(media=tl.MessageMediaGeoLive(POINT, 60)))


def test_the_tasks_of_a_list_lead_to_the_copies_too() -> None:
    task = tl.TodoItem(4, words("t.me/source/9 😀", tl.MessageEntityUrl(0, 13), tl.MessageEntityBold(14, 2)))
    todo = tl.TodoList(words("List"), [task], others_can_complete=True)
    draft = drafted(message(media=tl.MessageMediaToDo(todo)))
    url, bold = tl.MessageEntityUrl(0, 15), tl.MessageEntityBold(16, 2)
    expected = tl.TodoItem(4, words("t.me/c/600/1009 😀", url, bold))
    todo = tl.TodoList(words("List"), [expected], others_can_complete=True)
    assert wired(draft.media) == wired(tl.InputMediaTodo(todo))
    assert draft.fingerprint == fingerprint(message(media=tl.MessageMediaToDo(todo)))
    assert task.title.text == "t.me/source/9 😀"


def test_a_text_is_sent_without_looking_for_a_page() -> None:
    draft = drafted(message("see t.me/source/9", [tl.MessageEntityUrl(4, 13)]))
    request = fn.messages.SendMessageRequest(
        tl.InputPeerSelf(),
        "see t.me/c/600/1009",
        no_webpage=True,
        silent=True,
        random_id=5,
        entities=[tl.MessageEntityUrl(4, 15)],
    )
    assert wired(sent(draft)) == wired(request)
    assert draft.fingerprint == fingerprint(message(" see  t.me/c/600/1009 "))


def test_an_unknown_name_is_lost_and_said_to_be() -> None:
    draft = drafted(message("Ann and Ben", [tl.MessageEntityMentionName(0, 3, 8)]))
    assert (draft.entities, draft.lost) == ((), ("mention",))


def test_an_album_is_one_call_with_a_name_for_each() -> None:
    items = [
        message("one", [tl.MessageEntityItalic(0, 3)], media=tl.MessageMediaPhoto(photo=PHOTO)),
        message("", media=tl.MessageMediaDocument(document=document(VIDEO)), invert_media=True),
    ]
    reply = tl.InputReplyToMessage(3)
    drafts = [drafted(item) for item in items]
    request = album_request(drafts, peer=tl.InputPeerSelf(), reply_to=reply, random_ids=[8, -9])
    expected = fn.messages.SendMultiMediaRequest(
        tl.InputPeerSelf(),
        [
            tl.InputSingleMedia(tl.InputMediaPhoto(PICTURE), "one", 8, [tl.MessageEntityItalic(0, 3)]),
            tl.InputSingleMedia(tl.InputMediaDocument(FILE), "", -9),
        ],
        silent=True,
        invert_media=True,
        reply_to=reply,
    )
    assert wired(request) == wired(expected)


def test_an_edit_leaves_media_alone_unless_told() -> None:
    draft = drafted(message("now", media=tl.MessageMediaPhoto(photo=PHOTO)))
    plain = edit_request(draft, peer=tl.InputPeerSelf(), message_id=6)
    assert wired(plain) == wired(fn.messages.EditMessageRequest(tl.InputPeerSelf(), 6, message="now"))
    whole = edit_request(draft, peer=tl.InputPeerSelf(), message_id=6, with_media=True)
    assert wired(whole.media) == wired(tl.InputMediaPhoto(PICTURE))


def test_a_list_is_edited_with_its_words_and_a_poll_never() -> None:
    todo = drafted(
        message(media=tl.MessageMediaToDo(tl.TodoList(words("List"), [tl.TodoItem(1, words("a"))])))
    )
    edit = edit_request(todo, peer=tl.InputPeerSelf(), message_id=6)
    assert wired(edit.media) == wired(todo.media)
    with pytest.raises(CannotCopy):
        edit_request(drafted(message(media=poll("a", "b"))), peer=tl.InputPeerSelf(), message_id=6)


def test_limits_count_characters() -> None:
    caption = drafted(message("😀" * 10, media=tl.MessageMediaPhoto(photo=PHOTO)))
    assert fits(caption, caption_limit=10, text_limit=0)
    assert not fits(caption, caption_limit=9, text_limit=99)
    text = drafted(message("😀" * 10))
    assert fits(text, caption_limit=0, text_limit=10)
    assert not fits(text, caption_limit=99, text_limit=9)


def test_a_poll_is_no_place_for_a_caption() -> None:
    assert sent(drafted(message(media=poll("a", "b")))).message == ""
