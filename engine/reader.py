"""Reads a source oldest first, one page ahead of whoever asks."""

from __future__ import annotations

import asyncio

from domain.peer import Chat
from engine.background import Background
from engine.telegram.account import Page
from engine.telegram.pool import AccountPool


class Reader:
    """Pages of one chat behind a cursor. While one page is worked on, the next is on its way."""

    def __init__(
        self, *, pool: AccountPool, account_id: int, chat: Chat, after_id: int, background: Background
    ) -> None:
        self._pool, self._account_id, self._chat = pool, account_id, chat
        self._after_id, self._background = after_id, background
        self._coming: asyncio.Task[Page] | None = None

    async def page(self) -> Page:
        """The next page. Raises SourceLost, MustWait, Unreachable, AccountStopped."""
        coming = self._coming or self._start()
        self._coming = None
        page = await coming
        if not page.is_end:
            self._after_id = page.last_id
            self._coming = self._start()
        return page

    def _start(self) -> asyncio.Task[Page]:
        return self._background.start(self._read(), name=f"read {self._chat.title}")

    async def _read(self) -> Page:
        account = await self._pool.get(self._account_id)
        return await account.page_after(self._chat, self._after_id)

    def close(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
