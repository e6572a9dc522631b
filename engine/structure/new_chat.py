"""Makes the chat that a job copies to, where the order asks for a new one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from domain.checkpoint import Checkpoint
from domain.errors import MessageRefused, NotMade
from domain.job import Job
from domain.peer import Chat
from domain.step import Step, StepKind
from domain.wishes import NewChat
from engine.state_manager import TaskStateManager
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import MayNotPost
from engine.telegram.pool import AccountPool
from engine.telegram.profile import find_made, make_chat, profile_of, set_about
from storage.progress import ProgressStore


async def make_target(*, job: Job, pool: AccountPool, store: ProgressStore, state: TaskStateManager) -> Job:
    """The job with its target, which is made unless it is there already. `state` has begun the job.

    There is no random_id for this call: after a doubt the chat is looked for by the token in its description.
    Raises NotMade, MustWait, OutcomeUnknown, Unreachable, AccountStopped, LostLease.
    """
    wanted = job.wishes.new_chat
    if wanted is None or job.target.is_made:
        return job
    account = await pool.get(job.account_id)
    before = state.progress(job.id)
    step = Step(before.step_number + 1, StepKind.CHAT, (), before.offset_id, detail=wanted.token)
    checkpoint = Checkpoint(job_id=job.id, generation=job.generation, progress=before, step=step)
    made = await find_made(account, wanted) if await store.step_in_flight(job.id) is not None else None
    if made is None:
        await state.barrier(checkpoint)
        made = await _make(account, wanted)
    after = replace(state.progress(job.id), step_number=step.number)
    await state.barrier(replace(checkpoint, progress=after, step=None, target=made))
    job = replace(job, target=made)
    await _describe(account, job)
    return job


async def _make(account: TelegramAccount, wanted: NewChat) -> Chat:
    try:
        return await make_chat(account, wanted)
    except (MessageRefused, MayNotPost) as refusal:
        raise NotMade(title=wanted.title, reason=refusal.values["reason"]) from refusal


async def _describe(account: TelegramAccount, job: Job) -> None:
    """The token gives way to a description. If that fails here, it is among the changes at the end."""
    about = (await profile_of(account, job.source)).about if job.wishes.profile else ""
    with suppress(MessageRefused, MayNotPost):
        await set_about(account, job.target, about)
