"""Carries out the steps that send no messages, and tells after a doubt whether one has happened."""

from __future__ import annotations

from domain.job import Job
from domain.step import Step
from engine.done import Done
from engine.structure.topics import Topics
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Changes:
    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore, topics: Topics) -> None:
        self._job, self._pool, self._store, self._topics = job, pool, store, topics

    async def make(self, step: Step) -> Done:
        """Makes the step's call. What Telegram refuses is a finding; only without the right to make topics
        nothing goes on: NoTopicRight. Raises MustWait, OutcomeUnknown, Unreachable, AccountStopped too.
        """
        raise NotImplementedError

    async def happened(self, step: Step, *, after: int) -> Done | None:
        """What came of a step in doubt; None when nothing did (or making it again changes nothing).

        `after` is the newest message of the target from before the step. Raises OutcomeUnknown.
        """
        raise NotImplementedError
