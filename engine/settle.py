"""What became of a step in doubt: read the target behind the last known copy and align."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.errors import OutcomeUnknown
from domain.job import Job
from domain.message import Skip, SkipReason
from domain.step import Step, StepItem, StepKind
from engine.align import share
from engine.done import Done
from engine.telegram.account import TelegramAccount
from storage.progress import ProgressStore

_NONE: frozenset[int] = frozenset()


class Settler:
    """Finds copies by looking, whatever Telegram remembers of random_ids: either guard alone suffices."""

    def __init__(self, *, store: ProgressStore) -> None:
        self._store = store

    async def settle(self, account: TelegramAccount, job: Job, step: Step, *, after: int) -> Done:
        """Copies, what is gone from the source, and the rest. Raises as `find` and SourceLost."""
        items = step.items
        found = await self.find(account, job, items, after=after)
        missing = tuple(item for item in items if item.source_id not in found)
        if not missing or (not found and step.kind is StepKind.COPY):
            return Done(found, rest=missing)
        there = await account.still_there(job.source, [item.source_id for item in items])
        if found and len(there) < len(items):  # of equal ones, those that still stand were copied
            found = await self.find(account, job, [i for i in items if i.source_id in there], after=after)
            gone = [item for item in items if item.source_id not in there]
            found |= await self.find(account, job, gone, after=after, known=frozenset(found.values()))
        if step.kind is StepKind.FORWARD:
            found = await self.edited(account, job, items, there, found, after=after)
        missing = tuple(item for item in items if item.source_id not in found)
        if not found:
            return Done(rest=missing)
        skips = tuple(Skip(i.source_id, SkipReason.DELETED) for i in missing if i.source_id not in there)
        return Done(found, skips, tuple(item for item in missing if item.source_id in there))

    async def edited(
        self,
        account: TelegramAccount,
        job: Job,
        items: Sequence[StepItem],
        there: Mapping[int, str],
        found: dict[int, int],
        *,
        after: int,
    ) -> dict[int, int]:
        """`found` and the copies of what was edited between its planning and its forwarding: of how it reads
        now (`there`), since a forward takes what stands in the source.
        """
        now = [
            replace(item, fingerprint=there[item.source_id])
            for item in items
            if item.source_id not in found and there.get(item.source_id, item.fingerprint) != item.fingerprint
        ]
        if not now:
            return found
        return found | await self.find(account, job, now, after=after, known=frozenset(found.values()))

    async def find(
        self,
        account: TelegramAccount,
        job: Job,
        items: Sequence[StepItem],
        *,
        after: int,
        known: frozenset[int] = _NONE,
    ) -> dict[int, int]:
        """source id → target id of those `items` that stand in the job's target behind message `after`.

        Messages in any job's map, and those in `known`, are somebody else's copies. Raises OutcomeUnknown
        when a step in flight of another job explains the same messages just as well.
        """
        target = job.target.peer.marked_id
        standing = await account.target_after(job.target, after)
        taken = await self._store.taken_in_target(target, after=after)
        rivals = await self._store.other_steps(target, except_job=job.id)
        free = [m for m in standing if m.id not in taken and m.id not in known]
        try:
            return share(items, [rival.items for rival in rivals if rival.kind.sends], free)
        except ValueError:
            raise OutcomeUnknown(reason="another job's copies look the same") from None
