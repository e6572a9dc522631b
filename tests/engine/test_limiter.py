"""The limiter keeps back what Telegram would refuse anyway, and nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from domain.errors import MustWait
from domain.job import WaitReason
from engine.limiter import MOST, PATIENCE, SLOW_FOR, Call, Limiter
from storage.database import Database
from storage.paces import PaceStore

CHAT, OTHER_CHAT = -1001, -1002


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def call(account: int = 1, chat: int | None = CHAT, kind: str = "send", messages: int = 100) -> Call:
    return Call(account_id=account, target_id=chat, kind=kind, messages=messages)


def flood(seconds: float) -> MustWait:
    return MustWait(seconds=seconds)


def slow(seconds: float) -> MustWait:
    return MustWait(seconds=seconds, reason=WaitReason.SLOW_MODE)


def must_wait(limiter: Limiter, told: Call, job: int = 1) -> MustWait:
    with pytest.raises(MustWait) as wait:
        limiter.book(job_id=job, **told)
    return wait.value


def test_a_flood_covers_one_kind_of_calls_of_one_account() -> None:
    clock = Clock()
    limiter = Limiter(pace=0, clock=clock)
    limiter.told_to_wait(order=flood(30), **call())
    clock.now += 10
    wait = must_wait(limiter, call())
    assert (wait.seconds, wait.reason) == (pytest.approx(20), WaitReason.FLOOD)
    assert must_wait(limiter, call(chat=OTHER_CHAT), job=2).reason is WaitReason.FLOOD
    assert limiter.book(job_id=3, **call(account=2)) == 0
    assert limiter.book(job_id=4, **call(chat=None, kind="read", messages=1)) == 0
    clock.now += 20
    assert limiter.book(job_id=1, **call()) == 0


def test_a_flood_on_reading_leaves_sending_alone() -> None:
    limiter = Limiter(pace=0, clock=Clock())
    limiter.told_to_wait(order=flood(30), **call(chat=None, kind="read", messages=1))
    assert limiter.book(job_id=1, **call()) == 0
    assert must_wait(limiter, call(chat=None, kind="read", messages=1)).reason is WaitReason.FLOOD


def test_slow_mode_covers_one_chat_and_ends() -> None:
    clock = Clock()
    limiter = Limiter(pace=0, clock=clock)
    limiter.told_to_wait(order=slow(30), **call(messages=1))
    wait = must_wait(limiter, call(messages=1))
    assert (wait.seconds, wait.reason) == (pytest.approx(30), WaitReason.SLOW_MODE)
    assert limiter.book(job_id=2, **call(chat=OTHER_CHAT)) == 0
    assert limiter.book(job_id=3, **call(account=2)) == 0
    clock.now += 30
    assert limiter.book(job_id=1, **call(messages=1)) == 0
    assert must_wait(limiter, call(messages=1)).seconds == pytest.approx(31, rel=0.02)  # it was learned
    clock.now += SLOW_FOR + 1
    for _ in range(5):
        assert limiter.book(job_id=1, **call(messages=1)) == 0


def test_the_jobs_of_an_account_take_turns() -> None:
    clock = Clock()
    limiter = Limiter(pace=3600, clock=clock)  # one message a second
    turns: list[int] = []
    comes_at = dict.fromkeys((1, 2, 3), clock.now)
    for _ in range(60):
        job = min(comes_at, key=lambda job: (comes_at[job], job))
        clock.now = comes_at[job]
        try:
            delay = limiter.book(job_id=job, **call(messages=10))
        except MustWait as wait:
            assert wait.reason is WaitReason.PACE
            comes_at[job] += wait.seconds + 0.05  # a new run of the job
            continue
        comes_at[job] += delay
        if not delay:
            turns.append(job)
            comes_at[job] += 0.01
    assert len(turns) > 12
    assert turns == [1, 2, 3] * (len(turns) // 3) + [1, 2, 3][: len(turns) % 3]


def test_a_turn_that_nobody_takes_holds_up_nobody_for_long() -> None:
    clock = Clock()
    limiter = Limiter(pace=3600, clock=clock)
    assert limiter.book(job_id=1, **call()) == 0
    assert must_wait(limiter, call(), job=2).seconds == pytest.approx(100)
    assert must_wait(limiter, call(), job=3).seconds == pytest.approx(200)
    clock.now += 102  # job 2 is gone
    assert limiter.book(job_id=3, **call()) == 0


def test_who_leaves_makes_room() -> None:
    limiter = Limiter(pace=3600, clock=Clock())
    assert limiter.book(job_id=1, **call()) == 0
    assert must_wait(limiter, call(), job=2).seconds == pytest.approx(100)
    assert limiter.ahead(job_id=3, **call()) == pytest.approx(200)
    limiter.leave(2)
    assert limiter.ahead(job_id=3, **call()) == pytest.approx(100)


def test_nothing_known_costs_nothing() -> None:
    limiter = Limiter(pace=0)
    began = time.perf_counter()
    for _ in range(10_000):
        assert limiter.book(job_id=1, **call()) == 0
        limiter.passed(**call())
    assert (time.perf_counter() - began) / 10_000 < 100e-6
    assert limiter.room(account_id=1, target_id=CHAT) == MOST


async def test_a_restart_remembers_waits_and_bounds(tmp_path: Path) -> None:
    clock = Clock()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'ferry.db'}", server="")
    try:
        before = Limiter(pace=3600, store=PaceStore(database), clock=clock)
        await before.turn(job_id=1, **call(account=2))  # written down before it goes out: no save follows
        before.told_to_wait(order=flood(3000), **call())
        before.told_to_wait(order=slow(60), **call(account=2))
        before.told_to_wait(order=flood(500), **call(chat=None, kind="read", messages=1))
        await before.save()
        clock.now += 20
        after = Limiter(pace=3600, store=PaceStore(database), clock=clock)
        await after.load()
    finally:
        await database.close()
    assert must_wait(after, call()).seconds == pytest.approx(2980)
    assert must_wait(after, call(account=2)).seconds == pytest.approx(40)
    assert must_wait(after, call(account=2, chat=OTHER_CHAT)).reason is WaitReason.PACE
    assert must_wait(after, call(chat=None, kind="read", messages=1)).seconds == pytest.approx(480)


async def test_a_kill_after_a_call_does_not_raise_the_bound(tmp_path: Path) -> None:
    clock = Clock()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'ferry.db'}", server="")
    sent, start = 0, clock.now
    try:
        for _ in range(20):  # started again every minute, never told that it ends
            limiter = Limiter(pace=1500, store=PaceStore(database), clock=clock)
            await limiter.load()
            try:
                await limiter.turn(job_id=1, **call())
                sent += 100
            except MustWait as wait:
                assert wait.seconds > PATIENCE
            clock.now += 60
    finally:
        await database.close()
    assert sent <= 100 + (clock.now - start) * 1500 / 3600


def test_a_learned_pace_makes_calls_small_unless_it_is_very_slow() -> None:
    limiter = Limiter(pace=0, clock=Clock())
    for account, seconds in ((1, 1), (2, 3), (3, 60)):
        limiter.told_to_wait(order=flood(seconds), **call(account=account))
    rooms = [limiter.room(account_id=account, target_id=CHAT) for account in (1, 2, 3, 4)]
    assert rooms == [17, 10, MOST, MOST]


def test_what_is_saved_is_json() -> None:
    limiter = Limiter(pace=0, clock=Clock())
    limiter.passed(**call())
    limiter.told_to_wait(order=flood(30), **call())
    limiter.told_to_wait(order=slow(30), **call())
    for line in limiter._lines.values():
        assert json.loads(json.dumps(line.as_json())) == line.as_json()
