"""What a repair does beside sending what is missing: edits, deletions, rows put right, a state for each finding."""

from __future__ import annotations

from domain.job import Job
from domain.step import Step
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class RepairClosing:
    """Of a REPAIR job, once what was missing has been sent. Each finding of the newest verify gets its state
    among the repair's own findings.
    """

    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore, findings: FindingStore) -> None:
        self._job, self._pool, self._store, self._findings = job, pool, store, findings

    async def absent(self) -> tuple[int, ...]:
        """Those of the selection's ids that have no copy in the target right now, ascending; they may be sent.

        Empty means that there is nothing to send (and never that everything is). Asked at the beginning of
        each run, after the step in flight has been settled. Raises NotVerifiedYet, TelegramErrors.
        """
        raise NotImplementedError

    async def next(self) -> Step | None:
        """The next change, numbered 0, or None when every finding has its state."""
        raise NotImplementedError
