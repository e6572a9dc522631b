"""The list of commands that Telegram shows beside the input field, and /help with the same words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat, BotCommandScopeDefault
from markupsafe import Markup

from bot.language import N_, SOURCE, Say

log = structlog.get_logger(__name__)

COMMANDS = {
    "clone": N_("copy one chat into another: /clone @source @target"),
    "preview": N_("count what that would copy, and copy nothing: /preview @source @target"),
    "jobs": N_("your jobs"),
    "job": N_("how one job stands: /job 3"),
    "pause": N_("pause a job: /pause 3"),
    "resume": N_("let a paused or failed job go on: /resume 3"),
    "retry": N_("try a failed job again from where it stopped: /retry 3"),
    "cancel": N_("cancel a job: /cancel 3"),
    "priority": N_("let a job go before or after others: /priority 3 high"),
    "after": N_("start a job only when others are complete: /after 3 1 2"),
    "history": N_("what happened to a job: /history 3"),
    "verify": N_("compare what a job copied with its source: /verify 3"),
    "repair": N_("mend what that found: /repair 3"),
    "skipped": N_("what a job left out or found, and why: /skipped 3"),
    "csv": N_("the same as a file: /csv 3"),
    "adopt": N_("take over what another tool has copied: /adopt @source @target"),
    "dedupe": N_("find what stands twice in a chat: /dedupe @chat"),
    "help": N_("what I can do"),
}
ADMIN = {"admin": N_("all jobs, memory and queue")}


def listed(say: Say, *, is_admin: bool) -> Markup:
    lines = [Markup("/{} – {}").format(name, say(words)) for name, words in _commands(is_admin).items()]
    return Markup("\n").join(lines)


async def publish(bot: Bot, languages: Mapping[str, Say], admin_ids: Collection[int]) -> None:
    """Tells Telegram the commands in every language; admins get /admin in their own chats.

    Telegram refuses an admin's until they have written to the bot, so /start tells it again. Nothing that
    goes wrong here matters enough to stop anything: it is logged.
    """
    for language, say in languages.items():
        code = None if language == SOURCE else language
        await _publish(bot, say, code, None)
        for user_id in admin_ids:
            await _publish(bot, say, code, user_id)


async def publish_to_admin(bot: Bot, languages: Mapping[str, Say], user_id: int) -> None:
    for language, say in languages.items():
        await _publish(bot, say, None if language == SOURCE else language, user_id)


async def _publish(bot: Bot, say: Say, code: str | None, admin_id: int | None) -> None:
    commands = [
        BotCommand(command=name, description=say.plain(words))
        for name, words in _commands(admin_id is not None).items()
    ]
    scope = BotCommandScopeDefault() if admin_id is None else BotCommandScopeChat(chat_id=admin_id)
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=code)
    except TelegramAPIError as error:
        log.info("commands_not_published", admin=admin_id, reason=error.message)


def _commands(is_admin: bool) -> dict[str, str]:
    return COMMANDS | ADMIN if is_admin else COMMANDS
