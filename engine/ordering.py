"""Takes orders: finds the account and the chats, refuses what can't be done, and writes the job down."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, replace

from domain.account import Account
from domain.asker import Asker
from domain.choosing import Choice, choice_of, title_of, words_of
from domain.errors import (
    AccountStopped,
    ChatNotFound,
    NoAccount,
    NoPostRight,
    NoReadRight,
    NoSuchAccount,
    SameChat,
)
from domain.job import Job, JobKind, NewJob
from domain.peer import NOT_MADE_YET, Chat
from domain.reference import parse_reference
from domain.refusals import CostsStars, MayNotMakeTopics, TopicClosed, TopicHasNoProfile
from domain.typed import Typed
from domain.wishes import NewChatKind, Selection, Wishes
from engine.choosing import Chooser, Chosen
from engine.following_up import FollowingUp, new_chat
from engine.repetition import refuse_repetition
from engine.telegram.account import TelegramAccount
from engine.telegram.discussion import linked_group
from engine.telegram.pool import AccountPool
from engine.telegram.resolve import Found, Resolver
from engine.telegram.rights import Right
from storage.accounts import AccountStore
from storage.jobs import JobStore

#: What one account can't do, another of the same owner perhaps can.
_NOT_WITH_THIS_ACCOUNT = (
    AccountStopped,
    ChatNotFound,
    NoReadRight,
    NoPostRight,
    CostsStars,
    TopicClosed,
    MayNotMakeTopics,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An order of which everything has been looked up. `target` is None for a chat that is to be made."""

    asker: Asker
    typed: Typed
    account: Account
    source: Found
    target: Found | None
    choice: Choice

    @property
    def target_chat(self) -> Chat:
        title = title_of(self.typed) or self.source.chat.title
        return self.target.chat if self.target is not None else Chat(NOT_MADE_YET, title)

    def wishes(self, selection: Selection) -> Wishes:
        return Wishes(
            selection=selection,
            replies=self.typed.replies,
            keep_author=self.typed.keep_author,
            pins=self.typed.pins,
            profile=self.typed.profile,
            new_chat=None if self.target is not None else new_chat(self.new_kind, self.target_chat.title),
        )

    @property
    def new_kind(self) -> NewChatKind:
        """Of a target that is to be made."""
        return self.typed.new_kind or self.source.kind_of_copy


