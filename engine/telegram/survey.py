"""Looks places in a history up: by number, by date, by count, without reading what lies between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.peer import Chat
from domain.reference import MAX_ID
from engine.telegram import convert
from engine.telegram.account import PAGE, TelegramAccount
from engine.telegram.place import stands_in

#: Telegram counts seconds in 32 bits, and 0 stands for no date.
EARLIEST, LATEST = datetime.fromtimestamp(1, UTC), datetime.fromtimestamp(2**31 - 1, UTC)
#: Messages that an album may have: Telegram's limit.
ALBUM = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """A message. `position` counts from the newest, which is 1; None where Telegram does not say."""

    id: int
    position: int | None
    total: int
    grouped_id: int | None = None


class Survey:
    """Of one chat, or of its topic if it names one. Every method but `existing` makes one small call."""

    def __init__(self, account: TelegramAccount, chat: Chat) -> None:
        self._account, self._chat = account, chat

    async def newest(self) -> Spot | None:
        return await self._spot()

    async def at_or_after(self, message_id: int) -> Spot | None:
        return await self._spot(offset_id=message_id, add_offset=-1)

    async def at_or_before(self, message_id: int) -> Spot | None:
        return await self._spot(offset_id=min(message_id + 1, MAX_ID))

    async def before(self, moment: datetime) -> Spot | None:
        """The newest message that is older than `moment`."""
        return await self._spot(offset_date=min(max(moment, EARLIEST), LATEST))

    async def nth_newest(self, n: int) -> Spot | None:
        """1 is the newest; None when there are fewer."""
        return await self._spot(add_offset=min(n, MAX_ID) - 1)

    async def album_of(self, spot: Spot) -> tuple[int, int]:
        """The first and the last id of what must travel with it: an album, or nothing else."""
        if spot.grouped_id is None:
            return spot.id, spot.id
        answer = await self._account.call(
            self._page(offset_id=spot.id + 1, add_offset=-ALBUM, limit=2 * ALBUM)
        )
        ids = [m.id for m in answer.messages if getattr(m, "grouped_id", None) == spot.grouped_id]
        return min(ids, default=spot.id), max(ids, default=spot.id)

    async def existing(self, ids: Sequence[int]) -> set[int]:
        """Which of these messages stand here; a call for each hundred. Raises SourceLost."""
        found: set[int] = set()
        for start in range(0, len(ids), PAGE):
            messages = await self._account.messages(self._chat, ids[start : start + PAGE])
            found |= {number for number, message in messages.items() if stands_in(message, self._chat)}
        return found

    async def _spot(self, **where: Any) -> Spot | None:
        answer = await self._account.call(self._page(limit=1, **where))
        if not answer.messages or isinstance(answer.messages[0], tl.MessageEmpty):
            return None
        message = answer.messages[0]
        total = getattr(answer, "count", len(answer.messages))
        position = getattr(answer, "offset_id_offset", None) or None
        return Spot(message.id, position, total, getattr(message, "grouped_id", None))

    def _page(
        self, *, limit: int, offset_id: int = 0, add_offset: int = 0, offset_date: datetime | None = None
    ) -> Any:
        window = {
            "peer": convert.input_peer(self._chat.peer),
            "offset_id": offset_id,
            "offset_date": offset_date,
            "add_offset": add_offset,
            "limit": limit,
            "max_id": 0,
            "min_id": 0,
            "hash": 0,
        }
        if self._chat.topic_id is not None:
            return fn.messages.GetRepliesRequest(msg_id=self._chat.topic_id, **window)
        return fn.messages.GetHistoryRequest(**window)
