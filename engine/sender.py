"""Carries out one step and says what came of it. Whatever is unknown leaves as an error, to be settled."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import MessageRefused, MustWait, OneAtATime, TelegramError
from domain.job import Job
from domain.message import Skip, SkipReason
from domain.step import Step, StepItem, StepKind
from engine.copying import Copying
from engine.done import Divided, Done
from engine.limiter import SEND, Call, Limiter
from engine.route import MakesChanges
from engine.settle import Settler
from engine.telegram.account import TelegramAccount
from engine.telegram.pool import AccountPool
from engine.units import as_forward, halve, one_each

#: Messages in a row that Telegram refuses for the same reason before the job stops instead of skipping on.
SAME_REFUSALS = 20
#: Reasons that are about the message itself, however many of its kind come in a row
#: (core.telegram.org/method/messages.forwardMessages, messages.sendMedia); and what a chat does not take.
ABOUT_ONE_MESSAGE = frozenset(
    {
        "BROADCAST_PUBLIC_VOTERS_FORBIDDEN",
        "CHAT_FORWARDS_RESTRICTED",
        "ENTITIES_TOO_LONG",
        "GROUPED_MEDIA_INVALID",
        "MEDIA_CAPTION_TOO_LONG",
        "MEDIA_EMPTY",
        "MEDIA_INVALID",
        "MESSAGE_TOO_LONG",
        "PAYMENT_UNSUPPORTED",
        "PREMIUM_ACCOUNT_REQUIRED",
        "QUIZ_ANSWER_MISSING",
        "VOICE_MESSAGES_FORBIDDEN",
    }
)
#: CHAT_SEND_PHOTOS_FORBIDDEN and its like: others of its kind are refused too, but nothing else.
ONE_KIND = "CHAT_SEND_"
#: What Telegram answers when not one of the messages can be forwarded any more (telegram-facts 1).
ALL_GONE = "MESSAGE_ID_INVALID"
#: What Telegram answers in slow mode to who forwards several messages; an album may be sent there as one.
ONE_AT_A_TIME = "SLOWMODE_MULTI_MSGS_DISABLED"


class Sender:
    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        settler: Settler,
        limiter: Limiter,
        copying: Copying,
        changes: MakesChanges,
    ) -> None:
        self._job, self._pool, self._settler, self._limiter = job, pool, settler, limiter
        self._copying, self._changes = copying, changes
        self._refusals = 0
        self._refused_for = ""
        self._slow: set[int] = set()  # first messages of albums that slow mode let nobody forward

    @property
    def room(self) -> int:
        """How many messages the next step should hold at most."""
        return self._limiter.room(
            account_id=self._job.account_id, target_id=self._job.target.peer.marked_id, kind=SEND
        )

    def must_wait(self, step: Step) -> MustWait | None:
        """What keeps such a step back for longer than a running job may wait; its turn is kept for it."""
        call = self._call(step)
        try:
            if _makes_a_call(step) and self._limiter.ahead(job_id=self._job.id, **call) > 0:
                self._limiter.book(job_id=self._job.id, **call)
        except MustWait as wait:
            return wait
        return None

    async def turn(self, step: Step) -> None:
        """Returns when the step may go out. Raises MustWait when that takes longer than a moment."""
        if _makes_a_call(step):
            await self._limiter.turn(job_id=self._job.id, **self._call(step))

    async def send(self, step: Step, *, after: int) -> Done | Divided:
        """`after`: the newest message of the target from before this step. Raises TelegramErrors."""
        if not step.kind.sends:
            return await self._changed(step)
        if not step.items:
            return Done()
        account = await self._pool.get(self._job.account_id)
        call = self._call(step)
        try:
            mapping = await self._sent(account, step)
        except MustWait as order:
            self._limiter.told_to_wait(order=order, **call)
            raise
        except OneAtATime:
            return self._one_at_a_time(step)
        except MessageRefused as refusal:
            reason = refusal.values["reason"]
            if reason == ALL_GONE and step.kind is StepKind.FORWARD:
                return await self._left_out(account, step, {}, step.items, after)
            if step.kind is StepKind.COPY and not (_must_be_rebuilt(step) or self._copying.in_threads):
                return Divided([as_forward(step, reason)])
            return self._refused(step, reason)
        self._refusals = 0
        self._limiter.passed(**call)
        missing = tuple(item for item in step.items if item.source_id not in mapping)
        return await self._left_out(account, step, mapping, missing, after) if missing else Done(mapping)

    async def _changed(self, step: Step) -> Done:
        try:
            return await self._changes.make(step)
        except MustWait as order:
            self._limiter.told_to_wait(order=order, **self._call(step))
            raise

    async def _sent(self, account: TelegramAccount, step: Step) -> dict[int, int]:
        if step.kind is StepKind.COPY:
            return await self._copying.send(account, step)
        return await account.forward(
            self._job.source,
            self._job.target,
            step.items,
            topic=step.topic,
            keep_author=self._job.wishes.keep_author,
        )

    async def settle(self, step: Step, *, after: int) -> Done:
        """What became of a step in doubt: copies, what is gone from the source, the rest."""
        account = await self._pool.get(self._job.account_id)
        return await self._settler.settle(account, self._job, step, after=after)

    async def _left_out(
        self,
        account: TelegramAccount,
        step: Step,
        mapping: dict[int, int],
        missing: tuple[StepItem, ...],
        after: int,
    ) -> Done:
        """The answer maps fewer messages than were sent: look at each one that it leaves out."""
        there = await account.still_there(self._job.source, [item.source_id for item in missing])
        skips = tuple(Skip(i.source_id, SkipReason.DELETED) for i in missing if i.source_id not in there)
        left = tuple(item for item in missing if item.source_id in there)
        if left:
            known = frozenset(mapping.values())
            found = await self._settler.find(account, self._job, left, after=after, known=known)
            if step.kind is StepKind.FORWARD:
                found = await self._settler.edited(account, self._job, left, there, found, after=after)
            mapping = mapping | found
            left = tuple(item for item in left if item.source_id not in mapping)
        if left and step.late:  # sent a second time, left out a second time
            skips += tuple(Skip(i.source_id, SkipReason.REFUSED, "left out of the answer") for i in left)
            left = ()
        return Done(mapping, skips, left)

    def _one_at_a_time(self, step: Step) -> Done | Divided:
        """A message or album at a time; an album that can't be forwarded alone either is sent again."""
        parts = one_each(step)
        if len(parts) == 1:
            first = step.items[0].source_id
            if step.kind is StepKind.COPY or self._job.wishes.keep_author or first in self._slow:
                return self._refused(step, ONE_AT_A_TIME)
            self._slow.add(first)
            parts = [replace(step, kind=StepKind.COPY)]
        return Divided(parts, slow_mode=True)

    def _refused(self, step: Step, reason: str) -> Done | Divided:
        """Halves the step until the message or album to blame stands alone; that one is a skip."""
        halves = halve(step)
        if halves is not None:
            return Divided(halves)
        self._refusals = self._refusals + 1 if reason == self._refused_for else 1
        self._refused_for = reason
        if self._refusals >= SAME_REFUSALS and not _is_about_a_message(reason):
            raise TelegramError(reason=reason)
        why = SkipReason.FORBIDDEN if reason.startswith(ONE_KIND) else SkipReason.REFUSED
        return Done(skips=tuple(Skip(item.source_id, why, reason) for item in step.items))

    def _call(self, step: Step) -> Call:
        return Call(
            account_id=self._job.account_id,
            target_id=self._job.target.peer.marked_id,
            kind=SEND if step.kind.sends else step.kind.value,
            messages=max(1, len(step.items)),
        )


def _is_about_a_message(reason: str) -> bool:
    return reason in ABOUT_ONE_MESSAGE or reason.startswith(ONE_KIND)


def _must_be_rebuilt(step: Step) -> bool:
    return any(item.source is not None and item.source.rebuild for item in step.items)


def _makes_a_call(step: Step) -> bool:
    """One without items only carries skips."""
    return bool(step.items) or not step.kind.sends
