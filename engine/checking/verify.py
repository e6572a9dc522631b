"""Compares source, map and target of a finished copy, page by page, and lists what differs."""

from __future__ import annotations

import asyncio

from domain.job import Job
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore


class Verifier:
    """One run of a VERIFY job."""

    def __init__(
        self,
        *,
        job: Job,
        jobs: JobStore,
        pool: AccountPool,
        store: ProgressStore,
        findings: FindingStore,
        state: TaskStateManager,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._jobs, self._pool, self._store = job, jobs, pool, store
        self._findings, self._state, self._stop = findings, state, stop

    async def run(self) -> bool:
        """True when all is compared, False when told to stop. Raises TelegramErrors, LostLease,
        NothingToVerify.
        """
        raise NotImplementedError
