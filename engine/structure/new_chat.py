"""Makes the chat that a job copies to, where the order asks for a new one."""

from __future__ import annotations

from domain.job import Job
from engine.state_manager import TaskStateManager
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


async def make_target(*, job: Job, pool: AccountPool, store: ProgressStore, state: TaskStateManager) -> Job:
    """The job with its target, which is made unless it is there already. `state` has begun the job.

    Raises NotMade, MustWait, OutcomeUnknown, Unreachable, AccountStopped.
    """
    raise NotImplementedError
