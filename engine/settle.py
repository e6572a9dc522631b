"""What became of a step in doubt: read the target behind the last known copy and align."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import OutcomeUnknown
from domain.job import Job
from domain.step import StepItem
from engine.align import share
from engine.telegram.account import TelegramAccount
from storage.progress import ProgressStore


class Settler:
    """Finds copies by looking, whatever Telegram remembers of random_ids: either guard alone suffices."""

    def __init__(self, *, store: ProgressStore) -> None:
        self._store = store

    async def find(
        self,
        account: TelegramAccount,
        job: Job,
        items: Sequence[StepItem],
        *,
        after: int,
        known: frozenset[int] = frozenset(),
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
