"""Stands in for the engine: jobs in a dict, with the rules of the real service. Nothing is ever copied."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.asker import Asker
from domain.errors import FerryError, IllegalMove, NoSuchJob, NotFailed, UrgentIsForAdmins
from domain.finding import Finding
from domain.job import Change, Job, JobKind, JobStatus, PauseReason, Priority, Progress, ReportPlace
from domain.message import Skip
from domain.peer import Chat, Peer, PeerKind
from domain.preview import Preview
from domain.typed import Typed
from domain.wishes import Wishes
from engine.events import Events, JobAdvanced, JobChanged, JobResumed
from engine.listing import Found, Lines
from engine.live import Live, Queue


def chat(title: str, number: int = 1) -> Chat:
    return Chat(Peer(PeerKind.CHANNEL, number), title)


def a_job(job_id: int = 3, **fields: Any) -> Job:
    told: dict[str, Any] = {
        "owner_id": 1,
        "account_id": 1,
        "key": b"k" * 32,
        "source": chat("News", 1),
        "target": chat("Archive", 2),
        "status": JobStatus.PENDING,
        "created_at": datetime.now(UTC),
        "progress": Progress(total=20_000),
    }
    return Job(id=job_id, **told | fields)


class IdleEngine:
    """JobService's methods. `refusal` is raised by the next order."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.all: dict[int, Job] = {}
        self.refusal: FerryError | Exception | None = None
        self.per_second = 400.0
        self.orders: list[Typed] = []
        self.foreseen = Preview(account="me", source="News", target="Archive", forwarded=1)
        self.read = asyncio.Event()  # until then previews take their time
        self.read.set()
        self.changes: list[Change] = []
        self.have_comments = False  # the channels that are ordered
        self.skips: list[Skip] = []  # of every job
        self.findings: list[Finding] = []
        self.lost: FerryError | None = None  # raised by every look at findings

    async def order(self, typed: Typed, *, asker: Asker) -> Job:
        self.orders.append(typed)
        if self.refusal is not None:
            raise self.refusal
        if typed.of_job is None:
            return self._copy(typed, asker)
        job = await self.get(typed.of_job, asker=asker)
        job = self.all[job.of_job] if job.kind is JobKind.VERIFY and job.of_job else job
        wishes = Wishes(delete=typed.delete)
        fields = {"owner_id": job.owner_id, "source": job.source, "target": job.target, "wishes": wishes}
        return self.put(kind=typed.kind, of_job=job.id, **fields)

    def _copy(self, typed: Typed, asker: Asker) -> Job:
        places = {"source": chat(typed.source, 1), "target": chat(typed.target or typed.source, 2)}
        said = {"kind": typed.kind, "priority": typed.priority, "after": typed.after}
        job = self.put(owner_id=asker.user_id, **said, **places)
        if self.have_comments:
            comments = replace(job, id=job.id + 1, kind=JobKind.COMMENTS, of_job=job.id, after=(job.id,))
            self.all[comments.id] = comments
        return job

    async def preview(self, typed: Typed, *, asker: Asker) -> Preview:
        self.orders.append(typed)
        await self.read.wait()
        if self.refusal is not None:
            raise self.refusal
        return self.foreseen

    async def comments_of(self, job: Job) -> list[Job]:
        return [one for one in self.all.values() if one.kind is JobKind.COMMENTS and one.of_job == job.id]

    async def found(self, job: Job) -> Found:
        if self.lost is not None:
            raise self.lost
        return Counter((finding.kind, finding.state) for finding in self.findings)

    async def listing(self, job: Job) -> AsyncGenerator[Lines, None]:
        if self.skips:
            yield self.skips
        if self.findings:
            yield self.findings

    async def get(self, job_id: int, *, asker: Asker) -> Job:
        job = self.all.get(job_id)
        if job is None or not asker.may_touch(job):
            raise NoSuchJob(job_id=job_id)
        return job

    async def list(self, *, asker: Asker, everyone: bool = False, unfinished: bool = False) -> list[Job]:
        seen = [job for job in self.all.values() if everyone or job.owner_id == asker.user_id]
        return sorted(seen, key=lambda job: -job.id)

    async def pause(self, job_id: int, *, asker: Asker) -> Job:
        job = await self.get(job_id, asker=asker)
        by = PauseReason.OWNER if job.owner_id == asker.user_id else PauseReason.ADMIN
        return self.move(job_id, JobStatus.PAUSED, pause_reason=by)

    async def resume(self, job_id: int, *, asker: Asker) -> Job:
        await self.get(job_id, asker=asker)
        return self.move(job_id, JobStatus.PENDING, pause_reason=None)

    async def retry(self, job_id: int, *, asker: Asker) -> Job:
        job = await self.get(job_id, asker=asker)
        if job.status is not JobStatus.FAILED:
            raise NotFailed(job_id=job_id, status=job.status)
        return self.move(job_id, JobStatus.PENDING, failure=None)

    async def prioritise(self, job_id: int, priority: Priority, *, asker: Asker) -> Job:
        await self.get(job_id, asker=asker)
        if priority is Priority.URGENT and not asker.is_admin:
            raise UrgentIsForAdmins
        return self.change(job_id, priority=priority)

    async def set_after(self, job_id: int, after_ids: Collection[int], *, asker: Asker) -> Job:
        for number in (job_id, *after_ids):
            await self.get(number, asker=asker)
        return self.change(job_id, after=tuple(after_ids))

    async def awaited(self, job: Job) -> list[Job]:
        found = [self.all[after_id] for after_id in job.after]
        return [one for one in found if one.status is not JobStatus.COMPLETED]

    async def history(self, job_id: int, *, asker: Asker) -> list[Change]:
        await self.get(job_id, asker=asker)
        return self.changes

    async def cancel(self, job_id: int, *, asker: Asker) -> Job:
        await self.get(job_id, asker=asker)
        return self.move(job_id, JobStatus.CANCELLED, finished_at=datetime.now(UTC))

    async def pause_all(self, *, asker: Asker) -> int:
        going = [job for job in self.all.values() if job.may_become(JobStatus.PAUSED)]
        for job in going:
            self.move(job.id, JobStatus.PAUSED, pause_reason=PauseReason.ADMIN)
        return len(going)

    async def resume_all(self, *, asker: Asker) -> int:
        held = [job for job in self.all.values() if job.pause_reason is PauseReason.ADMIN]
        for job in held:
            self.move(job.id, JobStatus.PENDING, pause_reason=None)
        return len(held)

    async def show_at(self, job_id: int, report: ReportPlace) -> None:
        self.all[job_id] = replace(self.all[job_id], report=report)

    def live(self, job: Job) -> Live:
        left = job.progress.total - job.progress.done
        ends_at = datetime.now(UTC) + timedelta(seconds=left / self.per_second)
        return Live(self.all.get(job.id, job).progress, self.per_second, ends_at)

    async def queue(self) -> Queue:
        counts = {status: 0 for status in JobStatus}
        for job in self.all.values():
            counts[job.status] += 1
        return Queue(counts, 5, 10, 64 * 2**20, 41.5)

    # ---- what happens in the engine ----------------------------------------------------------

    def put(self, **fields: Any) -> Job:
        job = a_job(len(self.all) + 1, **fields)
        self.all[job.id] = job
        self.events.emit(JobChanged(job))
        return job

    def move(self, job_id: int, to: JobStatus, **changes: Any) -> Job:
        job = self.all[job_id]
        if not job.may_become(to):
            raise IllegalMove(job_id=job_id, status=job.status, wanted=to)
        return self.change(job_id, status=to, **changes)

    def change(self, job_id: int, **changes: Any) -> Job:
        job = self.all[job_id] = replace(self.all[job_id], **changes)
        self.events.emit(JobChanged(job))
        return job

    def advance(self, job_id: int, messages: int = 100) -> None:
        job = self.all[job_id]
        progress = replace(job.progress, copied=job.progress.copied + messages)
        self.all[job_id] = replace(job, progress=progress)
        self.events.emit(JobAdvanced(job_id, progress))

    def resumed(self, job_id: int) -> None:
        """The service was restarted."""
        job = self.all[job_id]
        self.all[job_id] = replace(job, status=JobStatus.PENDING, resumed_from=job.progress.offset_id)
        self.events.emit(JobResumed(self.all[job_id]))
