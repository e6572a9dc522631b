"""Finds messages of one chat that stand there twice, and deletes the later ones when asked to.

A print of each message is kept in the database (about 40 bytes) until the chat is read; in memory there is
never more than a page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job, Progress
from engine.checking.deletion import delete_listed
from engine.checking.errands import Errand, Verb
from engine.checking.lookup import AT_ONCE
from engine.ledger import Ledger
from engine.state_manager import TaskStateManager
from engine.target import Target
from engine.telegram.account import TelegramAccount
from engine.telegram.likeness import exact_content, is_service, may_repeat, print_of
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.prints import Print
from storage.progress import ProgressStore


class Deduper:
    """One run of a DEDUPE job. With `wishes.delete` it deletes what `of_job` has listed.

    Its progress: `copied` are messages that stand once, or doubles deleted; `skipped` are doubles listed, or
    left where they are.
    """

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        findings: FindingStore,
        state: TaskStateManager,
        target: Target,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._pool = job, pool
        self._findings, self._state, self._target, self._stop = findings, state, target, stop
        self._ledger = Ledger(job=job, store=store, state=state)

    async def run(self) -> bool:
        """True when the whole chat is done, False when told to stop. Raises TelegramErrors, LostLease."""
        account = await self._pool.get(self._job.account_id)
        return await (self._delete(account) if self._job.wishes.delete else self._list(account))

    async def _list(self, account: TelegramAccount) -> bool:
        while not self._stop.is_set():
            now = self._progress
            messages, total = await account.raw_after(self._job.source, max(now.offset_id, 0))
            if not messages:
                await self._findings.prints.forget(self._job.id)
                return True
            self._state.counted(self._job.id, max(total, now.done))
            messages = _whole_units(messages)
            found = await self._doubles(messages)
            progress = replace(
                self._progress,
                offset_id=messages[-1].id,
                copied=now.copied + len(messages) - len(found),
                skipped=now.skipped + len(found),
            )
            await self._ledger.put(progress, findings=found)
        return False

    async def _doubles(self, messages: Sequence[Any]) -> tuple[Finding, ...]:
        prints = list(_prints(messages))
        first = await self._findings.prints.first_of(self._job.id, [p.print for p in prints])
        found, new = [], []
        for p in prints:
            earlier = first.setdefault(p.print, p.message_id)
            if earlier < p.message_id:
                found.append(Finding(FindingKind.DOUBLED, earlier, p.message_id))
            else:
                new.append(p)
        await self._findings.prints.put(self._job.id, new)
        return tuple(found)

    async def _delete(self, account: TelegramAccount) -> bool:
        listing = self._job.of_job or 0
        while not self._stop.is_set():
            async with self._target.turn():
                found = await self._findings.checks.untreated(
                    listing, treated_by=self._job.id, kinds=[FindingKind.DOUBLED], limit=AT_ONCE
                )
                if not found:
                    return True
                now = self._progress
                step = Errand(Verb.DELETE, tuple(found)).as_step(now.step_number + 1)
                await self._ledger.put(now, step=step)
                results = await delete_listed(account, self._job.source, found)
                gone = sum(finding.state is FindingState.MENDED for finding in results)
                progress = replace(
                    self._progress,
                    step_number=step.number,
                    copied=now.copied + gone,
                    skipped=now.skipped + len(results) - gone,
                )
                await self._ledger.put(progress, findings=results)
        return False

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress


def _prints(messages: Sequence[Any]) -> Iterable[Print]:
    """Of all that may be a double. An album is one as a whole: its items' prints tell of all of it."""
    contents = [message for message in messages if not is_service(message)]
    for _, unit in groupby(contents, key=lambda m: m.grouped_id or -m.id):
        items = list(unit)
        if len(items) > 1:
            whole = "\n".join(map(exact_content, items))
            yield from (Print(m.id, print_of(f"{place} of {whole}")) for place, m in enumerate(items))
        elif not may_repeat(items[0]):
            yield Print(items[0].id, print_of(exact_content(items[0])))


def _whole_units(messages: list[Any]) -> list[Any]:
    """Without the album at the end, of which more may follow; never nothing of something."""
    album = getattr(messages[-1], "grouped_id", None)
    if album is None:
        return messages
    return [m for m in messages if getattr(m, "grouped_id", None) != album] or messages
