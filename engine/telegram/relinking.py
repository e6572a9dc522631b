"""A copy's links led to the copies, after the copy was sent."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from domain.peer import Chat
from engine.links import NewUrl, SourceLinks
from engine.telegram import convert
from engine.telegram.draft import draft_of
from engine.telegram.entities import KnownUser, links_in, rewrite
from engine.telegram.input_media import CannotCopy
from engine.telegram.requests import edit_request


@dataclass(frozen=True, slots=True)
class Like:
    """The source of a copy whose links lead to copies already, but not to the comments that they should.

    `made` knows the links to messages of the target.
    """

    source: Any
    made: SourceLinks


def relinked(
    message: Any,
    chat: Chat,
    *,
    links: SourceLinks,
    new_url: NewUrl,
    user: KnownUser,
    like: Like | None = None,
) -> Any:
    """The EditMessage that leads the links of a copy in `chat` to where `new_url` says; None if they do.

    Everything else of the copy stays as it is. Raises CannotCopy where Telegram can't change it any more.
    """
    now = draft_of(message, links=links, new_url=lambda link: None, user=user)
    changed = message if like is None else _to_comments(message, like, links, new_url)
    wanted = draft_of(changed, links=links, new_url=new_url, user=user)
    if wanted == now:
        return None
    if isinstance(message.media, tl.MessageMediaPoll):
        raise CannotCopy("a poll can't be edited")
    return edit_request(
        wanted,
        peer=convert.input_peer(chat.peer),
        message_id=message.id,
        with_media=isinstance(message.media, tl.MessageMediaToDo),
    )


def _to_comments(message: Any, like: Like, links: SourceLinks, new_url: NewUrl) -> Any:
    """The copy as it reads once each link of its text leads where the source's link in its place does."""
    ours = [link for _, _, link in links_in(like.source.message, like.source.entities or (), links)]
    if all(link.comment_id is None for link in ours):
        return message
    text, entities = rewrite(message.message, message.entities or (), links, new_url)
    theirs = [link for _, _, link in links_in(text, entities, like.made)]
    urls = [url for link in ours if (url := new_url(link)) is not None]
    wanted = [link for url in urls if (link := like.made.find(url)) is not None]
    if [link.message_id for link in wanted] != [link.message_id for link in theirs]:
        raise CannotCopy("it was changed after it was copied")
    in_turn = iter([url if link.comment_id else None for url, link in zip(urls, wanted, strict=True)])
    changed = copy(message)
    changed.message, changed.entities = rewrite(text, entities, like.made, lambda _: next(in_turn))
    if isinstance(message.media, tl.MessageMediaWebPage) and getattr(message.media.webpage, "url", None):
        shown = like.made.find(message.media.webpage.url)
        if shown in theirs:  # what is previewed is one of them
            changed.media, changed.media.webpage = copy(message.media), copy(message.media.webpage)
            changed.media.webpage.url = urls[theirs.index(shown)]
    return changed
