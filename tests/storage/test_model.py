"""Whatever is done in whatever order: limits hold, the right job is next, no move breaks the status table."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, delete

from domain.errors import AfterCircle, AfterItself, IllegalMove, NotWaiting
from domain.job import ALLOWED, UNFINISHED, Job, JobStatus, PauseReason, Priority
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from storage.tables import accounts, dependencies, job_history, jobs
from tests.storage.orders import NOW, order

PENDING, RUNNING, PAUSED, COMPLETED = (JobStatus(s) for s in ("pending", "running", "paused", "completed"))
EXAMPLES = {"sqlite": 20, "postgresql": 8}

any_job = st.integers(0, 13)
any_jobs = st.sets(any_job, max_size=3)
priorities = st.sampled_from(Priority)
owners = st.integers(1, 3)


@dataclass
class Expected:
    """A job as it ought to be."""

    owner: int
    priority: Priority
    after: set[int]
    status: JobStatus = PENDING
    pause: PauseReason | None = None
    resume_at: int = 0  # minutes
    generation: int = 0
    passed: list[JobStatus] = field(default_factory=lambda: [PENDING])

    def move(self, to: JobStatus, pause: PauseReason | None = None, resume_at: int = 0) -> None:
        self.status, self.pause, self.resume_at = to, pause, resume_at
        self.passed.append(to)


class Model(RuleBasedStateMachine):
    def __init__(self, runner: asyncio.Runner, database: Database) -> None:
        super().__init__()
        self.run = runner.run
        self.store = JobStore(database)
        self.run(database.write(empty))
        login = AccountStore(database).add(owner_id=7, user_id=7, name="", sealed_session=b"")
        self.account = self.run(login).id
        self.jobs: dict[int, Expected] = {}
        self.minute = 0

    @initialize(
        max_user=st.integers(1, 3),
        max_total=st.integers(2, 6),
        made=st.lists(st.tuples(owners, priorities), min_size=6, max_size=9),
    )
    def start(self, max_user: int, max_total: int, made: list[tuple[int, Priority]]) -> None:
        self.max_user, self.max_total = max_user, max_total
        for owner, priority in made:
            self.add(owner, priority, set())

    def pick(self, number: int) -> int | None:
        return sorted(self.jobs)[number % len(self.jobs)] if self.jobs else None

    def unmet(self, job_id: int) -> set[int]:
        return {first for first in self.jobs[job_id].after if self.jobs[first].status is not COMPLETED}

    @rule(owner=owners, priority=priorities, after=any_jobs)
    def add(self, owner: int, priority: Priority, after: set[int]) -> None:
        if len(self.jobs) == 14:
            return
        firsts = {first for number in after if (first := self.pick(number))}
        new = replace(order(owner, account=self.account, priority=priority), after=tuple(firsts))
        self.jobs[self.run(self.store.add(new)).id] = Expected(owner, priority, firsts)

    @rule()
    def claim_all(self) -> None:
        while self.claim(Priority.LOW, set()):
            pass

    @rule(least=priorities, left_out=any_jobs)
    def claim_one(self, least: Priority, left_out: set[int]) -> None:
        self.claim(least, left_out)

    def claim(self, least: Priority, left_out: set[int]) -> bool:
        except_ids = {job_id for number in left_out if (job_id := self.pick(number))}
        running = Counter(job.owner for job in self.jobs.values() if job.status is RUNNING)
        startable = [
            (-job.priority, running[job.owner], job_id)
            for job_id, job in self.jobs.items()
            if job.status is PENDING and job.resume_at <= self.minute and not self.unmet(job_id)
            if job.priority >= least and job_id not in except_ids and running[job.owner] < self.max_user
        ]
        claimed = self.run(
            self.store.claim(
                now=NOW + timedelta(minutes=self.minute),
                max_user=self.max_user,
                max_total=self.max_total,
                except_ids=except_ids,
                min_priority=least,
            )
        )
        if running.total() >= self.max_total or not startable:
            assert claimed is None
            return False
        assert claimed is not None and claimed.id == min(startable)[2]
        self.jobs[claimed.id].move(RUNNING)
        self.jobs[claimed.id].generation += 1
        return True

    @rule(number=any_job, to=st.sampled_from([COMPLETED, COMPLETED, JobStatus.FAILED, PENDING]))
    def end_a_run(self, number: int, to: JobStatus) -> None:
        at_work = sorted(job_id for job_id, job in self.jobs.items() if job.status is RUNNING)
        if at_work:
            job_id = at_work[number % len(at_work)]
            self.run(self.store.move(job_id, to))
            self.jobs[job_id].move(to)

    @rule(number=any_job, to=st.sampled_from(sorted(set(JobStatus) - {RUNNING})), minutes=st.integers(0, 3))
    def move(self, number: int, to: JobStatus, minutes: int) -> None:
        if (job_id := self.pick(number)) is None:
            return
        job, resume_at = self.jobs[job_id], self.minute + minutes if to is PENDING and minutes else 0
        moving = self.store.move(
            job_id,
            to,
            pause_reason=PauseReason.OWNER if to is PAUSED else None,
            resume_at=NOW + timedelta(minutes=resume_at) if resume_at else None,
        )
        if to not in ALLOWED[job.status]:
            with pytest.raises(IllegalMove):
                self.run(moving)
            return
        self.run(moving)
        job.move(to, PauseReason.OWNER if to is PAUSED else None, resume_at)

    @rule(number=any_job, priority=priorities)
    def rank(self, number: int, priority: Priority) -> None:
        if (job_id := self.pick(number)) is None:
            return
        changing = self.store.set_priority(job_id, priority, who=7)
        if self.jobs[job_id].status in UNFINISHED:
            self.run(changing)
            self.jobs[job_id].priority = priority
        else:
            with pytest.raises(NotWaiting):
                self.run(changing)

    @rule(number=any_job, after=any_jobs)
    def wait_for(self, number: int, after: set[int]) -> None:
        if (job_id := self.pick(number)) is None:
            return
        firsts = {first for other in after if (first := self.pick(other))}
        try:
            self.run(self.store.set_after(job_id, firsts, who=7))
        except NotWaiting:
            assert self.jobs[job_id].status not in UNFINISHED
        except AfterItself:
            assert job_id in firsts
        except AfterCircle:
            assert any(job_id in self.needed_by(first) for first in firsts)
        else:
            assert not any(job_id in self.needed_by(first) for first in firsts)
            self.jobs[job_id].after = firsts

    def needed_by(self, job_id: int) -> set[int]:
        if self.jobs[job_id].status is COMPLETED:
            return {job_id}
        return {job_id}.union(*(self.needed_by(first) for first in self.jobs[job_id].after))

    @rule(least=priorities)
    def memory_gets_short(self, least: Priority) -> None:
        self.run(self.store.pause_below(least))
        for job in self.jobs.values():
            if job.status in (PENDING, RUNNING) and job.priority < least:
                job.move(PAUSED, PauseReason.MEMORY)

    @rule(least=priorities)
    def memory_is_back(self, least: Priority) -> None:
        self.run(self.store.resume_memory(down_to=least))
        for job in self.jobs.values():
            if job.pause is PauseReason.MEMORY and job.priority >= least:
                job.move(PENDING)

    @rule()
    def recover(self) -> None:
        self.run(self.store.recover())
        for job in self.jobs.values():
            if job.status is RUNNING:
                job.move(PENDING)

    @rule(minutes=st.integers(1, 3))
    def time_passes(self, minutes: int) -> None:
        self.minute += minutes

    @invariant()
    def all_is_as_expected(self) -> None:
        found: list[Job] = self.run(self.store.list())
        assert {
            job.id: (job.status, job.priority, job.pause_reason, set(job.after), job.generation)
            for job in found
        } == {
            job_id: (job.status, job.priority, job.pause, self.unmet(job_id), job.generation)
            for job_id, job in self.jobs.items()
        }

    def teardown(self) -> None:
        for job_id, job in self.jobs.items():
            told = [change for change in self.run(self.store.history(job_id)) if change.was != change.became]
            assert [change.became for change in told] == job.passed
            assert all(change.was is None or change.became in ALLOWED[change.was] for change in told)


def empty(connection: Connection) -> None:
    for table in (dependencies, job_history, jobs, accounts):
        connection.execute(delete(table))


def test_the_stores_keep_to_the_model(url: str) -> None:
    with asyncio.Runner() as runner:
        database = runner.run(Database.open(url, server="telegram.org"))
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            lambda: Model(runner, database),
            settings=settings(
                max_examples=EXAMPLES[url.partition("+")[0]],
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
        runner.run(database.close())
