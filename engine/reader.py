"""Reads a source oldest first, one page ahead of whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from domain.message import OLD_GROUP, SkipReason, SourceMessage
from domain.peer import Chat
from domain.wishes import EVERYTHING, Selection
from engine.background import Background
from engine.telegram.account import PAGE, Page, TelegramAccount
from engine.telegram.incoming import Incoming
from engine.telegram.place import stands_in
from engine.telegram.pool import AccountPool

#: Turns of the event loop after which Telethon has a request on the wire (its queues take two or three).
TURNS = 4
END = Page([], 0, 0)


class Reader:
    """Pages of one chat behind a cursor; of a list of ids only those."""

    def __init__(
        self,
        *,
        pool: AccountPool,
        account_id: int,
        chat: Chat,
        after_id: int,
        background: Background,
        incoming: Incoming,
        selection: Selection = EVERYTHING.selection,
    ) -> None:
        self._pool, self._account_id, self._chat = pool, account_id, chat
        self._after_id, self._background = after_id, background
        self._incoming, self._selection = incoming, selection
        self._coming: asyncio.Task[Page] | None = None
        self._ended = False

    async def ask(self) -> None:
        """Asks for the next page, unless it was asked for already.

        The request is on the wire before the caller sends anything else: so Telegram answers it first, and
        the page is taken in while Telegram is busy with the rest.
        """
        if self._coming is None and not self._ended:
            self._start()
            for _ in range(TURNS):
                await asyncio.sleep(0)

    async def page(self) -> Page:
        """The next page. Raises SourceLost, ProtectedSource, MustWait, Unreachable, AccountStopped."""
        page = await (self._coming or self._start())
        self._coming = None  # only now: until then `ask` must not read the same page again
        self._ended = page.is_end
        if not page.is_end:
            self._after_id = page.last_id
        return page

    def _start(self) -> asyncio.Task[Page]:
        self._coming = self._background.start(self._read(), name=f"read {self._chat.title}")
        return self._coming

    async def _read(self) -> Page:
        if self._selection.is_behind(self._after_id + 1):
            return END
        account = await self._pool.get(self._account_id)
        if self._selection.ids:
            return await self._listed(account)
        return await account.page_after(self._chat, self._after_id, self._incoming)

    async def _listed(self, account: TelegramAccount) -> Page:
        """The next of the ids that were asked for. What does not exist is a skip."""
        asked = _next_of(self._selection.ids, self._after_id)
        found = await account.messages(self._chat, asked)
        incoming = replace(self._incoming, shift=OLD_GROUP) if asked[0] < 0 else self._incoming
        there = {number for number, message in found.items() if stands_in(message, self._chat)}
        messages = [incoming.message(found[number]) if number in there else _gone(number) for number in asked]
        return Page(messages, asked[-1], len(self._selection.ids))

    def close(self) -> None:
        if self._coming is not None:
            self._coming.cancel()


def _next_of(ids: Sequence[int], after_id: int) -> list[int]:
    """Those of the old group are asked for apart."""
    behind = [number for number in ids if number > after_id]
    return [number for number in behind if (number < 0) == (behind[0] < 0)][:PAGE]


def _gone(number: int) -> SourceMessage:
    return SourceMessage(number, "gone", skip=SkipReason.DELETED)
