"""Whether an order asks again for what a job already does or has done."""

from __future__ import annotations

from dataclasses import replace

from domain.errors import AlreadyCopied, AlreadyOrdered
from domain.job import Job, JobKind, JobStatus, NewJob
from domain.wishes import Selection, Wishes
from storage.jobs import JobStore

#: Kinds that fill a target: what one of them has copied needs no other.
_COPYING = frozenset({JobKind.CLONE, JobKind.ADOPT})
#: Kinds that may be asked for again once they have ended: each looks anew.
_LOOKING = frozenset({JobKind.VERIFY, JobKind.REPAIR, JobKind.DEDUPE})


async def refuse_repetition(jobs: JobStore, new: NewJob, *, again: bool) -> None:
    """Raises AlreadyOrdered for a like job that is not finished, AlreadyCopied for one that is."""
    for job in await jobs.of_source(owner_id=new.owner_id, source=new.source):
        if not _is_like(job, new):
            continue
        names = {"job_id": job.id, "source": job.source.title, "target": job.target.title}
        if job.status is not JobStatus.COMPLETED:
            raise AlreadyOrdered(**names)
        if not again and new.kind not in _LOOKING:
            raise AlreadyCopied(**names)
        return


def _is_like(job: Job, new: NewJob) -> bool:
    if job.kind is not new.kind and not {job.kind, new.kind} <= _COPYING:
        return False
    if job.kind in _LOOKING and job.status is JobStatus.FAILED:
        return False  # rather look anew than go on with what has failed
    if (
        not _is_same_target(job, new)
        or job.of_job != new.of_job
        or _manner(job.wishes) != _manner(new.wishes)
    ):
        return False
    was, wanted = job.wishes.selection, new.wishes.selection
    if was == wanted:
        return True
    # “The last N” is other ids each day: who asks so again while a job is unfinished means that one.
    return bool(was.asked) and was.asked == wanted.asked and job.status is not JobStatus.COMPLETED


def _is_same_target(job: Job, new: NewJob) -> bool:
    """Chats that two orders want made are the same if they only differ in the token."""
    was, wanted = job.wishes.new_chat, new.wishes.new_chat
    if was is None or wanted is None:
        return was is wanted and job.target.is_same_place(new.target)
    return replace(was, token="") == replace(wanted, token="")


def _manner(wishes: Wishes) -> Wishes:
    """How a job copies, without what and where to."""
    return replace(wishes, selection=Selection(), new_chat=None)
