"""`python -m bench.dispatch`: how long a job that may start waits for that, among thousands that may not.

The engine's own dispatcher, claim and storage on SQLite (synchronous=FULL); in place of a run stands one that
only waits until it is told to end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import secrets
import sqlite3
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from cli.logs import set_up_logging
from domain.job import Job, JobStatus, NewJob
from domain.peer import Chat, Peer, PeerKind
from engine.background import Background
from engine.dispatcher import Dispatcher
from engine.events import Event, Events, JobChanged
from engine.memory_gauge import MemoryGauge
from engine.memory_level import Levels, Thresholds
from engine.memory_optimizer import MemoryOptimizer
from engine.outage import Outage
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore

OWNERS = 200
#: The first third of the owners have as many jobs running as they may; this one has none.
SUBMITTER = OWNERS + 1
BUSY_OWNERS = OWNERS // 3


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds from before a job is written down to the news that it runs.

    That is two commits; `over_commits` is without what two bare ones (medians, same disk, same run) take.
    """

    waiting_jobs: int
    submitted: int
    p50_ms: float
    p99_ms: float
    two_commits_ms: float
    p50_over_commits_ms: float
    p99_over_commits_ms: float


class Waits:
    """Runs a job by waiting, then completes it."""

    def __init__(self, *, jobs: JobStore, events: Events) -> None:
        self._jobs, self._events = jobs, events
        self.end = asyncio.Event()

    async def run(self, job: Job, _stop: asyncio.Event) -> None:
        await self.end.wait()
        done = await self._jobs.move(job.id, JobStatus.COMPLETED, generation=job.generation)
        self._events.emit(JobChanged(done))


class Bench:
    def __init__(self, database: Database, file: Path) -> None:
        self._database, self._file = database, file
        self._jobs, self._events, self._background = JobStore(database), Events(), Background()
        self._runner = Waits(jobs=self._jobs, events=self._events)
        self._running: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._ended = asyncio.Event()
        self._events.subscribe(self._heard)

    async def measure(self, waiting: int, submissions: int) -> Found:
        account = await AccountStore(self._database).add(
            owner_id=None, user_id=1, name="Bench", sealed_session=b""
        )
        await self._fill(account.id, waiting)
        memory = MemoryOptimizer(
            gauge=MemoryGauge(limit=None),
            levels=Levels(Thresholds()),
            jobs=self._jobs,
            events=self._events,
        )
        dispatcher = Dispatcher(
            jobs=self._jobs,
            runner=self._runner,  # type: ignore[arg-type]  # all that the dispatcher asks of a JobRunner
            memory=memory,
            outage=Outage(events=self._events, hold=_nobody_else),
            events=self._events,
            background=self._background,
            max_user=1,
            max_total=BUSY_OWNERS + 1,
        )
        dispatching = self._background.start(dispatcher.run(), name="dispatcher")
        taken, commits = [], []
        with sqlite3.connect(self._file.with_name("bare.db"), isolation_level=None) as bare:
            bare.execute("PRAGMA journal_mode=WAL")
            bare.execute("PRAGMA synchronous=FULL")
            bare.execute("CREATE TABLE bare (number INTEGER)")
            for _ in range(submissions):
                taken.append(await self._submit(account.id))
                commits.append(_commit(bare) + _commit(bare))
        bare.close()
        await dispatcher.stop()
        await dispatching
        return _found(waiting, taken, commits)

    async def _submit(self, account_id: int) -> float:
        """Seconds. The job has ended when this returns, and its slot is free again."""
        self._running = asyncio.get_running_loop().create_future()
        self._runner.end.clear()
        self._ended.clear()
        began = time.perf_counter()
        job = await self._jobs.add(_new(account_id, SUBMITTER))
        self._events.emit(JobChanged(job))
        started = await self._running
        self._runner.end.set()
        await self._ended.wait()
        return started - began

    def _heard(self, event: Event) -> None:
        if not isinstance(event, JobChanged) or event.job.owner_id != SUBMITTER:
            return
        if event.job.status is JobStatus.RUNNING:
            self._running.set_result(time.perf_counter())
        elif event.job.status is JobStatus.COMPLETED:
            self._ended.set()

    async def _fill(self, account_id: int, waiting: int) -> None:
        """A third whose owners run as many as they may, a third that waits, a third that depends on one."""
        for owner in range(1, BUSY_OWNERS + 1):
            await self._jobs.add(_new(account_id, owner))
            await self._jobs.claim(now=datetime.now(UTC), max_user=1, max_total=OWNERS)
        template = await self._jobs.add(_new(account_id, OWNERS))
        later = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
        await self._database.write(
            lambda connection: [
                connection.exec_driver_sql(statement) for statement in _copies(template.id, waiting, later)
            ]
        )
        async with asyncio.timeout(60):
            for job in await self._jobs.list(limit=waiting):
                if job.owner_id > 2 * BUSY_OWNERS:
                    await self._jobs.set_after(job.id, [template.id], who=None)


