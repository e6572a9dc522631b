"""What the bot answers to. A handler parses, calls one service, renders; errors have their own handler."""

from __future__ import annotations

from collections.abc import Collection

from aiogram import Dispatcher, Router

from bot.access import Door
from bot.handlers import admin, checks, errors, fallback, job, orders, start


def include(dispatcher: Dispatcher, *, allowed: Collection[int]) -> None:
    """Everything behind the door. The fallback comes last: it takes whatever nobody else wanted."""
    inside = Router(name="inside")
    door = Door(allowed=allowed)
    inside.message.middleware(door)
    inside.callback_query.middleware(door)
    inside.include_routers(
        start.router(),
        orders.router(),
        job.router(),
        checks.router(),
        admin.router(),
        fallback.router(),
    )
    dispatcher.include_routers(errors.router(), inside)
