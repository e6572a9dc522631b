"""Orders to fill a database with."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.job import Job, NewJob, Priority
from domain.peer import CHANNEL_MARK, Chat, Peer
from domain.step import Step, StepItem, StepKind
from storage.jobs import JobStore

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OWNER = 7


def channel(number: int, topic: int | None = None) -> Chat:
    return Chat(Peer.from_marked(CHANNEL_MARK - number, -(2**63) + number), f"Channel {number}", None, topic)


def order(
    owner: int = OWNER,
    *,
    account: int = 1,
    source: Chat | None = None,
    target: Chat | None = None,
    priority: Priority = Priority.NORMAL,
) -> NewJob:
    return NewJob(
        owner_id=owner,
        account_id=account,
        key=bytes(range(32)),
        source=source or channel(1),
        target=target or channel(2),
        total=1000,
        last_target_id=40,
        priority=priority,
    )


async def running(jobs: JobStore, new: NewJob | None = None) -> Job:
    """A job that was just added and claimed."""
    added = await jobs.add(new or order())
    claimed = await jobs.claim(now=NOW, max_user=1000, max_total=1000, only=[added.id])
    assert claimed is not None
    return claimed


def step(number: int, size: int = 3) -> Step:
    """A step whose source ids are number*1000 + 1 and on."""
    first = number * 1000 + 1
    items = tuple(
        StepItem(first + i, random_id=-(2**63) + first + i, fingerprint=f"text:{i}“中”", grouped_id=i or None)
        for i in range(size)
    )
    return Step(number=number, kind=StepKind.FORWARD, items=items, through_id=first + size - 1)
