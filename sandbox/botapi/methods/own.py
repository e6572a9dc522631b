"""Methods about the bot itself: who it is, its commands, its updates' state, its files."""

from __future__ import annotations

from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi import files
from sandbox.botapi.call import Call
from sandbox.botapi.convert import Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.methods.table import Handler, done

COMMANDS_LIMIT = 100


def get_me(call: Call, _request: m.GetMe) -> Json:
    return call.convert.user(call.inbox.user) | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }


def delete_webhook(call: Call, request: m.DeleteWebhook) -> bool:
    if request.drop_pending_updates:
        call.inbox.queue.clear()
    return True


def get_webhook_info(call: Call, _request: m.GetWebhookInfo) -> Json:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(call.inbox.queue)}


def _slot(request: m.SetMyCommands | m.GetMyCommands | m.DeleteMyCommands) -> str:
    """Commands are kept per scope and language; without either they are everyone's."""
    scope: dict[str, Any] = request.scope.model_dump(mode="json") if request.scope else {"type": "default"}
    where = ":".join(str(v) for v in scope.values())
    return f"{where}|{request.language_code or ''}"


def set_my_commands(call: Call, request: m.SetMyCommands) -> bool:
    if len(request.commands) > COMMANDS_LIMIT:
        raise ApiError(400, "BOT_COMMANDS_TOO_MUCH")
    given = [c.model_dump(mode="json", exclude_none=True) for c in request.commands]
    call.inbox.commands[_slot(request)] = given
    if _slot(request) == "default|":
        call.inbox.user.commands = given  # what other accounts see of the bot
    return True


def get_my_commands(call: Call, request: m.GetMyCommands) -> list[Json]:
    return call.inbox.commands.get(_slot(request), [])


def delete_my_commands(call: Call, request: m.DeleteMyCommands) -> bool:
    call.inbox.commands.pop(_slot(request), None)
    if _slot(request) == "default|":
        call.inbox.user.commands = []
    return True


def get_file(call: Call, request: m.GetFile) -> Json:
    media = files.known(call.world, request.file_id)
    if media is None:
        raise ApiError(400, "invalid file_id")
    return files.identity(media) | {"file_path": f"files/{media.id}"}


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.GetMe: get_me,
    m.DeleteWebhook: delete_webhook,
    m.GetWebhookInfo: get_webhook_info,
    m.SetMyCommands: set_my_commands,
    m.GetMyCommands: get_my_commands,
    m.DeleteMyCommands: delete_my_commands,
    m.SetMyName: done,
    m.SetMyDescription: done,
    m.SetMyShortDescription: done,
    m.SetMyDefaultAdministratorRights: done,
    m.SetChatMenuButton: done,
    m.GetFile: get_file,
}
