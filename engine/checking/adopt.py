"""Takes over what another tool has copied: finds out which message of the target is whose copy."""

from __future__ import annotations

import asyncio

from domain.job import Job
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


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
        stop: asyncio.Event,
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._findings, self._state, self._stop = findings, state, stop

    async def align(self) -> bool:
        """True once source and target are aligned (also when they were already), False when told to stop.

        Afterwards the job's progress is that of a clone that has come so far. Sends nothing. Raises
        TelegramErrors, LostLease.
        """
        raise NotImplementedError
