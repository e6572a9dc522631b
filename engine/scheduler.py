"""APScheduler, nowhere else: what is due every so many seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Scheduler:
    def __init__(self) -> None:
        # Missed runs are made up once however long the loop was held up (the default drops them after 1 s).
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def every(self, seconds: float, work: Callable[[], Awaitable[None]], *, name: str) -> None:
        """`stop` lets what is under way come to its end."""

        async def undisturbed() -> None:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(asyncio.ensure_future(work()))

        self._scheduler.add_job(undisturbed, "interval", seconds=seconds, name=name)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
