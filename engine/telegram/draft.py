"""A message as it is to be sent anew: text, entities, media by reference; its links lead to the copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from engine.structure.links import SourceLinks
from engine.telegram.convert import fingerprint
from engine.telegram.entities import KnownUser, NewUrl, as_input, rewrite
from engine.telegram.input_media import CannotCopy, by_reference
from engine.telegram.poll import input_poll
from engine.telegram.preview import preview_of
from engine.telegram.rich import input_rich

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
    rich_message: Any = None


def draft_of(
    message: Any, *, links: SourceLinks, new_url: NewUrl, user: KnownUser, broadcast: bool = False
) -> Draft:
    """The draft of a source message. Raises CannotCopy for what can't be sent anew by reference.

    `links` knows the links to messages of the source and `new_url` says where each leads now; `user` knows
    whom the account may mention; `broadcast`: the target is a channel.
    """
    rewritten, moved = rewrite(message.message or "", message.entities or (), links, new_url)
    entities, nameless = as_input(moved, user)
    lost = ["mention"] if nameless else []
    media, shown = message.media, message.media
    sent: Any = None
    no_webpage = False
    match media:
        case None | tl.MessageMediaEmpty():
            no_webpage = True
        case tl.MessageMediaWebPage():
            sent, no_webpage = preview_of(media, rewritten, moved, links, new_url)
        case tl.MessageMediaPoll():
            sent = _poll(media, links=links, new_url=new_url, user=user, broadcast=broadcast)
            if media.poll.quiz and not sent.poll.quiz:
                lost.append("right answer")
        case _:
            sent = by_reference(media, user)
            if type(media) is tl.MessageMediaGeoLive:
                shown = tl.MessageMediaGeo(media.geo)
                lost.append("live")
    rich = message.rich_message
    return Draft(
        text=rewritten,
        entities=tuple(entities),
        media=sent,
        no_webpage=no_webpage,
        invert_media=bool(message.invert_media),
        rich=None if rich is None else input_rich(rich, user),
        fingerprint=fingerprint(_Shown(rewritten, shown, rich)),
        lost=tuple(lost),
    )


def _poll(media: Any, *, links: SourceLinks, new_url: NewUrl, user: KnownUser, broadcast: bool) -> Any:
    solution = None
    if media.results.solution is not None:
        text, entities = rewrite(
            media.results.solution, media.results.solution_entities or (), links, new_url
        )
        solution = text, as_input(entities, user)[0]
    return input_poll(media, user, solution=solution, broadcast=broadcast)


def fits(draft: Draft, *, caption_limit: int, text_limit: int) -> bool:
    """Whether the text is short enough, counted in characters (code points) as Telegram's limits are."""
    return len(draft.text) <= (caption_limit if draft.has_caption else text_limit)
