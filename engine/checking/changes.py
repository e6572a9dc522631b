"""Carries out the steps of repair and dedupe. Each looks again, right before, at what it changes."""

from __future__ import annotations

from domain.job import Job
from domain.step import Step
from engine.done import Done
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class CheckingChanges:
    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore, findings: FindingStore) -> None:
        self._job, self._pool, self._store, self._findings = job, pool, store, findings

    @staticmethod
    def handles(step: Step) -> bool:
        """Whether this step is one of repair or dedupe, not of the structure."""
        raise NotImplementedError

    async def make(self, step: Step) -> Done:
        """Makes the step's calls; `Done.copied` are rows of the map (of `of_job`) that are late from now on.

        What Telegram refuses is a finding. Raises MustWait, OutcomeUnknown, Unreachable, AccountStopped.
        """
        raise NotImplementedError

    async def happened(self, step: Step, *, after: int) -> Done | None:
        """Always None: making such a step again looks first and changes nothing that is right already."""
        return None
