"""Takes orders: finds the account and the chats, refuses what can't be done, and writes the job down."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection

from domain.account import Account
from domain.asker import Asker
from domain.errors import (
    AccountStopped,
    AlreadyCopied,
    AlreadyOrdered,
    ChatNotFound,
    NoAccount,
    NoPostRight,
    NoReadRight,
    NoSuchAccount,
    SameChat,
)
from domain.job import Job, JobStatus, NewJob, Priority
from domain.peer import Chat
from domain.reference import parse_reference
from engine.telegram.pool import AccountPool
from engine.telegram.resolve import Resolver
from storage.accounts import AccountStore
from storage.jobs import JobStore

#: What one account can't do, another of the same owner perhaps can.
_NOT_WITH_THIS_ACCOUNT = (AccountStopped, ChatNotFound, NoReadRight, NoPostRight)


class Ordering:
    def __init__(self, *, jobs: JobStore, accounts: AccountStore, pool: AccountPool) -> None:
        self._jobs, self._accounts, self._pool = jobs, accounts, pool
        self._one_at_a_time = asyncio.Lock()  # two equal orders must not both find that there is none

    async def take(
        self,
        *,
        asker: Asker,
        source: str,
        target: str,
        account_id: int | None,
        again: bool,
        priority: Priority,
        after: Collection[int],
    ) -> Job:
        """The new job; nothing is left behind when it is refused. Raises what `JobService.create` does."""
        parse_reference(source), parse_reference(target)  # both are checked before anyone is asked
        async with self._one_at_a_time:
            account, source_chat, target_chat = await self._resolve(asker, source, target, account_id)
            await self._refuse_repetition(asker, source_chat, target_chat, again=again)
            connected = await self._pool.get(account.id)
            _, total = await connected.newest_id(source_chat)
            newest, _ = await connected.newest_id(target_chat)
            return await self._jobs.add(
                NewJob(
                    owner_id=asker.user_id,
                    account_id=account.id,
                    key=secrets.token_bytes(32),
                    source=source_chat,
                    target=target_chat,
                    total=total,
                    last_target_id=newest,
                    priority=priority,
                    after=tuple(sorted(set(after))),
                )
            )

    async def _resolve(
        self, asker: Asker, source: str, target: str, account_id: int | None
    ) -> tuple[Account, Chat, Chat]:
        """The first of the asker's accounts that may do it; if none may, the first one's reason is told."""
        reason: Exception | None = None
        for account in await self._usable(asker, account_id):
            try:
                return account, *await self._resolve_with(account, source, target)
            except _NOT_WITH_THIS_ACCOUNT as error:
                reason = reason or error
        raise reason or NoAccount(user_id=asker.user_id)

    async def _resolve_with(self, account: Account, source: str, target: str) -> tuple[Chat, Chat]:
        resolver = Resolver(account=await self._pool.get(account.id), name=account.name)
        source_chat = await resolver.source(source)
        target_chat = await resolver.target(target)
        if _would_read_itself(source_chat, target_chat):
            raise SameChat(title=source_chat.title)
        return source_chat, target_chat

    async def _usable(self, asker: Asker, account_id: int | None) -> list[Account]:
        """An account without an owner belongs to the operator: admins and the command line."""
        owned = await self._accounts.for_owner(asker.user_id)
        if asker.is_admin:
            owned += await self._accounts.for_owner(None)
        if account_id is None:
            return owned
        chosen = [account for account in owned if account.id == account_id]
        if not chosen:
            raise NoSuchAccount(account_id=account_id)
        return chosen

    async def _refuse_repetition(self, asker: Asker, source: Chat, target: Chat, *, again: bool) -> None:
        before = await self._jobs.latest_like(owner_id=asker.user_id, source=source, target=target)
        if before is None:
            return
        names = {"job_id": before.id, "source": source.title, "target": target.title}
        if before.status is not JobStatus.COMPLETED:
            raise AlreadyOrdered(**names)
        if not again:
            raise AlreadyCopied(**names)


def _would_read_itself(source: Chat, target: Chat) -> bool:
    """Two different topics of one forum are fine; a topic inside the chat that is read is not."""
    if source.peer.marked_id != target.peer.marked_id:
        return False
    return source.topic_id is None or target.topic_id is None or source.topic_id == target.topic_id
