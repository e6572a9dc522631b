"""The copies of pinned messages are pinned, the oldest first."""

from __future__ import annotations

from domain.job import Job
from domain.message import OLD_GROUP
from domain.step import Step, StepKind
from engine.done import Done
from engine.telegram.account import TelegramAccount
from engine.telegram.pins import pin, pinned_before, pinned_in
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Pinning:
    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore) -> None:
        self._job, self._pool, self._store = job, pool, store

    async def steps(self) -> list[Step]:
        """A step for each copy that is not pinned yet."""
        if not self._job.wishes.pins:
            return []
        account = await self._pool.get(self._job.account_id)
        pinned = await self._old(account) + await pinned_in(account, self._job.source)
        copies = await self._store.map.targets(self._job.map_of, pinned)
        if not copies:
            return []
        there = set(await pinned_in(account, self._job.target))
        wanted = [number for number in pinned if number in copies and copies[number] not in there]
        return [Step(0, StepKind.PIN, (), 0, subject=number) for number in wanted]

    async def _old(self, account: TelegramAccount) -> list[int]:
        """What was pinned in the basic group that the source once was, if that was copied, too."""
        first = await self._store.map.page(self._job.map_of, after=OLD_GROUP, limit=1)
        if not first or first[0].source_id > 0:
            return []
        return await pinned_before(account, self._job.source)

    async def apply(self, step: Step) -> Done:
        copy = await self._copy(step)
        if copy is not None:
            await pin(await self._pool.get(self._job.account_id), self._job.target, copy)
        return Done()

    async def happened(self, step: Step) -> Done | None:
        """Asked of the message itself: whoever pins it twice leaves two notices."""
        account = await self._pool.get(self._job.account_id)
        copy = await self._copy(step)
        if copy is None:
            return Done()
        found = await account.messages(self._job.target, [copy])
        return Done() if copy in found and found[copy].pinned else None

    async def _copy(self, step: Step) -> int | None:
        return (await self._store.map.targets(self._job.map_of, [step.subject])).get(step.subject)
