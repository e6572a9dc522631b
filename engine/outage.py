"""Outlasts trouble with the database: who has to write waits here, and sends nothing meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import structlog

from domain.errors import AnotherService, DatabaseBroken
from engine.events import DatabaseBack, DatabaseLost, Events
from engine.retry import DATABASE, jittered

log = structlog.get_logger(__name__)

#: Seconds between two proofs that the lock is ours. A server may drop us without a word.
LOOK_EVERY = 5.0

T = TypeVar("T")


class Outage:
    """One for the whole engine, so that an outage is told of once, however many jobs wait for its end.

    `hold` proves that the service's lock is still ours, or takes it again (storage.lock.ServiceLock.confirm).
    """

    def __init__(
        self,
        *,
        events: Events,
        hold: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._events, self._hold, self._clock = events, hold, clock
        self._since: float | None = None

    async def outlast(self, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, however often it has to be tried. Only DatabaseBroken is outlasted.

        A COMMIT whose answer was lost may have happened: `work` must be such that a second time does no harm.
        Where another service has taken the lock meanwhile this never returns: `keep_lock` ends us.
        """
        attempt = 0
        while True:
            try:
                if attempt:
                    await self._hold()
                result = await work()
            except DatabaseBroken as broken:
                attempt += 1
                self._lost(broken.values.get("reason", ""))
                await asyncio.sleep(jittered(DATABASE.delay(attempt), random.random()).total_seconds())
            except AnotherService:
                await asyncio.Event().wait()
            else:
                if attempt:
                    self._back()
                return result

    async def try_once(self, work: Callable[[], Awaitable[None]]) -> None:
        """For what is done again soon anyway: trouble with the database is no more than a line in the log."""
        try:
            await work()
        except DatabaseBroken as broken:
            log.warning("not_saved_yet", reason=broken.values.get("reason", ""))

    async def keep_lock(self) -> None:
        """Runs beside the dispatcher. Raises AnotherService when another service has taken our place."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(DatabaseBroken):  # whoever writes now outlasts it; nobody sends meanwhile
                await self._hold()

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
