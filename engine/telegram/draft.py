"""A message as it is to be sent anew: text, entities, media by reference; its links lead to the copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from engine.links import NewUrl, SourceLinks
from engine.telegram.convert import fingerprint
from engine.telegram.entities import KnownUser
from engine.telegram.input_media import CannotCopy, by_reference
from engine.telegram.poll import input_poll
from engine.telegram.preview import preview_of
from engine.telegram.rich import input_rich
from engine.telegram.wording import Wording

__all__ = ["CannotCopy", "Draft", "draft_of", "fits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`fingerprint` is what convert.fingerprint() will tell of the copy. `lost` names what stays behind."""

    text: str
    entities: tuple[Any, ...] = ()
    media: Any = None  #: an InputMedia
    no_webpage: bool = False
    invert_media: bool = False  #: the text stands above media or preview
    rich: Any = None  #: an InputRichMessage
    fingerprint: str
    lost: tuple[str, ...] = ()

    @property
    def has_caption(self) -> bool:
        """Whether the text is a caption: a link preview leaves it a text."""
        return self.media is not None and type(self.media) is not tl.InputMediaWebPage


@dataclass(frozen=True, slots=True)
class _Shown:
    """As much of a message as its fingerprint needs."""

    message: str
    media: Any
    rich_message: Any


def draft_of(
    message: Any,
    *,
    links: SourceLinks,
    new_url: NewUrl,
    user: KnownUser,
    broadcast: bool = False,
    previews: bool = True,
) -> Draft:
    """The draft of a source message. Raises CannotCopy for what can't be sent anew by reference.

    `links` knows the links to messages of the source and `new_url` says where each leads now; `user` knows
    whom the account may mention; `broadcast`: the target is a channel; `previews`: it takes link previews.
    """
    wording = Wording(links, new_url, user)
    text, entities, nameless = wording.of(message.message or "", message.entities)
    lost = ["mention"] if nameless else []
    media, shown = message.media, message.media
    sent: Any = None
    no_webpage = False
    match media:
        case None | tl.MessageMediaEmpty():
            no_webpage = True  # or the server would look for a page that the source doesn't show
        case tl.MessageMediaWebPage():
            sent, no_webpage = preview_of(media, text, entities, wording) if previews else (None, True)
        case tl.MessageMediaPoll():
            sent = input_poll(media, wording, broadcast=broadcast)
            if media.poll.quiz and not sent.poll.quiz:
                lost.append("right answer")
        case _:
            sent = by_reference(media, wording)
            if type(media) is tl.MessageMediaToDo:
                shown = tl.MessageMediaToDo(sent.todo)
            if type(media) is tl.MessageMediaGeoLive:
                lost.append("live")
    rich = None if message.rich_message is None else input_rich(message.rich_message, wording)
    return Draft(
        text=text,
        entities=tuple(entities),
        media=sent,
        no_webpage=no_webpage,
        invert_media=bool(message.invert_media),
        rich=rich,
        fingerprint=fingerprint(_Shown(text, shown, rich)),
        lost=tuple(lost),
    )


def fits(draft: Draft, *, caption_limit: int, text_limit: int) -> bool:
    """Whether the text is short enough for the account.

    Limits count code points, not UTF-16 units (core.telegram.org/constructor/config: "length in utf8
    codepoints").
    """
    return len(draft.text) <= (caption_limit if draft.has_caption else text_limit)
