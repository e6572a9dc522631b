"""Where the comments on a channel's posts belong in the target's discussion group."""

from __future__ import annotations

from domain.job import Job
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Roots:
    """For a job whose source and target are discussion groups and that belongs to the channel's job."""

    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore) -> None:
        self._job, self._pool, self._store = job, pool, store

    async def of(self, root_id: int) -> int | None:
        """The message of the target group that stands for one of the source group, under which people comment.

        None when that is no channel's post, its post has no copy, or the copy shows no comments.
        """
        raise NotImplementedError
