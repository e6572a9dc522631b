"""Compares source, map and target of a finished copy, page by page, and lists what differs.

First the target is read for what is nobody's copy, then the source beside its copies, then the order is
looked at, and at last what holds the chat together. What is kept meanwhile does not grow with the chat, but
for eight bytes for each copy in the target, and 40 for each of those that a displaced one was moved across.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import replace

from domain.finding import Finding, FindingKind
from domain.job import Job, Progress
from domain.message import OLD_GROUP, SourceMessage
from engine.checking.comparing import Comparing
from engine.checking.order import misplaced
from engine.checking.settings import ChatSettings
from engine.checking.strangers import Strangers
from engine.checking.subject import Subject, subject_of
from engine.ledger import Ledger
from engine.state_manager import TaskStateManager
from engine.telegram.account import TelegramAccount
from engine.telegram.forum import topics_of
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.prints import Print
from storage.progress import ProgressStore

#: What `step_number` says of a verify: which part of it is under way.
NEW, TARGET, SOURCE, ORDER, SETTINGS, DONE = range(6)


class Verifier:
    """One run of a VERIFY job. Its progress: `copied` are right, `skipped` are not, `passed` the rest."""

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        findings: FindingStore,
        state: TaskStateManager,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._findings, self._state, self._stop = findings, state, stop
        self._ledger = Ledger(job=job, store=store, state=state)

    async def run(self) -> bool:
        """True when all is compared, False when told to stop. Raises TelegramErrors, LostLease,
        NothingToCheck.
        """
        account = await self._pool.get(self._job.account_id)
        subject = await subject_of(self._job, findings=self._findings, account=account)
        strangers = Strangers(
            verify_id=self._job.id,
            subject=subject,
            account=account,
            store=self._store,
            findings=self._findings,
        )
        if self._progress.step_number == NEW:
            await self._begin(subject)
        if self._progress.step_number == TARGET and not await self._read_target(subject, account, strangers):
            return False
        if self._progress.step_number == SOURCE and not await self._read_source(subject, account, strangers):
            return False
        if self._progress.step_number == ORDER:
            await self._look_at_order(subject, account, strangers)
        if self._progress.step_number == SETTINGS:
            await self._look_at_settings(subject)
        await self._findings.prints.forget(self._job.id)
        return True

    async def _begin(self, subject: Subject) -> None:
        first = await self._findings.checks.first_copy(subject.job.id)
        old = await self._findings.checks.begins_below_zero(subject.job.id)
        start = OLD_GROUP if old else subject.job.wishes.selection.after_id
        await self._ledger.put(
            replace(
                self._progress,
                step_number=TARGET if first else SOURCE,
                offset_id=start,
                last_target_id=max(first - 1, 0),
            )
        )

    async def _read_target(self, subject: Subject, account: TelegramAccount, strangers: Strangers) -> bool:
        """From its first copy on. False when told to stop."""
        while not self._stop.is_set():
            now = self._progress
            messages, total = await account.raw_after(subject.job.target, now.last_target_id)
            if not messages:
                await self._ledger.put(replace(now, step_number=SOURCE))
                return True
            await strangers.look(messages)
            self._state.counted(self._job.id, max(now.total, subject.job.progress.done + total))
            await self._ledger.put(
                replace(self._progress, last_target_id=messages[-1].id, passed=now.passed + len(messages))
            )
        return False

    async def _read_source(self, subject: Subject, account: TelegramAccount, strangers: Strangers) -> bool:
        """Up to where the job has copied. False when told to stop."""
        left = await self._store.step_in_flight(subject.job.id)
        items = left.items + left.later if left is not None else ()
        comparing = Comparing(
            subject=subject,
            account=account,
            store=self._store,
            findings=self._findings,
            expected=(item.source_id for item in items),
        )
        cursor = subject.job.progress.offset_id
        while not self._stop.is_set():
            now = self._progress
            page = await account.page_after(subject.job.source, now.offset_id, subject.incoming)
            is_last = page.is_end or page.last_id >= cursor
            messages = [message for message in page.messages if message.id <= cursor]
            messages = messages if is_last else whole_units(messages)
            through = None if is_last else messages[-1].id if messages else page.last_id
            compared = await comparing.page(messages, after=now.offset_id, through=through)
            found = await self._unless_kept(subject, await strangers.match(compared))
            wrong = {finding.source_id for finding in found}
            right = sum(message.id not in wrong for message in compared.there)
            now = replace(
                now,
                offset_id=now.offset_id if through is None else through,
                step_number=ORDER if is_last else SOURCE,
                copied=now.copied + right,
                skipped=now.skipped + len(wrong),
                passed=now.passed + max(0, len(messages) - right - len(wrong)),
            )
            await self._ledger.put(now, findings=found)
            if is_last:
                return True
        return False

    async def _look_at_order(self, subject: Subject, account: TelegramAccount, strangers: Strangers) -> None:
        """Order and doubles: no more than a look into the database, and at what is suspicious."""
        sources, targets = await self._findings.checks.out_of_order(subject.job.id)
        if sources and subject.source.forum:  # a topic is made with its first message, whenever that comes
            topics = {topic.id for topic in await topics_of(account, subject.job.source)}
            kept = [place for place, source in enumerate(sources) if source not in topics]
            sources, targets = (array("q", (ids[place] for place in kept)) for ids in (sources, targets))
        moved = [Finding(FindingKind.MOVED, sources[n], targets[n]) for n in misplaced(targets)]
        for start in range(0, len(moved), 500):
            found = await self._unless_kept(subject, moved[start : start + 500])
            await self._ledger.put(self._progress, findings=found)
        place: Print | None = None
        while True:
            doubles, place = await strangers.doubles(place)
            found = await self._unless_kept(subject, doubles)
            await self._ledger.put(self._progress, findings=found)
            if place is None:
                break
        self._state.counted(self._job.id, self._progress.done)
        await self._ledger.put(replace(self._progress, step_number=SETTINGS))

    async def _look_at_settings(self, subject: Subject) -> None:
        settings = ChatSettings(subject=subject, pool=self._pool, store=self._store, findings=self._findings)
        wrong = await settings.wrong()
        for start in range(0, len(wrong), 500):
            await self._ledger.put(self._progress, findings=tuple(wrong[start : start + 500]))
        await self._ledger.put(replace(self._progress, step_number=DONE))

    async def _unless_kept(self, subject: Subject, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Without what a repair has left as it is on purpose."""
        if not found:
            return ()
        kept = await self._findings.checks.kept(subject.job.id, [finding.source_id for finding in found])
        return tuple(f for f in found if (f.kind, f.source_id, f.target_id) not in kept)

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress


def whole_units(messages: Sequence[SourceMessage]) -> list[SourceMessage]:
    """Without the album at the end, of which more may follow; never nothing of something."""
    if not messages or messages[-1].grouped_id is None:
        return list(messages)
    album = messages[-1].grouped_id
    whole = [message for message in messages if message.grouped_id != album]
    return whole or list(messages)
