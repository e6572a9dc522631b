"""`clone` and `adopt`: a target is filled, or a preview of that is shown."""

from __future__ import annotations

import logging

from cli.carrying import carry
from cli.endings import DONE, sentence, tell
from cli.handing_over import Service, hand_over
from cli.logs import set_up_logging
from cli.preview import render
from cli.service_signals import on_wake
from cli.settings import load_settings
from cli.wiring import open_database, open_engine
from config import Settings
from domain.asker import AT_THE_TERMINAL
from domain.errors import AlreadyCopied, AnotherService
from domain.preview import Preview
from domain.typed import Typed
from storage.lock import service_lock
from storage.orders import OrderStore


async def clone(typed: Typed) -> int:
    """The exit code: 0 only when everything was copied, now or before."""
    try:
        return await carry(typed)
    except AlreadyCopied as error:
        tell(sentence(error))
        return DONE


async def show_preview(typed: Typed) -> int:
    settings = load_settings()
    set_up_logging(logging.WARNING)
    tell("Reading what would be copied. Nothing is sent.")
    if await service_lock(settings.database_url).holder() is None:
        try:
            render(await _by_ourselves(typed, settings))
            return DONE
        except AnotherService:
            pass  # it started a moment ago
    render(await _by_the_service(typed, settings))
    return DONE


async def _by_ourselves(typed: Typed, settings: Settings) -> Preview:
    on_wake()
    async with open_engine(settings, only=set()) as engine:
        return await engine.jobs.preview(typed, asker=AT_THE_TERMINAL)


async def _by_the_service(typed: Typed, settings: Settings) -> Preview:
    async with open_database(settings) as database:
        service = Service(service_lock(settings.database_url))
        answered = await hand_over(typed, orders=OrderStore(database), service=service, preview=True)
    assert answered.preview is not None, "that is what was ordered"
    return answered.preview
