"""A copy's links led to the copies, after the copy was sent."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from domain.peer import Chat
from engine.links import NewUrl, SourceLinks
from engine.telegram import convert
from engine.telegram.draft import draft_of
from engine.telegram.entities import KnownUser
from engine.telegram.input_media import CannotCopy
from engine.telegram.requests import edit_request


def relinked(message: Any, chat: Chat, *, links: SourceLinks, new_url: NewUrl, user: KnownUser) -> Any:
    """The EditMessage that leads the links of a copy in `chat` to where `new_url` says; None if they do.

    Everything else of the copy stays as it is. Raises CannotCopy where Telegram can't change it any more.
    """
    now = draft_of(message, links=links, new_url=lambda link: None, user=user)
    wanted = draft_of(message, links=links, new_url=new_url, user=user)
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