class Ordering:
    def __init__(
        self, *, jobs: JobStore, accounts: AccountStore, pool: AccountPool, following_up: FollowingUp
    ) -> None:
        self._jobs, self._accounts, self._pool = jobs, accounts, pool
        self._following_up = following_up
        self._one_at_a_time = asyncio.Lock()  # two equal orders must not both find that there is none

    async def take(self, typed: Typed, *, asker: Asker) -> Job:
        """The new job; nothing is left behind when it is refused. Raises what `JobService.order` does."""
        if typed.of_job is None:
            _read(typed)
        async with self._one_at_a_time:
            if typed.of_job is not None or typed.kind is JobKind.VERIFY:
                return await self._follow_up(typed, asker)
            order = await self.check(typed, asker=asker)
            connected = await self._pool.get(order.account.id)
            chosen = await self.chosen(order, connected)
            new = await self._new_job(order, chosen, connected)
            await refuse_repetition(self._jobs, new, again=typed.again)
            comments = await self._comments_of(order, new, connected)
            return await self._jobs.add(new, comments=comments)

    async def _follow_up(self, typed: Typed, asker: Asker) -> Job:
        if typed.of_job is None:
            order = await self.check(typed, asker=asker)
            of_job = await self._following_up.newest_between(
                order.source.chat, order.target_chat, asker=asker
            )
            typed = replace(typed, of_job=of_job)
        new = await self._following_up.new_job(typed, asker=asker)
        new = replace(new, priority=typed.priority, after=tuple(sorted(set(typed.after))))
        await refuse_repetition(self._jobs, new, again=True)
        return await self._jobs.add(new)

    async def check(self, typed: Typed, *, asker: Asker) -> Checked:
        """The first of the asker's accounts that may do it; if none may, the first one's reason is told.

        Raises what `JobService.order` raises for the chats, the account and the choice.
        """
        choice, reason = _read(typed), None
        for account in await self._usable(asker, typed.account_id):
            try:
                source, target = await self._resolve_with(account, typed, choice)
            except _NOT_WITH_THIS_ACCOUNT as error:
                reason = reason or error
                continue
            return Checked(
                asker=asker, typed=typed, account=account, source=source, target=target, choice=choice
            )
        raise reason or NoAccount(user_id=asker.user_id)

    async def chosen(self, order: Checked, account: TelegramAccount) -> Chosen:
        return await Chooser(account, order.source.chat).chosen(order.choice, words_of(order.typed))

    async def earlier(self, order: Checked) -> Job | None:
        """The newest of the asker's jobs that has put something there from the same source."""
        source, target = order.source.chat, order.target_chat
        for job in await self._jobs.of_source(owner_id=order.asker.user_id, source=source):
            if job.kind in (JobKind.VERIFY, JobKind.DEDUPE):  # what they count is not copied
                continue
            if target.is_made and job.target.is_same_place(target) and job.progress.copied:
                return job
        return None

    async def _new_job(self, order: Checked, chosen: Chosen, account: TelegramAccount) -> NewJob:
        target = order.target_chat
        newest, _ = await account.newest_id(target) if target.is_made else (0, 0)
        return NewJob(
            owner_id=order.asker.user_id,
            account_id=order.account.id,
            key=secrets.token_bytes(32),
            source=order.source.chat,
            target=target,
            total=chosen.total,
            last_target_id=newest,
            priority=order.typed.priority,
            after=tuple(sorted(set(order.typed.after))),
            kind=order.typed.kind,
            wishes=order.wishes(chosen.selection),
            offset_id=chosen.offset_id,
        )

    async def _comments_of(self, order: Checked, new: NewJob, account: TelegramAccount) -> NewJob | None:
        """Another job, for the comments of a channel that is copied as a whole."""
        if new.kind is not JobKind.CLONE or not new.wishes.selection.is_everything:
            return None
        source, target = await discussions(account, order)
        if source is None or target is None:
            return None
        _, total = await account.newest_id(source)
        newest, _ = await account.newest_id(target)
        return replace(
            new,
            key=secrets.token_bytes(32),
            source=source,
            target=target,
            total=total,
            last_target_id=newest,
            kind=JobKind.COMMENTS,
            wishes=replace(new.wishes, pins=False, profile=False),
            offset_id=0,
        )

    async def _resolve_with(
        self, account: Account, typed: Typed, choice: Choice
    ) -> tuple[Found, Found | None]:
        resolver = Resolver(account=await self._pool.get(account.id), name=account.name)
        if typed.kind is JobKind.DEDUPE:
            chat = await resolver.source(typed.source, topic=choice.topic, to_copy=False)
            return chat, chat
        if typed.kind is JobKind.VERIFY:  # it reads both
            source = await resolver.source(typed.source, to_copy=False)
            return source, await resolver.source(typed.target, to_copy=False)
        source = await resolver.source(typed.source, topic=choice.topic)
        if typed.new_target:
            return source, None
        target = await resolver.target(typed.target)
        if _would_read_itself(source.chat, target.chat):
            raise SameChat(title=source.chat.title)
        if typed.profile and target.chat.topic_id is not None:  # the whole forum's would be changed
            raise TopicHasNoProfile(title=target.chat.title)
        if source.is_forum and target.has_topics and Right.TOPICS not in target.rights:
            raise MayNotMakeTopics(account=account.name, title=target.chat.title)
        return source, target

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


async def discussions(account: TelegramAccount, order: Checked) -> tuple[Chat | None, Chat | None]:
    """The discussion groups of two channels, each None if it has none (or its chat is no channel)."""
    source = await linked_group(account, order.source.chat) if order.source.is_broadcast else None
    if source is None or order.target is None or not order.target.is_broadcast:
        return source, None
    return source, await linked_group(account, order.target.chat)


def _read(typed: Typed) -> Choice:
    """What can be refused before anyone is asked."""
    parse_reference(typed.source)
    if typed.kind is not JobKind.DEDUPE and not typed.new_target:
        parse_reference(typed.target)
    return choice_of(typed)


def _would_read_itself(source: Chat, target: Chat) -> bool:
    """Two different topics of one forum are fine; a topic inside the chat that is read is not."""
    if source.peer.marked_id != target.peer.marked_id:
        return False
    return source.topic_id is None or target.topic_id is None or source.topic_id == target.topic_id
