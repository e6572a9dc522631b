"""What a message answers, as its header tells it, and the same for a message that is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from engine.links import NewUrl, SourceLinks
from engine.telegram.entities import rewrite_quote


@dataclass(frozen=True, slots=True)
class Reply:
    """`message_id` is the message answered if it stands in the same chat. `topic` is the forum topic that
    the message is in (None: General, or no forum); `thread` the first message of its comment thread.
    """

    message_id: int | None = None
    topic: int | None = None
    thread: int | None = None
    quote_text: str | None = None
    quote_entities: tuple[Any, ...] = ()
    quote_offset: int | None = None  #: in UTF-16 units


def reply_header(message: Any) -> Reply | None:
    """None for a message that answers none and is in no topic, and for an answer to a story."""
    header = message.reply_to
    if header is None or type(header) is not tl.MessageReplyHeader:
        return None
    number, top = header.reply_to_msg_id, header.reply_to_top_id
    if not _is_here(header, message):
        number = None
    topic = (top or number) if header.forum_topic else None
    if number == topic:
        number = None
    if number is None and topic is None and top is None:
        return None
    return Reply(
        number,
        topic,
        None if header.forum_topic else top or number,
        header.quote_text if number is not None else None,
        tuple(header.quote_entities or ()) if number is not None else (),
        header.quote_offset if number is not None else None,
    )


def input_reply(
    reply_to: int,
    top: int | None = None,
    message: Any = None,
    *,
    links: SourceLinks | None = None,
    new_url: NewUrl | None = None,
) -> Any:
    """An answer to `reply_to` in topic or thread `top`, with what the source `message` quotes of it.

    A quote must be found in the copy that is answered, so with `links` and `new_url` its links are replaced
    as they were there. Without answering anything, a message goes into a topic as an answer to the topic's
    first message.
    """
    header: Any = message.reply_to if message is not None else None
    if type(header) is not tl.MessageReplyHeader:
        return tl.InputReplyToMessage(reply_to, top_msg_id=top)
    text, entities = header.quote_text, header.quote_entities
    if text and links and new_url:
        text, entities = rewrite_quote(text, entities or (), links, new_url)
    return tl.InputReplyToMessage(
        reply_to,
        top_msg_id=top,
        quote_text=text,
        quote_entities=entities or None,
        quote_offset=header.quote_offset,
        todo_item_id=header.todo_item_id,
        poll_option=header.poll_option,
    )


def _is_here(header: Any, message: Any) -> bool:
    """A header names a chat for answers across chats; across topics of a forum it may name this one."""
    return header.reply_to_peer_id is None or header.reply_to_peer_id == message.peer_id
