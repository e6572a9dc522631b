"""What follows each kind of error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import (
    FerryError,
    MustWait,
    OutcomeUnknown,
    ProtectedSource,
    SourceLost,
    TelegramError,
    Unreachable,
)
from domain.job import PauseReason, WaitReason
from engine.retry import DOUBTS, FIRST_DELAY, LONGEST_DELAY, Fail, Pause, RetryAt, backoff, decide

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("reason", [WaitReason.FLOOD, WaitReason.SLOW_MODE, WaitReason.PACE])
def test_an_order_to_wait_is_obeyed_to_the_second(reason: WaitReason) -> None:
    decision = decide(MustWait(seconds=1386, reason=reason), attempt=99, now=NOW)
    assert decision == RetryAt(NOW + timedelta(seconds=1386), reason)


def test_doubt_is_settled_soon_and_shown_to_a_person_in_the_end() -> None:
    error = OutcomeUnknown(reason="TIMEOUT")
    first = decide(error, attempt=1, now=NOW)
    assert first == RetryAt(NOW + FIRST_DELAY, WaitReason.UNREACHABLE)
    last = decide(error, attempt=DOUBTS, now=NOW)
    assert isinstance(last, Pause)
    assert last.by is PauseReason.UNSETTLED


def test_an_unreachable_telegram_is_never_given_up() -> None:
    decision = decide(Unreachable(reason="no route"), attempt=10_000, now=NOW)
    assert decision == RetryAt(NOW + LONGEST_DELAY, WaitReason.UNREACHABLE)


@pytest.mark.parametrize(
    "error",
    [
        SourceLost(title="News", reason="CHANNEL_PRIVATE", job_id=3),
        ProtectedSource(title="News"),
        TelegramError(reason="SOMETHING_NEW"),
        FerryError(),
    ],
)
def test_what_waiting_cannot_mend_fails_with_its_sentence(error: FerryError) -> None:
    decision = decide(error, attempt=1, now=NOW)
    assert isinstance(decision, Fail)
    assert str(decision.failure) == str(error)


def test_the_delay_doubles_up_to_the_longest() -> None:
    delays = [backoff(attempt) for attempt in range(1, 30)]
    assert delays[:4] == [FIRST_DELAY * factor for factor in (1, 2, 4, 8)]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY
