"""Whether a message that was asked for by its number stands in the topic that was looked at."""

from __future__ import annotations

from typing import Any

from domain.peer import Chat
from engine.telegram.forum import GENERAL
from engine.telegram.reply import reply_header


def stands_in(message: Any, chat: Chat) -> bool:
    """Of a message of this chat: in a forum its number may be that of any topic's."""
    if chat.topic_id is None:
        return True
    header = reply_header(message)
    return chat.topic_id in (message.id, (header.topic if header else None) or GENERAL)
