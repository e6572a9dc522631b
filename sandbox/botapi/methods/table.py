"""What a handler is, and how each module lists its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiogram.methods import TelegramMethod

from sandbox.botapi.call import Call

#: Takes the call and the parsed request (an instance of the method's class), returns JSON. Never waits: a
#: request is carried out whole or not at all, whenever its client goes away.
Handler = Callable[[Call, Any], Any]


def named(handlers: Mapping[type[TelegramMethod[Any]], Handler]) -> dict[str, Handler]:
    return {cls.__api_method__.lower(): handler for cls, handler in handlers.items()}


def done(_call: Call, _request: Any) -> bool:
    """For what leaves no trace in the world, such as "is typing"."""
    return True
