"""What was learned is given up when it no longer holds, slowly if nothing forces it. Idling proves none."""

from __future__ import annotations

import pytest

from sandbox.world.limits import FloodLimit
from tests.unit.hidden_limit import WINDOW, Copying, Play

KINDS = ("fixed", "token")
HOUR = 3600.0


def play(kind: str, messages: int, *, window: float = WINDOW, jobs: int = 1) -> Play:
    limit = FloodLimit("*", messages, window, kind=kind)
    return Play(hidden=limit, copying=Copying(lambda chance: chance.randint(91, 100), jobs), seed=3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fewer", [1000, 1800])
def test_a_lowered_limit_is_met_after_a_few_waits(kind: str, fewer: int) -> None:
    playing = play(kind, 2000)
    playing.run(480)
    playing.world.hidden.messages = fewer
    _, waits = playing.run(300)
    assert waits <= 10
    passed, waits = playing.run(300)
    assert passed >= 0.9 * fewer * 10
    assert waits <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_raised_limit_is_found_in_time(kind: str) -> None:
    playing = play(kind, 1000)
    playing.run(480)
    playing.world.hidden.messages = 3000
    _, waits = playing.run(1.5 * HOUR)
    assert waits <= 6
    passed, waits = playing.run(300)
    assert passed >= 0.9 * 3000 * 10
    assert waits <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("busy", [5, 20, 50])
def test_idling_teaches_nothing(kind: str, busy: float) -> None:
    playing = play(kind, 1000)
    for _ in range(20):
        playing.run(busy)
        playing.idle(HOUR)
    assert playing.run(1200)[1] <= 10
    passed, waits = playing.run(300)
    assert passed >= 0.9 * 1000 * 10
    assert waits <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_the_long_waits_of_real_accounts_come_once(kind: str, jobs: int) -> None:
    """About 2,000 messages, then 30 to 50 minutes (telegram-facts 3). A call is a twentieth of that."""
    playing = play(kind, 2000, window=3000, jobs=jobs)
    _, waits = playing.run(3000)
    assert waits <= 10
    passed, waits = playing.run(8 * 3000)
    assert passed >= 0.88 * 8 * 2000
    assert waits == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_start_in_the_middle_of_a_window_is_overcome(kind: str) -> None:
    """Somebody else has used the account up: what passed before the first wait says little."""
    playing = play(kind, 1000)
    playing.world.hidden.charge(1, None, 900, playing.clock.now)
    playing.run(600)
    passed, waits = playing.run(300)
    assert passed >= 0.9 * 1000 * 10
    assert waits <= 2
