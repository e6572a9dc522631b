"""What kind a message is, how large its file, whether it may be copied: asked of every single message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType
from typing import Any

from telethon.tl import types as tl

from domain.kind import Kind
from domain.message import SkipReason


class Way(StrEnum):
    FORWARD = "forward"  #: server-side
    COPY = "copy"  #: it can only be sent anew, by reference


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a message: a way to copy it, or the reason to skip it and a word that says more."""

    way: Way | None
    skip: SkipReason | None = None
    detail: str = ""


FORWARD = Fate(Way.FORWARD)
COPY = Fate(Way.COPY)
_SERVICE = Fate(None, SkipReason.SERVICE)
_PROTECTED = Fate(None, SkipReason.PROTECTED)


def _never(detail: str) -> Fate:
    return Fate(None, SkipReason.UNSUPPORTED, detail)


_DESTRUCTS = _never("self-destructing")
_EXPIRED = _never("expired media")

#: What is forwarded with its author's header or not at all, as Bot API's copyMessage says (telegram-facts 4).
_WITH_AUTHOR: dict[type, Fate] = {
    tl.MessageMediaPaidMedia: _never("paid"),
    tl.MessageMediaGiveaway: _never("giveaway"),
    tl.MessageMediaGiveawayResults: _never("giveaway results"),
    tl.MessageMediaInvoice: _never("invoice"),
}
_VIDEO_STREAM = _never("video stream")  # a call, no file

_KINDS: dict[type, Kind] = {
    NoneType: Kind.TEXT,
    tl.MessageMediaWebPage: Kind.TEXT,
    tl.MessageMediaEmpty: Kind.TEXT,
    tl.MessageMediaPhoto: Kind.PHOTO,
    tl.MessageMediaContact: Kind.CONTACT,
    tl.MessageMediaGeo: Kind.PLACE,
    tl.MessageMediaVenue: Kind.PLACE,
    tl.MessageMediaGeoLive: Kind.LIVE,
    tl.MessageMediaDice: Kind.DICE,
    tl.MessageMediaGame: Kind.GAME,
    tl.MessageMediaToDo: Kind.TODO,
    tl.MessageMediaStory: Kind.STORY,
    tl.MessageMediaPaidMedia: Kind.PAID,
    tl.MessageMediaGiveaway: Kind.GIVEAWAY,
    tl.MessageMediaGiveawayResults: Kind.GIVEAWAY,
    tl.MessageMediaInvoice: Kind.INVOICE,
}


def kind_of(message: Any) -> Kind:
    media: Any = getattr(message, "media", None)  # a service message has none
    kind = _KINDS.get(type(media))
    if kind is None:
        if type(media) is tl.MessageMediaDocument:
            return _kind_of_document(media)
        if type(media) is tl.MessageMediaPoll:
            return Kind.QUIZ if media.poll.quiz else Kind.POLL
        return Kind.OTHER
    if kind is Kind.TEXT:
        if type(message) is tl.MessageService:
            return Kind.SERVICE
        if message.rich_message is not None:
            return Kind.RICH
    return kind


def _kind_of_document(media: Any) -> Kind:
    """A GIF and a video sticker call themselves videos too, so what is special comes first."""
    kind = Kind.VIDEO if media.video else Kind.FILE
    for attribute in getattr(media.document, "attributes", ()):
        match type(attribute):
            case tl.DocumentAttributeSticker | tl.DocumentAttributeCustomEmoji:
                return Kind.STICKER
            case tl.DocumentAttributeAnimated:
                kind = Kind.GIF
            case tl.DocumentAttributeAudio:
                return Kind.VOICE if attribute.voice else Kind.MUSIC
            case tl.DocumentAttributeVideo if kind is not Kind.GIF:
                kind = Kind.ROUND if attribute.round_message else Kind.VIDEO
    if media.round:
        return Kind.ROUND
    return Kind.VOICE if media.voice else kind


def size_of(message: Any) -> int:
    """Bytes of its file: a document's, or a photo's largest size; 0 without either."""
    media: Any = getattr(message, "media", None)
    if type(media) is tl.MessageMediaDocument:
        return getattr(media.document, "size", 0)
    if type(media) is tl.MessageMediaPhoto:
        return max(map(_size_of_photo, getattr(media.photo, "sizes", ())), default=0)
    return 0


def _size_of_photo(size: Any) -> int:
    match size:
        case tl.PhotoSize():
            return int(size.size)
        case tl.PhotoSizeProgressive():
            return max(size.sizes, default=0)
        case tl.PhotoCachedSize():
            return len(size.bytes)
        case _:  # outlines and blurred miniatures
            return 0


def fate_of(message: Any, *, broadcast: bool = False, keep_author: bool = False) -> Fate:
    """`broadcast`: the target is a channel; `keep_author`: forwards shall name whom they are from."""
    if type(message) is tl.MessageService:
        return _SERVICE
    if message.noforwards:
        return _PROTECTED
    media = message.media
    if media is None:
        return FORWARD
    check = _CHECKS.get(type(media))
    return FORWARD if check is None else check(media, broadcast, keep_author)


def _fate_of_photo(media: Any, broadcast: bool, keep_author: bool) -> Fate:
    if media.ttl_seconds:
        return _DESTRUCTS
    return FORWARD if type(media.photo) is tl.Photo else _EXPIRED


def _fate_of_document(media: Any, broadcast: bool, keep_author: bool) -> Fate:
    if media.ttl_seconds:
        return _DESTRUCTS
    return FORWARD if type(media.document) is tl.Document else _EXPIRED


def _fate_of_poll(media: Any, broadcast: bool, keep_author: bool) -> Fate:
    """Telegram's refusals: BROADCAST_PUBLIC_VOTERS_FORBIDDEN, and of a quiz QUIZ_ANSWER_MISSING."""
    if broadcast and media.poll.public_voters:
        return COPY
    return COPY if media.poll.quiz and not keep_author and not right_answers(media) else FORWARD


def _fate_with_author(media: Any, broadcast: bool, keep_author: bool) -> Fate:
    return FORWARD if keep_author else _WITH_AUTHOR[type(media)]


def _fate_of_stream(media: Any, broadcast: bool, keep_author: bool) -> Fate:
    return _VIDEO_STREAM


def right_answers(media: Any) -> list[int]:
    """Places of a quiz's right answers, as far as this account may know them: it voted, or it is closed."""
    right = {voters.option for voters in media.results.results or () if voters.correct}
    return [place for place, answer in enumerate(media.poll.answers) if answer.option in right]


_CHECKS: dict[type, Callable[[Any, bool, bool], Fate]] = {
    tl.MessageMediaPhoto: _fate_of_photo,
    tl.MessageMediaDocument: _fate_of_document,
    tl.MessageMediaPoll: _fate_of_poll,
    tl.MessageMediaVideoStream: _fate_of_stream,
    **dict.fromkeys(_WITH_AUTHOR, _fate_with_author),
}
