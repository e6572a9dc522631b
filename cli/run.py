"""`run`: reads the settings, then starts the service."""

from __future__ import annotations

from cli.endings import DONE, tell
from cli.loading import loading
from cli.logs import set_up_logging
from cli.settings import load_settings


async def run() -> int:
    settings = load_settings()
    settings.require("bot_token", "api_id", "api_hash")
    if not settings.admin_ids and not settings.user_ids:
        tell("Nobody may use the bot yet: write to it, it tells your number, and set ADMIN_IDS to that.")
    set_up_logging()
    with loading():  # after the settings: it takes seconds, and what is missing should be said at once
        from cli.serving import serve
    await serve(settings)
    return DONE
