"""Where the comments on a channel's posts belong in the target's discussion group."""

from __future__ import annotations

import asyncio
import time

from domain.job import Job
from domain.peer import Chat
from engine.telegram.account import TelegramAccount
from engine.telegram.discussion import linked_group, post_of, root_of
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore

#: Threads that are remembered: people comment on new posts mostly.
REMEMBERED = 500
#: Seconds from the start of a run during which a post may still be on its way into the group.
ON_THEIR_WAY = 10.0
#: Seconds between two looks.
LOOK = 0.5


class Roots:
    """For a job whose source and target are discussion groups and that belongs to the channel's job."""

    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._known: dict[int, int | None] = {}
        self._channels: tuple[Chat | None, Chat | None] | None = None
        self._patient_until = time.monotonic() + ON_THEIR_WAY

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
        if self._channels is None:
            self._channels = await linked_group(account, job.source), await linked_group(account, job.target)
        source, target = self._channels
        if source is None or target is None or job.of_job is None:
            return None
        message = (await account.messages(job.source, [root_id])).get(root_id)
        post = post_of(message, source) if message is not None else None
        copies = await self._store.map.targets(job.of_job, [post]) if post is not None else {}
        copy = copies.get(post) if post is not None else None
        return await self._appeared(account, target, copy) if copy is not None else None

    async def _appeared(self, account: TelegramAccount, channel: Chat, post: int) -> int | None:
        """Posts appear in the group a moment after they were sent; earlier than the link to it they don't."""
        while (root := await root_of(account, channel, post)) is None:
            if time.monotonic() > self._patient_until:
                break
            await asyncio.sleep(LOOK)
        return root
