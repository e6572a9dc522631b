"""One connected account: the few calls that copying is made of. Every error leaves here as one of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from telethon import TelegramClient, errors
from telethon.tl import functions as fn
from telethon.tl import types as tl
from telethon.utils import get_peer_id

from domain.errors import MustWait, ProtectedSource, SourceLost, TargetLost, TelegramError
from domain.message import OLD_GROUP, SourceMessage, TargetMessage
from domain.peer import Chat, Peer, PeerKind
from domain.step import StepItem
from engine.limiter import Call, Limiter
from engine.telegram import convert
from engine.telegram.errors import ChatGone, MayNotPost, meaning, target_lost
from engine.telegram.incoming import Incoming
from engine.telegram.limits import Limits, limits_by
from engine.telegram.protection import is_protected
from engine.telegram.users import KnownUsers

#: Messages in one answer of getHistory, and in one forward: Telegram's limits for both.
PAGE = 100
#: The limiter's word for calls that read history: a chat stands in their line, whichever job asks.
READ = "read"
#: Seconds after which an answer is no longer waited for. What became of the call is then unknown.
CALL_TIMEOUT = 60
#: Seconds that Telethon has, once the connection is lost, to fail its calls with the error of each.
LAST_ANSWERS = 0.2
_PLAIN = Incoming()


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 100 messages, oldest first. `last_id` is the newest id seen; no messages seen means the end."""

    messages: list[SourceMessage]
    last_id: int
    total: int

    @property
    def is_end(self) -> bool:
        return self.last_id == 0


