"""What one run of a job needs to know of both its ends, and what it works with there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from domain.job import Job, JobKind
from domain.step import Step, random_id
from engine.copying import Copying
from engine.done import Done
from engine.planner import Planner
from engine.structure.changes import Changes
from engine.structure.closing import Closing
from engine.structure.comments import Roots
from engine.structure.topics import Topics
from engine.telegram.chats import look_at
from engine.telegram.incoming import Incoming
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class MakesChanges(Protocol):
    """What carries out steps that send nothing."""

    async def make(self, step: Step) -> Done: ...

    async def happened(self, step: Step, *, after: int) -> Done | None: ...


class Closes(Protocol):
    """What knows which changes are left once all messages are copied."""

    async def next(self) -> Step | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    incoming: Incoming
    planner: Planner
    copying: Copying
    topics: Topics
    changes: MakesChanges
    closing: Closes
    map_of: int  #: the job in whose map the copies stand


async def find_route(*, job: Job, pool: AccountPool, store: ProgressStore) -> Route:
    """Raises SourceLost, MustWait, Unreachable, AccountStopped."""
    account = await pool.get(job.account_id)
    source, target = await look_at(account, job.source), await look_at(account, job.target)
    topics = Topics(job=job, pool=pool, store=store)
    await topics.load()
    threads = job.kind is JobKind.COMMENTS
    incoming = Incoming(
        links=source.links,
        broadcast=target.broadcast,
        keep_author=job.wishes.keep_author and not threads,
        threads=threads,
    )
    map_of = job.of_job if job.kind is JobKind.REPAIR and job.of_job is not None else job.id
    planner = Planner(
        name_of=_random_ids(job),
        wishes=job.wishes,
        opened=topics.targets.keys() if topics.is_mapped else None,
        threads=threads,
    )
    copying = Copying(
        job=job,
        pool=pool,
        map=store.map,
        map_of=map_of,
        source=source,
        target=target,
        incoming=incoming,
        topics=topics.targets,
        root_of=Roots(job=job, pool=pool, store=store).of if threads else None,
    )
    changes = Changes(job=job, pool=pool, store=store, topics=topics)
    closing = Closing(changes=changes)
    return Route(
        incoming=incoming,
        planner=planner,
        copying=copying,
        topics=topics,
        changes=changes,
        closing=closing,
        map_of=map_of,
    )


def _random_ids(job: Job) -> Callable[[int], int]:
    """What gives a source message's copy its random_id in this job."""
    target, source = job.target.peer.marked_id, job.source.peer.marked_id
    return lambda message_id: random_id(key=job.key, target=target, source=source, message_id=message_id)
