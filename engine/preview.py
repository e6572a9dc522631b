"""A dry run: reads what a copy would read, plans what it would do, and changes nothing."""

from __future__ import annotations

import asyncio
import time

from domain.asker import Asker
from domain.errors import FerryError, MustWait
from domain.message import SkipReason
from domain.peer import PeerKind
from domain.preview import Preview
from domain.refusals import (
    CommentsStay,
    CopiedBefore,
    EmojiBecomePlain,
    HeaderForbidsChange,
    KindsForbidden,
    MayNotChangeProfile,
    MayNotPin,
    NoPreviews,
    SlowTarget,
    SomeIdsMissing,
    TopicsMerge,
)
from domain.typed import Typed
from domain.wishes import NewChatKind, Wishes
from engine.background import Background
from engine.choosing import Chosen, named
from engine.counting import Counting
from engine.ordering import Checked, Ordering, discussions
from engine.planner import Planner
from engine.reader import Reader
from engine.telegram.account import TelegramAccount
from engine.telegram.chats import look_at, seconds_between
from engine.telegram.forum import GENERAL, topics_of
from engine.telegram.incoming import Incoming
from engine.telegram.pins import pinned_before, pinned_in
from engine.telegram.pool import AccountPool
from engine.telegram.profile import profile_of
from engine.telegram.rights import Right
from engine.telegram.taking import EVERYTHING

#: What Telegram calls the topic that every forum has, until somebody renames it.
GENERALS_TITLE = "General"


class Previewing:
    def __init__(self, *, ordering: Ordering, pool: AccountPool) -> None:
        self._ordering, self._pool = ordering, pool

    async def preview(self, typed: Typed, *, asker: Asker) -> Preview:
        """In constant memory but for a bit a message. Raises what refuses such an order, and TelegramErrors.

        Telegram's orders to wait are waited for.
        """
        order = await self._ordering.check(typed, asker=asker)
        account = await self._pool.get(order.account.id)
        chosen = await self._ordering.chosen(order, account)
        wishes = order.wishes(chosen.selection)
        pause = await seconds_between(account, order.target.chat) if order.target is not None else 0
        planner = _planner(order, wishes)
        if pause:
            planner.one_at_a_time()
        counting = Counting(planner=planner, wishes=wishes, limits=await account.limits())
        incoming = await _incoming(account, order)
        began, pages = time.monotonic(), await self._read(order, chosen, incoming, counting)
        per_call = (time.monotonic() - began) / max(pages, 1)
        preview = Preview(
            account=order.account.name, source=order.source.chat.title, target=order.target_chat.title
        )
        counting.tell(preview)
        preview.seconds = max(0, preview.calls - 1) * pause
        if pause:
            names = {"account": order.account.name, "title": order.target_chat.title}
            preview.warnings.append(SlowTarget(seconds=pause, **names).as_failure())
        await self._extras(order, wishes, account, preview, counting)
        preview.warnings += [error.as_failure() for error in _warnings(order, chosen, preview)]
        if (earlier := await self._ordering.earlier(order)) is not None:
            names = {"source": order.source.chat.title, "title": order.target_chat.title}
            preview.warnings.append(CopiedBefore(job_id=earlier.id, **names).as_failure())
        if wishes.keep_author:
            preview.replies = preview.links = 0
        _estimate(preview, account.per_second(order.target_chat), per_call)
        return preview

    async def _read(self, order: Checked, chosen: Chosen, incoming: Incoming, counting: Counting) -> int:
        """How many pages there were."""
        background, pages, after_id = Background(), 0, chosen.offset_id

        def reader() -> Reader:
            return Reader(
                pool=self._pool,
                account_id=order.account.id,
                chat=order.source.chat,
                after_id=after_id,
                background=background,
                incoming=incoming,
                selection=chosen.selection,
            )

        reading = reader()
        try:
            while True:
                try:
                    page = await reading.page()
                except MustWait as told:
                    await asyncio.sleep(told.seconds)
                    reading = reader()
                    continue
                if page.is_end:
                    return pages
                await reading.ask()
                pages, after_id = pages + 1, page.last_id
                counting.page(page.messages)
        finally:
            await background.close()

    async def _extras(
        self, order: Checked, wishes: Wishes, account: TelegramAccount, preview: Preview, counting: Counting
    ) -> None:
        """What is not in the history: pins, how topics stand, comments, the chat's own face."""
        source = order.source.chat
        if wishes.pins:
            pinned = await pinned_before(account, source) + await pinned_in(account, source)
            preview.pins = sum(map(counting.copies, pinned))
            preview.calls += preview.pins
        preview.calls += await _changes_of_profile(order, wishes, account)
        if _keeps_topics(order) and order.source.has_topics:
            topics = await topics_of(account, source)
            preview.calls += sum(topic.closed + topic.hidden for topic in topics)
            preview.calls += sum(topic.id == GENERAL and topic.title != GENERALS_TITLE for topic in topics)
            preview.calls += any(topic.pinned for topic in topics)
        if wishes.selection.is_everything:
            comments_from, comments_to = await discussions(account, order)
            preview.comments = comments_from is not None and comments_to is not None
            if comments_from is not None and comments_to is None:
                preview.warnings.append(CommentsStay(title=source.title).as_failure())


