"""The same media once more, by reference: what a message shows as what a send wants, nothing downloaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telethon import utils
from telethon.tl import types as tl

from engine.telegram.wording import Wording


class CannotCopy(Exception):
    """This can't be sent anew by reference; `reason` says what it is. The server may still forward it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def input_photo(photo: Any) -> Any:
    if type(photo) is not tl.Photo:
        raise CannotCopy("expired media")
    return tl.InputPhoto(photo.id, photo.access_hash, photo.file_reference)


def input_document(document: Any) -> Any:
    if type(document) is not tl.Document:
        raise CannotCopy("expired media")
    return tl.InputDocument(document.id, document.access_hash, document.file_reference)


def by_reference(media: Any, wording: Wording) -> Any:
    """The InputMedia for a MessageMedia. Raises CannotCopy.

    Polls and link previews are not among them: poll.py and preview.py know those.
    """
    make = _MAKERS.get(type(media))
    if make is None:
        raise CannotCopy(_WORDS.get(type(media), "unknown media"))
    return make(media, wording)


def _photo(media: Any, wording: Wording) -> Any:
    if media.ttl_seconds:
        raise CannotCopy("self-destructing")
    return tl.InputMediaPhoto(
        input_photo(media.photo),
        spoiler=media.spoiler,
        live_photo=media.live_photo,
        video=input_document(media.video) if media.video else None,
    )


def _document(media: Any, wording: Wording) -> Any:
    if media.ttl_seconds:
        raise CannotCopy("self-destructing")
    return tl.InputMediaDocument(
        input_document(media.document),
        spoiler=media.spoiler,
        video_cover=input_photo(media.video_cover) if media.video_cover else None,
        video_timestamp=media.video_timestamp,
    )


def _contact(media: Any, wording: Wording) -> Any:
    return tl.InputMediaContact(media.phone_number, media.first_name, media.last_name, media.vcard)


def _point(media: Any, wording: Wording) -> Any:
    """A live place too becomes the point where it was last: the copying account must not share its own."""
    return tl.InputMediaGeoPoint(_geo_point(media.geo))


def _venue(media: Any, wording: Wording) -> Any:
    return tl.InputMediaVenue(
        _geo_point(media.geo),
        media.title,
        media.address,
        media.provider,
        media.venue_id,
        media.venue_type,
    )


def _geo_point(geo: Any) -> Any:
    if type(geo) is not tl.GeoPoint:
        raise CannotCopy("a place without a point")
    return tl.InputGeoPoint(geo.lat, geo.long, geo.accuracy_radius)


def _game(media: Any, wording: Wording) -> Any:
    return tl.InputMediaGame(tl.InputGameID(media.game.id, media.game.access_hash))


def _todo(media: Any, wording: Wording) -> Any:
    """The list as it was written; whose tasks are done stays behind."""
    todo = media.todo
    tasks = [tl.TodoItem(task.id, wording.of_words(task.title)) for task in todo.list]
    return tl.InputMediaTodo(
        tl.TodoList(
            wording.of_words(todo.title),
            tasks,
            others_can_append=todo.others_can_append,
            others_can_complete=todo.others_can_complete,
        )
    )


def _story(media: Any, wording: Wording) -> Any:
    known = wording.user(media.peer.user_id) if type(media.peer) is tl.PeerUser else None
    if known is None:
        raise CannotCopy("a story of somebody unknown")
    return tl.InputMediaStory(utils.get_input_peer(known), media.id)


_MAKERS: dict[type, Callable[[Any, Wording], Any]] = {
    tl.MessageMediaPhoto: _photo,
    tl.MessageMediaDocument: _document,
    tl.MessageMediaContact: _contact,
    tl.MessageMediaGeo: _point,
    tl.MessageMediaGeoLive: _point,
    tl.MessageMediaVenue: _venue,
    tl.MessageMediaGame: _game,
    tl.MessageMediaToDo: _todo,
    tl.MessageMediaStory: _story,
}

#: Why the others can't be made anew.
_WORDS: dict[type, str] = {
    tl.MessageMediaDice: "dice",  # it would be thrown again
    tl.MessageMediaPaidMedia: "paid",
    tl.MessageMediaGiveaway: "giveaway",
    tl.MessageMediaGiveawayResults: "giveaway results",
    tl.MessageMediaInvoice: "invoice",
    tl.MessageMediaVideoStream: "video stream",
    tl.MessageMediaUnsupported: "newer than this Ferry",
}
