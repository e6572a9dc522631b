"""Runs that lead nowhere are counted per kind of error; orders to wait are none of them."""

from __future__ import annotations

from datetime import timedelta

from domain.errors import OutcomeUnknown, Unreachable
from engine.retry import SOFT_LIMIT
from engine.stall import Stalls

SOFT = SOFT_LIMIT.total_seconds()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_or_another_kind_of_error_begins_to_count_anew() -> None:
    clock = Clock()
    stalls = Stalls(clock=clock)
    lost, doubt = Unreachable(reason="x"), OutcomeUnknown(reason="x")
    assert stalls.count(1, lost, done=0) == (1, timedelta(0))
    clock.now = 5
    assert stalls.count(1, lost, done=0) == (2, timedelta(seconds=5))
    assert stalls.count(1, doubt, done=0) == (1, timedelta(seconds=5))
    assert stalls.count(2, lost, done=0) == (1, timedelta(0))
    assert stalls.count(1, doubt, done=100) == (1, timedelta(0))


def test_the_owner_is_told_once_after_the_soft_limit() -> None:
    clock = Clock()
    stalls = Stalls(clock=clock)
    stalls.count(1, Unreachable(reason="x"), done=0)
    assert not stalls.is_due(1)
    clock.now = SOFT
    assert stalls.is_due(1)
    assert not stalls.is_due(1)
    stalls.count(1, Unreachable(reason="x"), done=7)
    clock.now += SOFT
    assert stalls.is_due(1)


def test_time_that_telegram_ordered_us_to_wait_is_no_stall() -> None:
    clock = Clock()
    stalls = Stalls(clock=clock)
    stalls.count(1, Unreachable(reason="x"), done=0)
    stalls.waited(1, 10 * SOFT)
    clock.now = 10 * SOFT
    assert not stalls.is_due(1)
    assert stalls.count(1, Unreachable(reason="x"), done=0) == (2, timedelta(0))
    stalls.forget(1)
    assert not stalls.is_due(1)
