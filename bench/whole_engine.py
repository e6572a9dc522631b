"""Ferry itself as the service runs it, put together by the same wiring: only the bot is left out."""

from __future__ import annotations

import asyncio
import logging

from bench.meter import Meter
from bench.task import Task
from cli.logs import set_up_logging
from cli.wiring import open_accounts, open_engine
from config import Settings
from domain.asker import Asker
from domain.job import JobStatus
from domain.peer import Peer, PeerKind
from engine.events import Event, JobAdvanced, JobChanged


async def engine(task: Task, meter: Meter) -> int:
    """One job for each pair, all of them at once. The clock runs from the first order."""
    set_up_logging(logging.WARNING)
    settings = _settings(task.settings)
    owner = Asker(task.owner_id)
    async with open_accounts(settings) as accounts, accounts.login(task.session) as login:
        await accounts.keep(await login.finish(), owner_id=owner.user_id)
    watcher = Watcher(jobs=len(task.copies), marks=task.marks, meter=meter, may_wait=task.may_wait)
    async with open_engine(settings) as running, asyncio.TaskGroup() as group:
        running.events.subscribe(watcher.heard)
        dispatching = group.create_task(running.dispatcher.run())
        meter.start()
        for source, target in task.copies:
            await running.jobs.create(asker=owner, source=_mark(source), target=_mark(target))
        await watcher.over.wait()
        meter.stop()
        await running.dispatcher.stop()
        await dispatching
    return watcher.copied()


class Watcher:
    """Hears when all jobs are done, and marks the memory on the way."""

    def __init__(self, *, jobs: int, marks: tuple[int, ...], meter: Meter, may_wait: bool) -> None:
        self._jobs, self._marks, self._meter, self._may_wait = jobs, list(marks), meter, may_wait
        self._copied: dict[int, int] = {}
        self._done: dict[int, int] = {}
        self._completed = 0
        self._trouble = ""
        self.over = asyncio.Event()

    def heard(self, event: Event) -> None:
        match event:
            case JobAdvanced(job_id=job_id, progress=progress):
                self._done[job_id], self._copied[job_id] = progress.done, progress.copied
                while self._marks and sum(self._done.values()) >= self._marks[0]:
                    self._marks.pop(0)
                    self._meter.mark()
            case JobChanged(job=job) if job.status is JobStatus.COMPLETED:
                self._completed += 1
                if self._completed == self._jobs:
                    self.over.set()
            case JobChanged(job=job) if job.failure or (job.wait_reason and not self._may_wait):
                self._trouble = f"job {job.id} is {job.status}: {job.failure or job.wait_reason}"
                self.over.set()

    def copied(self) -> int:
        """Raises RuntimeError when a job did anything but run through."""
        if self._trouble:
            raise RuntimeError(f"the engine did not get through: {self._trouble}")
        return sum(self._copied.values())


def _settings(told: dict[str, str]) -> Settings:
    fields = {name.lower(): value for name, value in told.items()}
    return Settings(_env_file=None, **fields)  # type: ignore[arg-type]  # checked as the environment's are


def _mark(channel_id: int) -> str:
    return str(Peer(PeerKind.CHANNEL, channel_id).marked_id)
