"""A question about one chat."""

from __future__ import annotations

from typing import Any

from domain.errors import SourceLost
from domain.peer import Chat
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import ChatGone, MayNotPost


async def ask(account: TelegramAccount, chat: Chat, request: Any) -> Any:
    """The answer to a call that only reads `chat`. Raises SourceLost when that can't be done any more."""
    try:
        return await account.call(request)
    except (ChatGone, MayNotPost) as error:
        raise SourceLost(title=chat.title, reason=error.values["reason"], job_id="") from error
