"""Takes over what another tool has copied: finds out which message of the target is whose copy.

Both chats are read first, and a print of each message is kept in the database; then they are aligned (with
about 200 bytes for each message), and what came of it is written down. Nothing is sent before that is done.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from domain.finding import Finding, FindingKind
from domain.job import Job, Progress
from domain.message import OLD_GROUP, Skip, SkipReason
from engine.checking.adopting import SKIPPED, Reading, believed
from engine.checking.lookup import messages_of
from engine.ledger import Ledger
from engine.state_manager import TaskStateManager
from engine.target import Target
from engine.telegram.account import TelegramAccount
from engine.telegram.chats import ChatInfo, look_at
from engine.telegram.forum import topics_of
from engine.telegram.incoming import Incoming
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.prints import Track
from storage.progress import ProgressStore

#: What `step_number` says of an adoption; a clone that has begun has a higher one.
READING, ALIGNED = 0, 1
#: Rows of the map in one transaction.
BATCH = 500


class Adopter:
    """The first stage of an ADOPT job; a Cloner goes on behind the last message that has a copy."""

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
        self._findings, self._target, self._stop = findings, target, stop
        self._ledger = Ledger(job=job, store=store, state=state)

    async def align(self) -> bool:
        """True once source and target are aligned (also when they were already), False when told to stop.

        Afterwards the job's progress is that of a clone that has come so far. Sends nothing. Raises
        TelegramErrors, LostLease.
        """
        if self._progress.step_number >= ALIGNED:
            return True
        account = await self._pool.get(self._job.account_id)
        source, target = await look_at(account, self._job.source), await look_at(account, self._job.target)
        incoming = Incoming(
            links=source.links,
            broadcast=target.broadcast,
            keep_author=self._job.wishes.keep_author,
        )
        reading = Reading(
            job=self._job,
            account=account,
            findings=self._findings,
            source=source,
            target=target,
            incoming=incoming,
            stop=self._stop,
        )
        if not await reading.target() or not await reading.source(self._progress.offset_id):
            return False
        async with self._target.turn():  # what other jobs were sending when we read it has its place by now
            copies = await self._findings.checks.copies_in(self._job.target.peer.marked_id)
        here, pairs = await believed(self._job.id, self._findings.prints, copies)
        if not await self._write_down(account, incoming, here, pairs):
            return False
        topics = await self._topics(account, source, target)
        newest, _ = await account.newest_id(self._job.target)
        await self._ledger.put(
            replace(self._progress, step_number=ALIGNED, last_target_id=newest), copied=tuple(topics.items())
        )
        await self._findings.prints.forget(self._job.id)
        return True

    async def _write_down(
        self,
        account: TelegramAccount,
        incoming: Incoming,
        here: Track,
        pairs: Sequence[tuple[int, int]],
    ) -> bool:
        """Map, skips and what is missing, up to the last message that has a copy. False when told to stop."""
        copies = dict(pairs)
        last = bisect_left(here.ids, pairs[-1][0]) + 1 if pairs else 0
        place = bisect_left(here.ids, self._progress.offset_id + 1)
        while place < last:
            if self._stop.is_set():
                return False
            end = min(last, place + BATCH)
            batch, notes = here.ids[place:end], here.notes[place:end]
            skipped = [number for number, note in zip(batch, notes, strict=True) if note == SKIPPED]
            skips = await self._skips(account, incoming, skipped)
            copied = {number: copies[number] for number in batch if number in copies}
            wanted = {number for number, note in zip(batch, notes, strict=True) if note >= 0}
            missing = sorted(wanted - copied.keys())
            now = self._progress
            progress = replace(
                now,
                offset_id=batch[-1],
                copied=now.copied + len(copied),
                skipped=now.skipped + len(skips),
                passed=now.passed + len(batch) - len(copied) - len(skips),
            )
            found = tuple(Finding(FindingKind.MISSING, number) for number in missing)
            await self._ledger.put(progress, copied=tuple(copied.items()), skips=skips, findings=found)
            place = end
        return True

    async def _skips(
        self, account: TelegramAccount, incoming: Incoming, ids: Sequence[int]
    ) -> tuple[Skip, ...]:
        """Why these can't be copied, asked once more for the reason."""
        bodies = await messages_of(account, self._job.source, ids)
        skips = []
        for number in ids:
            shift = OLD_GROUP if number < 0 else 0
            body = bodies.get(number)
            seen = replace(incoming, shift=shift).message(body) if body is not None else None
            reason = (seen.skip if seen else None) or SkipReason.DELETED
            skips.append(Skip(number, reason, seen.skip_detail if seen else ""))
        return tuple(skips)

    async def _topics(self, account: TelegramAccount, source: ChatInfo, target: ChatInfo) -> dict[int, int]:
        """Topics of the same name, where each message goes to the copy of its topic."""
        if not (source.forum and target.forum) or self._job.target.topic_id is not None:
            return {}
        there = {topic.title: topic.id for topic in await topics_of(account, self._job.target)}
        here = await topics_of(account, self._job.source)
        chosen = self._job.source.topic_id
        return {
            topic.id: there[topic.title]
            for topic in here
            if topic.title in there and chosen in (None, topic.id)
        }

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress
