"""The HTTP Bot API in front of a world: what the real aiogram talks to instead of api.telegram.org."""

from sandbox.botapi.errors import ApiError
from sandbox.botapi.server import BotApiServer

__all__ = ["ApiError", "BotApiServer"]
