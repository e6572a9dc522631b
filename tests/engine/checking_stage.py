"""A finished copy in the sandbox, damaged by hand, and the checks ordered on it as people order them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.asker import Asker
from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus, NewJob
from domain.typed import Typed
from domain.wishes import EVERYTHING, Wishes
from engine.checking.verify import Verifier
from sandbox.world import Channel, Media, Message
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

Found = set[tuple[FindingKind, int, int]]


class StopsAfter(asyncio.Event):
    """Set once it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self._looks = looks

    def is_set(self) -> bool:
        self._looks -= 1
        return self._looks <= 0


@dataclass
class Checks:
    stage: Stage
    engine: Engine

    @property
    def asker(self) -> Asker:
        return Asker(self.stage.owner.id)

    async def clone(self, **typed: Any) -> Job:
        """Everything, or what `typed` says, copied from source to target."""
        source, target = mark(self.stage.source), mark(self.stage.target)
        return await self.ended(Typed(source=source, target=target, **typed))

    async def ended(self, typed: Typed) -> Job:
        job = await self.engine.service.order(typed, asker=self.asker)
        job = await self.engine.until(job, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.PAUSED)
        assert job.status is JobStatus.COMPLETED, (job.status, job.failure)
        return job

    async def verify(self, of: Job) -> Job:
        return await self.ended(Typed(kind=JobKind.VERIFY, of_job=of.id))

    async def repair(self, of: Job) -> Job:
        return await self.ended(Typed(kind=JobKind.REPAIR, of_job=of.id))

    async def listed(self, job: Job) -> list[Finding]:
        return await self.engine.findings.page(job.id, limit=10_000)

    async def found(self, of: Job) -> Found:
        """What a new verify finds."""
        return {(f.kind, f.source_id, f.target_id) for f in await self.listed(await self.verify(of))}

    async def states(self, job: Job) -> dict[tuple[FindingKind, int], FindingState]:
        return {(f.kind, f.source_id): f.state for f in await self.listed(job)}

    async def new(self, kind: JobKind, of: Job, wishes: Wishes = EVERYTHING) -> Job:
        """A job of that kind, claimed by nobody but this test."""
        new = NewJob(
            owner_id=of.owner_id,
            account_id=of.account_id,
            source=of.source,
            target=of.target,
            kind=kind,
            wishes=wishes,
            of_job=of.id,
            total=0,
            last_target_id=0,
            key=secrets.token_bytes(32),
        )
        added = await self.engine.jobs.add(new)
        job = await self.engine.jobs.claim(
            now=datetime.now(UTC), max_user=100, max_total=100, only=[added.id]
        )
        assert job is not None
        self.engine.state.begin(job)
        return job

    def verifier(self, job: Job, stop: asyncio.Event) -> Verifier:
        return Verifier(
            job=job,
            pool=self.engine.pool,
            store=self.engine.store,
            findings=self.engine.findings,
            state=self.engine.state,
            stop=stop,
        )

    def box(self, chat: Channel) -> dict[int, Message]:
        return self.stage.rig.world.boxes["channel", chat.id].by_id

    def texts(self, chat: Channel) -> list[str]:
        return [m.text for _, m in sorted(self.box(chat).items()) if not m.service]

    def post(self, chat: Channel, *specs: dict[str, Any], by: int | None = None) -> list[int]:
        """The new messages' ids."""
        sender = self.stage.owner.id if by is None else by
        sent = self.stage.rig.world.send(sender, ("channel", chat.id), list(specs))
        return [m.id for _, m in sent]

    def edit(self, chat: Channel, number: int, **changes: Any) -> None:
        self.stage.rig.world.edit(self.stage.owner.id, ("channel", chat.id), number, **changes)

    def delete(self, chat: Channel, *ids: int) -> None:
        self.stage.rig.world.delete(self.stage.owner.id, ("channel", chat.id), list(ids))

    def album(self, size: int = 3) -> list[dict[str, Any]]:
        group = self.stage.rig.world.new_group_id()
        photos = [self.photo() for _ in range(size)]
        return [{"media": photo, "grouped_id": group} for photo in photos]

    def photo(self) -> Media:
        world = self.stage.rig.world
        photo = Media("photo", 10**9 + len(world.files), b"jpeg", "image/jpeg")
        world.files[photo.id] = photo
        return photo

    async def copies(self, job: Job) -> dict[int, int]:
        rows = await self.engine.store.map.page(job.id, after=-(2**62), limit=100_000)
        return {row.source_id: row.target_id for row in rows}


@asynccontextmanager
async def checks(stage: Stage) -> AsyncIterator[Checks]:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        yield Checks(stage, engine)
