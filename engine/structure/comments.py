"""Where the comments on a channel's posts belong in the target's discussion group."""

from __future__ import annotations

from domain.job import Job
from domain.peer import Chat
from engine.telegram.discussion import linked_group, post_of, root_of
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore

#: Threads that are remembered: people comment on new posts mostly.
REMEMBERED = 500


class Roots:
    """For a job whose source and target are discussion groups and that belongs to the channel's job."""

    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._known: dict[int, int | None] = {}
        self._channel: Chat | None = None

    async def of(self, root_id: int) -> int | None:
        """The message of the target group under which the comments on one of the source group belong.

        None when that is no channel's post, its post has no copy, or the copy shows no comments.
        """
        if root_id not in self._known:
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[root_id] = await self._find(root_id)
        return self._known[root_id]

    async def _find(self, root_id: int) -> int | None:
        job = self._job
        account = await self._pool.get(job.account_id)
        message = (await account.messages(job.source, [root_id])).get(root_id)
        post = post_of(message) if message is not None else None
        if post is None or job.of_job is None:
            return None
        copy = (await self._store.map.targets(job.of_job, [post])).get(post)
        if copy is None:
            return None
        if self._channel is None:
            self._channel = await linked_group(account, job.target)
        return await root_of(account, self._channel, copy) if self._channel is not None else None
