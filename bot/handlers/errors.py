"""Every error of every handler ends here: ours as its own sentence, anything else in the log."""

from __future__ import annotations

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, Message
from markupsafe import Markup

from bot import phrases
from bot.language import Say
from domain.errors import DatabaseBroken, FerryError

log = structlog.get_logger(__name__)

ALERT_LIMIT = 200  # characters, Telegram's
#: Nothing was lost: it stands there already, or whoever pressed has long looked elsewhere.
HARMLESS = ("message is not modified", "query is too old", "message to edit not found")


async def is_harmless(error: ErrorEvent) -> bool:
    refused = error.exception
    return isinstance(refused, TelegramBadRequest) and any(words in refused.message for words in HARMLESS)


async def ignore(error: ErrorEvent) -> None:
    log.debug("answer_not_needed", reason=str(error.exception))


async def say_what_is_wrong(error: ErrorEvent, say: Say) -> None:
    assert isinstance(error.exception, FerryError)
    await _tell(error, phrases.sentence(error.exception, say))


async def database_is_gone(error: ErrorEvent, say: Say) -> None:
    """Its own sentence is for the operator, who is told by the service itself."""
    log.warning("answer_without_database", reason=str(error.exception))
    await _tell(error, say.plain("The database can't be used just now. Try again in a minute."))


async def blocked(error: ErrorEvent) -> None:
    log.info("answer_not_wanted", reason=str(error.exception))


async def unexpected(error: ErrorEvent, say: Say) -> None:
    log.error("handler_failed", update=error.update.update_id, exc_info=error.exception)
    await _tell(error, say.plain("Something went wrong on our side; it is logged."))


async def _tell(error: ErrorEvent, sentence: str) -> None:
    """`sentence` is plain text; too long for an alert it becomes a message."""
    match error.update.event:
        case Message() as message:
            await message.answer(Markup.escape(sentence))
        case CallbackQuery() as query if len(sentence) <= ALERT_LIMIT:
            await query.answer(sentence, show_alert=True)
        case CallbackQuery(message=Message() as message) as query:
            await query.answer()
            await message.answer(Markup.escape(sentence))


def router() -> Router:
    router = Router(name="errors")
    router.error.register(ignore, is_harmless)
    router.error.register(database_is_gone, ExceptionTypeFilter(DatabaseBroken))
    router.error.register(say_what_is_wrong, ExceptionTypeFilter(FerryError))
    router.error.register(blocked, ExceptionTypeFilter(TelegramForbiddenError))
    router.error.register(unexpected)
    return router
