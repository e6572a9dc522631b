"""What is left to do once all messages are copied: links forward in time, pins, topics' states, the profile."""

from __future__ import annotations

from domain.job import Job
from domain.step import Step
from engine.structure.changes import Changes
from engine.structure.topics import Topics
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Closing:
    def __init__(
        self, *, job: Job, pool: AccountPool, store: ProgressStore, topics: Topics, changes: Changes
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._topics, self._changes = topics, changes

    async def next(self) -> Step | None:
        """The next change that is still to be made, numbered 0, or None when both chats are alike.

        Asked again after each step that is done. Raises SourceLost, MustWait, Unreachable, AccountStopped.
        """
        raise NotImplementedError
