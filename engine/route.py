"""What one run of a job needs to know of both its ends, and what it works with there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from domain.job import Job, JobKind
from domain.step import Step, random_id
from domain.wishes import NOTHING, Selection
from engine.checking.changes import CheckingChanges
from engine.checking.repair import RepairClosing
from engine.copies import Copies
from engine.copying import Copying
from engine.done import Done
from engine.planner import Planner
from engine.structure.changes import Changes
from engine.structure.closing import Closing
from engine.structure.comments import Roots
from engine.structure.topics import Topics
from engine.telegram.chats import look_at_both
from engine.telegram.incoming import Incoming
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class MakesChanges(Protocol):
    """What carries out steps that send nothing."""

    async def make(self, step: Step) -> Done: ...

    async def happened(self, step: Step, *, after: int) -> Done | None: ...


class Closes(Protocol):
    """What knows which changes are left once all messages are copied."""

    async def next(self) -> Step | None: ...


class RepairChanges:
    """A repair's own changes, and those of the structure."""

    def __init__(self, *, own: CheckingChanges, others: Changes) -> None:
        self._own, self._others = own, others

    async def make(self, step: Step) -> Done:
        return await self._of(step).make(step)

    async def happened(self, step: Step, *, after: int) -> Done | None:
        return await self._of(step).happened(step, after=after)

    def _of(self, step: Step) -> MakesChanges:
        return self._own if self._own.handles(step) else self._others


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    job: Job  #: with what is wanted of it in this run
    incoming: Incoming
    planner: Planner
    copying: Copying
    topics: Topics
    changes: MakesChanges
    closing: Closes


async def find_route(*, job: Job, pool: AccountPool, store: ProgressStore, findings: FindingStore) -> Route:
    """Raises NotVerifiedYet, SourceLost, MustWait, Unreachable, AccountStopped."""
    account = await pool.get(job.account_id)
    copier = await _copier(job, findings)
    threads = copier.kind is JobKind.COMMENTS
    posts = await findings.checks.job(copier.of_job) if threads and copier.of_job is not None else None
    source, target = await look_at_both(account, job, posts)
    copies = Copies(job=copier, map=store.map)
    topics = Topics(job=job, pool=pool, store=store)
    await topics.load()
    structure = Changes(
        job=job, pool=pool, store=store, topics=topics, copies=copies, source=source, target=target
    )
    changes: MakesChanges = structure
    closing: Closes = Closing(changes=structure)
    if job.kind is JobKind.REPAIR:
        own = CheckingChanges(job=job, pool=pool, store=store, findings=findings)
        changes = RepairChanges(own=own, others=structure)
        closing = repair = RepairClosing(job=job, pool=pool, store=store, findings=findings, then=closing)
        absent = await repair.absent()
        for topic in absent:  # one that is gone from the target is made anew
            topics.targets.pop(topic, None)
        job = _only(job, absent)
    keep_author = job.wishes.keep_author and not threads
    incoming = Incoming(
        links=source.links,
        broadcast=target.broadcast,
        keep_author=keep_author,
        threads=threads,
        lean=True,
        taking=target.taking,
    )
    planner = Planner(
        name_of=_random_ids(job),
        wishes=job.wishes,
        opened=topics.targets.keys() if topics.is_mapped else None,
        threads=threads,
    )
    copying = Copying(
        job=job,
        pool=pool,
        copies=copies,
        source=source,
        target=target,
        incoming=incoming,
        topics=topics.targets,
        root_of=Roots(job=copier, pool=pool, store=store).of if threads else None,
    )
    return Route(
        job=job,
        incoming=incoming,
        planner=planner,
        copying=copying,
        topics=topics,
        changes=changes,
        closing=closing,
    )


async def _copier(job: Job, findings: FindingStore) -> Job:
    """The job whose copies these are: a repair sends what another one should have, the same way."""
    repaired = job.of_job if job.kind is JobKind.REPAIR else None
    return (await findings.checks.job(repaired) if repaired is not None else None) or job


def _only(job: Job, ids: tuple[int, ...]) -> Job:
    selection = Selection(ids=ids) if ids else NOTHING
    return replace(job, wishes=replace(job.wishes, selection=selection))


def _random_ids(job: Job) -> Callable[[int], int]:
    """What gives a source message's copy its random_id in this job."""
    target, source = job.target.peer.marked_id, job.source.peer.marked_id
    return lambda message_id: random_id(key=job.key, target=target, source=source, message_id=message_id)
