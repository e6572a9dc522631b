"""The service: bot and engine together, until somebody stops it.

The steps of a stop, each bounded in time: claim nothing more, finish the step in flight and write its
checkpoint (engine/dispatcher.py, 6 s) while the bot says its last words (bot/service.py); then, as
cli/wiring.py unwinds: save, say goodbye to Telegram (2 s), close the database, give the lock back. What is
cut short is settled at the next start.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog

from cli.loading import loading
from cli.service_signals import on_wake
from cli.wiring import Engine, open_engine
from config import Settings
from engine.collector import spare_the_collector
from engine.events import JobAdvanced

if TYPE_CHECKING:
    from bot.service import BotService

log = structlog.get_logger(__name__)

#: Seconds for which jobs that go on after a restart have the interpreter for themselves.
HEAD_START = 2.0


async def serve(settings: Settings) -> None:
    stop = _told_to_stop()
    on_wake()
    async with open_engine(settings) as engine:
        on_wake(engine.look_for_work)
        await _work(engine, settings, stop)
    log.info("stopped")


async def _work(engine: Engine, settings: Settings, stop: asyncio.Event) -> None:
    """Until `stop` is set. One part that fails takes the others down: no half service goes on."""
    async with asyncio.TaskGroup() as group:
        with engine.events.recording():
            begun = await engine.dispatcher.recover()
            await engine.watch_memory()
            group.create_task(engine.dispatcher.run(), name="dispatcher")
            beside = [
                group.create_task(engine.desk.run(), name="orders"),
                group.create_task(engine.outage.keep_lock(), name="lock"),
            ]
            if begun:
                await _head_start(engine, stop)
            bot = await _bot(settings, engine, stop)
        if bot is not None:
            group.create_task(bot.run(), name="bot")
            await stop.wait()
        log.info("stopping")
        # Each takes some seconds at the most; both at once, so that we stop within ten.
        await asyncio.gather(engine.dispatcher.stop(), *([bot.close()] if bot else []))
        for task in beside:
            task.cancel()


async def _head_start(engine: Engine, stop: asyncio.Event) -> None:
    """Until the first job has got on: loading the bot takes half of the interpreter's time."""
    over = asyncio.Event()
    engine.events.subscribe(lambda event: over.set() if isinstance(event, JobAdvanced) else None)
    waits = [asyncio.ensure_future(event.wait()) for event in (over, stop)]
    await asyncio.wait(waits, timeout=HEAD_START, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _bot(settings: Settings, engine: Engine, stop: asyncio.Event) -> BotService | None:
    """Loads the bot in a thread: its library takes seconds, and jobs must not wait for it.

    None when we are told to stop before it is there.
    """
    coming = asyncio.ensure_future(asyncio.to_thread(_load))
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({coming, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
    if stop.is_set():
        return None
    assert settings.bot_token is not None, "cli/run.py requires it"
    loaded = await coming
    spare_the_collector()  # again: of 300,000 objects more, half a second for each walk
    return loaded(
        token=settings.bot_token.get_secret_value(),
        api_server=settings.bot_api_server,
        admin_ids=settings.admin_ids,
        user_ids=settings.user_ids,
        jobs=engine.jobs,
        events=engine.events,
    )


def _load() -> type[BotService]:
    with loading():
        from bot.service import BotService

    return BotService


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
