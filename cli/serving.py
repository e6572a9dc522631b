"""The service: bot and engine together, until somebody stops it."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack

import structlog

from bot.service import BotService
from cli.service_signals import on_wake
from cli.wiring import Engine, open_engine
from config import Settings

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    stop = _told_to_stop()
    on_wake()
    async with open_engine(settings) as engine, AsyncExitStack() as stack:
        bot = _bot(settings, engine)
        stack.push_async_callback(bot.close)
        on_wake(engine.look_for_work)
        await engine.dispatcher.recover()
        await engine.watch_memory()
        await _work(engine, bot, stop)
    log.info("stopped")


async def _work(engine: Engine, bot: BotService, stop: asyncio.Event) -> None:
    """Until `stop` is set. One part that fails takes the others down: no half service goes on."""
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.dispatcher.run(), name="dispatcher")
        group.create_task(bot.run(), name="bot")
        desk = group.create_task(engine.desk.run(), name="orders")
        await stop.wait()
        log.info("stopping")
        # Each takes some seconds at the most; both at once, so that we stop within ten.
        await asyncio.gather(engine.dispatcher.stop(), bot.close())
        desk.cancel()


def _bot(settings: Settings, engine: Engine) -> BotService:
    assert settings.bot_token is not None, "required above"
    return BotService(
        token=settings.bot_token.get_secret_value(),
        api_server=settings.bot_api_server,
        admin_ids=settings.admin_ids,
        user_ids=settings.user_ids,
        jobs=engine.jobs,
        events=engine.events,
    )


def _told_to_stop() -> asyncio.Event:
    """Set by the first Ctrl-C or SIGTERM; the second one does not wait for anything."""
    stop, loop, task = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def told() -> None:
        if stop.is_set():
            task.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    return stop
