"""A finished copy in the sandbox, damaged by hand, and the checks run on it one by one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from domain.finding import Finding, FindingKind
from domain.job import Job, JobKind, JobStatus, NewJob
from domain.wishes import EVERYTHING, Wishes
from engine.checking.verify import Verifier
from sandbox.world import Channel, Message
from storage.findings import FindingStore
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine

Found = set[tuple[FindingKind, int, int]]


@dataclass
class Checks:
    stage: Stage
    engine: Engine
    findings: FindingStore

    async def clone(self, **options: Any) -> Job:
        job = await self.engine.order(self.stage.owner, self.stage.source, self.stage.target, **options)
        job = await self.engine.until(job, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.PAUSED)
        assert job.status is JobStatus.COMPLETED, job.failure
        return job

    async def new(self, kind: JobKind, of: Job, wishes: Wishes = EVERYTHING, **fields: Any) -> Job:
        """A job of that kind, claimed by nobody but this test."""
        known = {"total": 0, "last_target_id": 0, "key": secrets.token_bytes(32), **fields}
        new = NewJob(
            owner_id=of.owner_id,
            account_id=of.account_id,
            source=of.source,
            target=of.target,
            kind=kind,
            wishes=wishes,
            of_job=of.id,
            **known,
        )
        return await self.claimed(await self.engine.jobs.add(new))

    async def claimed(self, job: Job) -> Job:
        claimed = await self.engine.jobs.claim(
            now=datetime.now(UTC), max_user=100, max_total=100, only=[job.id]
        )
        assert claimed is not None
        self.engine.state.begin(claimed)
        return claimed

    async def verify(self, of: Job, stop: asyncio.Event | None = None) -> Job:
        """The verify job, run to its end."""
        job = await self.new(JobKind.VERIFY, of)
        assert await self.verifier(job, stop).run()
        await self.engine.jobs.move(job.id, JobStatus.COMPLETED)
        return replace(job, progress=self.engine.state.progress(job.id))

    def verifier(self, job: Job, stop: asyncio.Event | None = None) -> Verifier:
        return Verifier(
            job=job,
            pool=self.engine.pool,
            store=self.engine.store,
            findings=self.findings,
            state=self.engine.state,
            stop=stop or asyncio.Event(),
        )

    async def listed(self, job: Job) -> list[Finding]:
        return await self.findings.page(job.id, limit=10_000)

    async def found(self, of: Job) -> Found:
        """What a new verify finds."""
        return {(f.kind, f.source_id, f.target_id) for f in await self.listed(await self.verify(of))}

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

    async def copies(self, job: Job) -> dict[int, int]:
        rows = await self.engine.store.map.page(job.id, after=-(2**62), limit=100_000)
        return {row.source_id: row.target_id for row in rows}


@asynccontextmanager
async def checks(stage: Stage) -> AsyncIterator[Checks]:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        yield Checks(stage, engine, FindingStore(engine.database))
