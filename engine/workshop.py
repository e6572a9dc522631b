"""Builds what carries out a job of each kind."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import nullcontext

from domain.job import Job, JobKind
from engine.background import Background
from engine.checking.adopt import Adopter
from engine.checking.dedupe import Deduper
from engine.checking.verify import Verifier
from engine.cloner import Cloner
from engine.ledger import Ledger
from engine.limiter import Limiter
from engine.memory_optimizer import MemoryOptimizer
from engine.route import find_route
from engine.sender import Sender
from engine.settle import Settler
from engine.state_manager import TaskStateManager
from engine.structure.new_chat import make_target
from engine.target import Target
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class Workshop:
    def __init__(
        self,
        *,
        store: ProgressStore,
        findings: FindingStore,
        pool: AccountPool,
        state: TaskStateManager,
        limiter: Limiter,
        memory: MemoryOptimizer,
        background: Background,
    ) -> None:
        self._store, self._findings, self._pool = store, findings, pool
        self._state, self._limiter, self._memory = state, limiter, memory
        self._background = background
        self._settler = Settler(store=store)
        self._targets: defaultdict[int, Target] = defaultdict(Target)

    async def work(self, job: Job, stop: asyncio.Event) -> bool:
        """One run of `job`: True when it is finished, False when it was told to stop.

        Raises TelegramErrors, LostLease.
        """
        match job.kind:
            case JobKind.VERIFY:
                verifier = Verifier(
                    job=job,
                    pool=self._pool,
                    store=self._store,
                    findings=self._findings,
                    state=self._state,
                    stop=stop,
                )
                return await verifier.run()
            case JobKind.DEDUPE:
                deduper = Deduper(
                    job=job,
                    pool=self._pool,
                    store=self._store,
                    findings=self._findings,
                    state=self._state,
                    target=self._target_of(job),
                    stop=stop,
                )
                return await deduper.run()
            case JobKind.ADOPT if not await self._aligned(job, stop):
                return False
        return await self._clone(job, stop)

    async def _aligned(self, job: Job, stop: asyncio.Event) -> bool:
        adopter = Adopter(
            job=job,
            pool=self._pool,
            store=self._store,
            findings=self._findings,
            state=self._state,
            target=self._target_of(job),
            stop=stop,
        )
        return await adopter.align()

    async def _clone(self, job: Job, stop: asyncio.Event) -> bool:
        if not job.target.is_made:
            job = await make_target(job=job, pool=self._pool, store=self._store, state=self._state)
        looks = job.kind is JobKind.REPAIR  # at what stands in the target and is nobody's
        async with self._target_of(job).turn() if looks else nullcontext():
            route = await find_route(job=job, pool=self._pool, store=self._store, findings=self._findings)
        job = route.job
        sender = Sender(
            job=job,
            pool=self._pool,
            settler=self._settler,
            limiter=self._limiter,
            copying=route.copying,
            changes=route.changes,
        )
        cloner = Cloner(
            job=job,
            route=route,
            pool=self._pool,
            ledger=Ledger(job=job, store=self._store, state=self._state),
            sender=sender,
            memory=self._memory,
            background=self._background,
            target=self._target_of(job),
            stop=stop,
        )
        return await cloner.run()

    def _target_of(self, job: Job) -> Target:
        return self._targets[job.target.peer.marked_id]
