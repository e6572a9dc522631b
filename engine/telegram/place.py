"""Whether a message that was asked for by its number stands where it was looked for."""

from __future__ import annotations

from typing import Any

from telethon.utils import get_peer_id

from domain.peer import Chat
from engine.telegram.forum import GENERAL
from engine.telegram.reply import reply_header


def stands_in(message: Any, chat: Chat) -> bool:
    """Outside channels an id may be that of a message of any chat; in a forum, of any topic."""
    if get_peer_id(message.peer_id) != chat.peer.marked_id:
        return False
    if chat.topic_id is None:
        return True
    header = reply_header(message)
    return chat.topic_id in (message.id, (header.topic if header else None) or GENERAL)
