"""Finds messages of one chat that stand there twice, and deletes the later ones when asked to."""

from __future__ import annotations

import asyncio

from domain.job import Job
from engine.state_manager import TaskStateManager
from engine.target import Target
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class Deduper:
    """One run of a DEDUPE job. With `wishes.delete` it deletes what `of_job` has listed."""

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
        self._job, self._pool, self._store = job, pool, store
        self._findings, self._state, self._target, self._stop = findings, state, target, stop

    async def run(self) -> bool:
        """True when the whole chat is done, False when told to stop. Raises TelegramErrors, LostLease."""
        raise NotImplementedError
