"""The limiter keeps back what Telegram would refuse anyway, and nothing else."""

from __future__ import annotations

import pytest

from domain.errors import MustWait
from domain.job import WaitReason
from engine.limiter import Limiter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_flooded_account_waits_and_no_other() -> None:
    clock = Clock()
    limiter = Limiter(pace=0, clock=clock)
    limiter.told_to_wait(1, MustWait(seconds=30))
    clock.now += 10
    with pytest.raises(MustWait) as order:
        limiter.check(1)
    assert order.value.seconds == pytest.approx(20)
    limiter.check(2)
    clock.now += 20
    limiter.check(1)


def test_slow_mode_is_about_one_chat_and_holds_the_account_back_nowhere_else() -> None:
    limiter = Limiter(pace=0, clock=Clock())
    limiter.told_to_wait(1, MustWait(seconds=30, reason=WaitReason.SLOW_MODE))
    limiter.check(1)


def test_the_pace_is_kept_over_many_batches() -> None:
    clock = Clock()
    limiter = Limiter(pace=3600, clock=clock)  # one message a second
    start, sent = clock.now, 0
    for batch in (100, 1, 50, 100):
        try:
            limiter.check(1)
        except MustWait as order:
            assert order.reason is WaitReason.PACE
            clock.now += order.seconds
        limiter.check(1)
        assert sent <= clock.now - start + 1e-6
        limiter.sent(1, batch)
        sent += batch


def test_no_pace_means_no_waiting() -> None:
    limiter = Limiter(pace=0, clock=Clock())
    limiter.sent(1, 1_000_000)
    limiter.check(1)
