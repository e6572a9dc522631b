"""Outlasts trouble with the database: who has to write waits here, and sends nothing meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from domain.errors import DatabaseBroken
from engine.events import DatabaseBack, DatabaseLost, Events
from engine.retry import DATABASE, jittered

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Outage:
    """One for the whole engine, so that an outage is told of once, however many jobs wait for its end."""

    def __init__(self, *, events: Events, clock: Callable[[], float] = time.monotonic) -> None:
        self._events, self._clock = events, clock
        self._since: float | None = None

    async def outlast(self, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, however often it has to be tried. Only DatabaseBroken is outlasted.

        A COMMIT whose answer was lost may have happened: `work` must be such that a second time does no harm.
        """
        attempt = 0
        while True:
            try:
                result = await work()
            except DatabaseBroken as broken:
                attempt += 1
                self._lost(broken.values.get("reason", ""))
                await asyncio.sleep(jittered(DATABASE.delay(attempt), random.random()).total_seconds())
            else:
                if attempt:
                    self._back()
                return result

    def _lost(self, reason: str) -> None:
        if self._since is None:
            self._since = self._clock()
            log.error("database_lost", reason=reason)
            self._events.emit(DatabaseLost(reason))

    def _back(self) -> None:
        if self._since is not None:
            seconds, self._since = self._clock() - self._since, None
            log.warning("database_back", after_seconds=round(seconds, 1))
            self._events.emit(DatabaseBack(seconds))