async def _changes_of_profile(order: Checked, wishes: Wishes, account: TelegramAccount) -> int:
    """Calls that make a new chat, and those that give the target the source's face."""
    if order.target is None:
        is_shown = wishes.profile and (await profile_of(account, order.source.chat)).photo is not None
        return 2 + is_shown  # it is made, and the token is taken out of its description again
    if not wishes.profile or order.target_chat.peer.kind is PeerKind.USER:
        return 0
    wanted, now = [await profile_of(account, chat) for chat in (order.source.chat, order.target_chat)]
    has_photo = wanted.photo is None or now.has_photo_of(wanted)
    return (wanted.title != now.title) + (wanted.about != now.about) + (not has_photo)


def _planner(order: Checked, wishes: Wishes) -> Planner:
    """As a new job's, whose topics are all still to be made."""
    topic = order.source.chat.topic_id
    opened = {GENERAL} if topic in (None, GENERAL) else set[int]()
    return Planner(
        name_of=lambda message_id: message_id,
        wishes=wishes,
        opened=opened if order.source.is_forum and _keeps_topics(order) else None,
    )


async def _incoming(account: TelegramAccount, order: Checked) -> Incoming:
    info = await look_at(account, order.source.chat)
    is_new_channel = order.target is None and order.new_kind is NewChatKind.CHANNEL
    broadcast = is_new_channel if order.target is None else order.target.is_broadcast
    return Incoming(
        links=info.links,
        broadcast=broadcast,
        keep_author=order.typed.keep_author,
        taking=EVERYTHING if order.target is None else order.target.taking,
    )


def _warnings(order: Checked, chosen: Chosen, preview: Preview) -> list[FerryError]:
    found: list[FerryError] = []
    names = {"account": order.account.name, "title": order.target_chat.title}
    rights = order.target.rights if order.target is not None else frozenset(Right)
    if preview.pins and Right.PIN not in rights:
        found.append(MayNotPin(**names))
    if kept_out := sum(s.count for s in preview.skips if s.reason is SkipReason.FORBIDDEN):
        found.append(KindsForbidden(count=kept_out, **names))
    if order.target is not None and not order.target.taking.previews:
        found.append(NoPreviews(**names))
    if preview.plain_emoji and order.target_chat.peer.marked_id != order.account.user_id:  # Saved Messages
        found.append(EmojiBecomePlain(account=order.account.name, count=preview.plain_emoji))
    if order.typed.profile and Right.PROFILE not in rights:
        found.append(MayNotChangeProfile(**names))
    if order.source.has_topics and not _keeps_topics(order):
        found.append(TopicsMerge(title=order.target_chat.title))
    if chosen.missing:
        found.append(SomeIdsMissing(title=order.source.chat.title, ids=named(chosen.missing)))
    if order.typed.keep_author and (preview.replies or preview.links):
        found.append(HeaderForbidsChange())
    return found


def _keeps_topics(order: Checked) -> bool:
    """Whether every topic gets its own place in the target."""
    if order.target is not None:
        return order.target.has_topics
    return order.new_kind is NewChatKind.FORUM


def _estimate(preview: Preview, per_second: float | None, per_call: float) -> None:
    """The slowest of slow mode, what the account's pace allows, and what the calls take one by one."""
    preview.per_hour = per_second * 3600 if per_second else None
    at_pace = preview.messages / per_second if per_second else 0.0
    preview.seconds = max(preview.seconds, at_pace, preview.calls * per_call)