def _copies(template: int, waiting: int, later: str) -> list[str]:
    """SQL that makes `waiting` jobs out of one, spread over the owners; the second third waits."""
    same = (
        "account_id, key, priority, status, source_id, source_hash, source_title, target_id, target_hash,"
        " target_title, created_at"
    )
    owner = f"1 + number % {OWNERS}"
    wait = f"CASE WHEN {owner} BETWEEN {BUSY_OWNERS + 1} AND {2 * BUSY_OWNERS} THEN '{later}' END"
    return [
        f"UPDATE jobs SET resume_at = '{later}' WHERE id = {template}",
        f"""WITH RECURSIVE numbers(number) AS
              (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {waiting})
            INSERT INTO jobs (owner_id, resume_at, {same})
            SELECT {owner}, {wait}, {same} FROM jobs, numbers WHERE id = {template}""",
    ]


def _new(account_id: int, owner: int) -> NewJob:
    chats = [
        Chat(Peer(PeerKind.CHANNEL, number), title) for number, title in ((1, "Source"), (owner, "Target"))
    ]
    return NewJob(
        owner_id=owner,
        account_id=account_id,
        key=secrets.token_bytes(32),
        source=chats[0],
        target=chats[1],
        total=1,
        last_target_id=0,
    )


async def _nobody_else() -> None:
    """Holds the lock: the database is a new file of our own."""


def _commit(bare: sqlite3.Connection) -> float:
    began = time.perf_counter()
    bare.execute("INSERT INTO bare VALUES (1)")
    return time.perf_counter() - began


def _found(waiting: int, taken: Sequence[float], commits: Sequence[float]) -> Found:
    p50, p99 = median(taken) * 1000, quantiles(taken, n=100)[98] * 1000
    two = median(commits) * 1000
    return Found(waiting, len(taken), p50, p99, two, p50 - two, p99 - two)


async def _measure(waiting: int, submissions: int) -> Found:
    set_up_logging(logging.ERROR)
    with TemporaryDirectory(prefix="ferry-bench-") as folder:
        file = Path(folder) / "ferry.db"
        database = await Database.open(f"sqlite+aiosqlite:///{file}", server="sandbox:bench")
        try:
            return await Bench(database, file).measure(waiting, submissions)
        finally:
            await database.close()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.dispatch", description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000, help="jobs that may not start (10,000)")
    parser.add_argument("--submissions", type=int, default=1_000, help="jobs that may (1,000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = parser.parse_args(arguments)
    found = asyncio.run(_measure(given.waiting, given.submissions))
    table = Table(title=f"{found.submitted:,} jobs submitted while {found.waiting_jobs:,} others wait")
    for heading in ("submit → running", "ms", "wanted"):
        table.add_column(heading, justify="left" if heading.startswith("submit") else "right")
    table.add_row("p50", f"{found.p50_ms:.1f}", "")
    table.add_row("p99", f"{found.p99_ms:.1f}", "")
    table.add_row("two bare commits of this disk", f"{found.two_commits_ms:.1f}", "")
    table.add_row("p99 less two bare commits", f"{found.p99_over_commits_ms:.1f}", "< 10")
    Console(highlight=False).print(table)
    if given.json is not None:
        given.json.write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