class TelegramAccount:
    """A client that is connected and logged in."""

    def __init__(self, *, account_id: int, client: TelegramClient, limiter: Limiter) -> None:
        self.account_id = account_id
        self.client = client
        self._limiter = limiter
        self.users = KnownUsers()
        self._limits: Limits | None = None
        self._old_groups: dict[int, Chat | None] = {}
        self._pending: set[asyncio.Timeout] = set()
        client.disconnected.add_done_callback(self._lost)

    @property
    def is_connected(self) -> bool:
        return bool(self.client.is_connected())

    async def call(self, request: Any, *, sending: bool = False) -> Any:
        """Makes one call, once. Raises our errors only; CancelledError when we are cancelled ourselves."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT) as limit:
                self._pending.add(limit)
                try:
                    return await self.client(request)
                finally:
                    self._pending.discard(limit)
        except asyncio.CancelledError as error:
            # Telethon cancels pending calls when a connection ends without an error of its own.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise meaning(error, account_id=self.account_id, sending=sending) from error
        except Exception as error:
            raise meaning(error, account_id=self.account_id, sending=sending) from error

    def per_second(self, target: Chat) -> float | None:
        """Messages per second that this account may send there; None: as many as Telegram lets it."""
        return self._limiter.rate(account_id=self.account_id, target_id=target.peer.marked_id)

    def _lost(self, gone: asyncio.Future[None]) -> None:
        """Ends what Telethon leaves hanging: it fails the calls on the wire, not those still in its queue."""
        if not gone.cancelled():
            gone.exception()  # or it would be logged as one that nobody looked at
        loop = asyncio.get_running_loop()
        for limit in self._pending:
            limit.reschedule(loop.time() + LAST_ANSWERS)

    async def page_after(self, chat: Chat, after_id: int, incoming: Incoming = _PLAIN) -> Page:
        """The next messages of a source, oldest first, beginning behind `after_id`.

        Below zero they are those of the basic group that it was. Raises SourceLost when the chat can't be
        read any more, ProtectedSource when nothing may be taken from it.
        """
        if after_id < 0 and (old := await self.old_group(chat)) is not None:
            page = await self.page_after(old, after_id - OLD_GROUP, replace(incoming, shift=OLD_GROUP))
            if not page.is_end:
                return replace(page, last_id=page.last_id + OLD_GROUP)
        found, answer = await self._read(chat, max(after_id, 0))
        if convert.is_protected(answer.chats, chat.peer):
            raise ProtectedSource(title=chat.title)
        self.users.see(answer.users)
        message = incoming.message
        return Page([message(m) for m in found], found[-1].id if found else 0, _count(answer))

    async def raw_after(self, chat: Chat, after_id: int) -> tuple[list[Any], int]:
        """Up to 100 of Telethon's messages behind `after_id`, oldest first, and how many the chat has."""
        found, answer = await self._read(chat, after_id)
        return found, _count(answer)

    async def target_after(self, chat: Chat, after_id: int) -> list[TargetMessage]:
        """All content behind `after_id` in a target, oldest first, but what surely others have put there."""
        messages: list[TargetMessage] = []
        while True:
            found, _ = await self._read(chat, after_id)
            if not found:
                return messages
            messages += (convert.target_message(m) for m in found if convert.may_be_a_copy(m))
            after_id = found[-1].id

    async def newest_id(self, chat: Chat) -> tuple[int, int]:
        """(id of the newest message or 0, number of messages) of a chat."""
        answer = await self.call(self._history(chat, offset_id=0, add_offset=0, limit=1))
        newest = answer.messages[0].id if answer.messages else 0
        return newest, _count(answer)

    async def messages(self, chat: Chat, ids: Sequence[int]) -> dict[int, Any]:
        """Those of up to 100 messages that exist, as Telethon's. All or none of them below zero.

        Raises SourceLost.
        """
        if ids and ids[0] < 0:
            old = await self.old_group(chat)
            found = await self.messages(old, [number - OLD_GROUP for number in ids]) if old else {}
            return {number + OLD_GROUP: message for number, message in found.items()}
        asked = [tl.InputMessageID(number) for number in ids]
        if chat.peer.kind is PeerKind.CHANNEL:
            request = fn.channels.GetMessagesRequest(convert.input_channel(chat.peer), asked)
        else:
            request = fn.messages.GetMessagesRequest(asked)
        answer = await self._of_source(chat, request)
        self.users.see(answer.users)
        here = chat.peer.marked_id  # outside channels an id may be that of any chat's message
        return {
            m.id: m
            for m in answer.messages
            if not isinstance(m, tl.MessageEmpty) and get_peer_id(m.peer_id) == here
        }

    async def still_there(self, chat: Chat, ids: Sequence[int]) -> dict[int, str]:
        """Which of these messages still stand in the source, with their fingerprints. Raises SourceLost."""
        found = await self.messages(chat, ids)
        return {n: convert.fingerprint(m) for n, m in found.items() if isinstance(m, tl.Message)}

    async def old_group(self, chat: Chat) -> Chat | None:
        """The basic group that a supergroup once was. Asked once for each."""
        known = self._old_groups
        if chat.peer.kind is not PeerKind.CHANNEL:
            return None
        if chat.peer.id not in known:
            request = fn.channels.GetFullChannelRequest(convert.input_channel(chat.peer))
            full = (await self._of_source(chat, request)).full_chat
            number = full.migrated_from_chat_id
            known[chat.peer.id] = Chat(Peer(PeerKind.GROUP, number), chat.title) if number else None
        return known[chat.peer.id]

    async def forward(
        self,
        source: Chat,
        target: Chat,
        items: Sequence[StepItem],
        *,
        topic: int | None = None,
        keep_author: bool = False,
    ) -> dict[int, int]:
        """Copies up to 100 messages, without their authors' header or with it; source id → target id.

        A copy must not wake everybody in the target at once: it is silent. Raises SourceLost, TargetLost,
        ProtectedSource, MustWait, OneAtATime, MessageRefused (nothing was sent), OutcomeUnknown.
        """
        shift, origin = 0, source
        if items[0].source_id < 0:
            shift, origin = OLD_GROUP, await self.old_group(source) or source
        request = fn.messages.ForwardMessagesRequest(
            from_peer=convert.input_peer(origin.peer),
            id=[item.source_id - shift for item in items],
            to_peer=convert.input_peer(target.peer),
            random_id=[item.random_id for item in items],
            drop_author=not keep_author or None,
            silent=True,
            top_msg_id=topic,
        )
        answer = await self.change(request, origin, target)
        sent = sent_ids(answer)
        return {item.source_id: sent[item.random_id] for item in items if item.random_id in sent}

    async def change(self, request: Any, source: Chat, target: Chat) -> Any:
        """The answer to a call that changes something in `target`.

        Raises SourceLost, TargetLost, ProtectedSource, MustWait, OneAtATime, MessageRefused (nothing was
        done), OutcomeUnknown.
        """
        try:
            return await self.call(request, sending=True)
        except TelegramError as error:
            await self._blame_chat(error, source, target)
            raise

    async def limits(self) -> Limits:
        """How long its texts may be; asked once. Raises MustWait, Unreachable, AccountStopped."""
        if self._limits is None:
            self._limits = await limits_by(self.call)
        return self._limits

    async def dialogs(self) -> AsyncIterator[Any]:
        """The users, groups and channels this account has a dialog with, newest first."""
        try:
            async for dialog in self.client.iter_dialogs():
                yield dialog.entity
        except Exception as error:
            raise meaning(error, account_id=self.account_id, sending=False) from error

    async def _blame_chat(self, error: TelegramError, source: Chat, target: Chat) -> None:
        """Turns a refusal that is about a whole chat into one that names the chat."""
        reason = error.values.get("reason", "")
        if isinstance(error, MayNotPost):
            raise target_lost(target, error) from error
        if isinstance(error, ChatGone):
            await self.page_after(source, 0)  # raises SourceLost if it is the source that is gone
            raise TargetLost(title=target.title, reason=reason, job_id="") from error
        if isinstance(error.__cause__, errors.ChatForwardsRestrictedError) and await self.is_protected(
            source
        ):
            raise ProtectedSource(title=source.title) from error

    async def is_protected(self, chat: Chat) -> bool:
        """Whether the whole chat forbids to copy from it."""
        return await is_protected(self.call, chat)

    async def _read(self, chat: Chat, after_id: int) -> tuple[list[Any], Any]:
        """One page behind `after_id`, oldest first, without the places of deleted messages.

        Counting back from the message after the cursor is how Telethon reads oldest first; `min_id` of
        getHistory is not to be relied on (telegram-facts 6).
        """
        request = self._history(chat, offset_id=after_id + 1, add_offset=-PAGE, limit=PAGE)
        call = Call(account_id=self.account_id, target_id=None, kind=READ, messages=1)
        await self._limiter.turn(job_id=chat.peer.marked_id, **call)
        try:
            answer = await self._of_source(chat, request)
        except MustWait as order:
            self._limiter.told_to_wait(order=order, **call)
            raise
        self._limiter.passed(**call)
        found = [
            m for m in reversed(answer.messages) if m.id > after_id and not isinstance(m, tl.MessageEmpty)
        ]
        return found, answer

    async def _of_source(self, chat: Chat, request: Any) -> Any:
        """The answer to a call that reads `chat`. Raises SourceLost when it can't be read any more."""
        try:
            return await self.call(request)
        except (ChatGone, MayNotPost) as error:
            raise SourceLost(title=chat.title, reason=error.values["reason"], job_id="") from error

    @staticmethod
    def _history(chat: Chat, *, offset_id: int, add_offset: int, limit: int) -> Any:
        window = {
            "peer": convert.input_peer(chat.peer),
            "offset_id": offset_id,
            "offset_date": None,
            "add_offset": add_offset,
            "limit": limit,
            "max_id": 0,
            "min_id": 0,
            "hash": 0,
        }
        if chat.topic_id is not None:
            return fn.messages.GetRepliesRequest(msg_id=chat.topic_id, **window)
        return fn.messages.GetHistoryRequest(**window)


def sent_ids(answer: Any) -> dict[int, int]:
    """random_id → id of what was sent, as the answer to a send tells."""
    return {u.random_id: u.id for u in answer.updates if isinstance(u, tl.UpdateMessageID)}


def _count(answer: Any) -> int:
    return int(getattr(answer, "count", len(answer.messages)))
