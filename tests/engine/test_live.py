"""A job's rate and its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.live import GRAIN, WINDOW, Speed, ends_at

NOW = datetime(2026, 5, 1, 14, 0, tzinfo=UTC)


def test_nothing_known_is_no_speed() -> None:
    speed = Speed()
    assert speed.per_second(5.0) == 0
    speed.feed(5.0, 100)
    assert speed.per_second(5.0) == 0


def test_a_steady_job() -> None:
    speed = Speed()
    for second in range(100):
        speed.feed(float(second), second * 250)
    assert speed.per_second(99.0) == pytest.approx(250)


def test_only_the_last_half_minute_counts() -> None:
    speed = Speed()
    speed.feed(0.0, 0)
    speed.feed(1.0, 50_000)
    speed.feed(100.0, 50_300)
    assert speed.per_second(100.0) == pytest.approx(300 / WINDOW)


def test_a_job_that_stands_still_slows_down_to_nothing() -> None:
    speed = Speed()
    speed.feed(0.0, 0)
    speed.feed(10.0, 1000)
    assert speed.per_second(10.0) == pytest.approx(100)
    assert speed.per_second(20.0) == pytest.approx(50)
    assert speed.per_second(41.0) == 0


def test_many_samples_take_little_memory() -> None:
    speed = Speed()
    for n in range(60_000):
        speed.feed(n * 0.005, n)
    assert len(speed._samples) <= 2 * WINDOW / GRAIN + 2
    assert speed.per_second(300.0) == pytest.approx(200, rel=0.02)


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 1000)), min_size=1, max_size=60))
def test_never_negative_and_never_more_than_was_done(steps: list[tuple[float, int]]) -> None:
    speed, at, done = Speed(), 0.0, 0
    for seconds, messages in steps:
        at, done = at + seconds, done + messages
        speed.feed(at, done)
    assert 0 <= speed.per_second(at + WINDOW / 2) * (WINDOW / 2) <= done + 1e-6


def test_the_end() -> None:
    assert ends_at(NOW, left=600, per_second=10) == NOW + timedelta(minutes=1)
    assert ends_at(NOW, left=600, per_second=0) is None
    assert ends_at(NOW, left=600, per_second=1e-9) is None
