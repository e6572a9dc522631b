"""aiogram's dispatcher, which can also tell when the updates it has begun with are done."""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update


class AttentiveDispatcher(Dispatcher):
    """aiogram neither waits for handlers at the end nor confirms the last updates: they would come again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._newest: int | None = None

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        self._newest = max(update.update_id, self._newest or 0)
        try:
            return await super().feed_update(bot, update, **kwargs)
        finally:
            self._under_way.discard(task)

    async def finish(self, bot: Bot, *, seconds: float) -> None:
        """To be called when polling has stopped: waits for handlers, at most that long, then ends the others.

        If all came to their end, their updates are confirmed and will not come again.
        """
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.5)
                return
        if self._newest is not None:
            await bot.get_updates(offset=self._newest + 1, limit=1, timeout=0, request_timeout=1)
