"""What follows each kind of error."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    DatabaseBroken,
    FerryError,
    MustWait,
    OurFault,
    OutcomeUnknown,
    ProtectedSource,
    SourceLost,
    TelegramError,
    Unreachable,
)
from domain.job import PauseReason, WaitReason
from engine.retry import (
    DOUBTS,
    HARD_LIMIT,
    JITTER,
    OUR_FAULTS,
    TROUBLE,
    Exponential,
    Fail,
    Fixed,
    Linear,
    Pause,
    RetryAt,
    Strategy,
    decide,
    jittered,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("reason", [WaitReason.FLOOD, WaitReason.SLOW_MODE, WaitReason.PACE])
def test_an_order_to_wait_is_obeyed_to_the_second(reason: WaitReason) -> None:
    decision = decide(MustWait(seconds=1386, reason=reason), attempt=99, now=NOW)
    assert decision == RetryAt(NOW + timedelta(seconds=1386), reason)


def test_doubt_is_settled_soon_and_shown_to_a_person_in_the_end() -> None:
    error = OutcomeUnknown(reason="TIMEOUT")
    first = decide(error, attempt=1, now=NOW)
    assert first == RetryAt(NOW + TROUBLE.first, WaitReason.UNREACHABLE)
    last = decide(error, attempt=DOUBTS, now=NOW)
    assert isinstance(last, Pause)
    assert last.by is PauseReason.UNSETTLED


def test_an_unreachable_telegram_is_tried_ever_more_rarely() -> None:
    decision = decide(Unreachable(reason="no route"), attempt=10_000, now=NOW)
    assert decision == RetryAt(NOW + TROUBLE.longest, WaitReason.UNREACHABLE)


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


def test_after_a_day_without_progress_the_job_fails_with_a_sentence() -> None:
    error = Unreachable(reason="no route", job_id=3)
    waiting = decide(error, attempt=10_000, now=NOW, stalled=HARD_LIMIT - timedelta(seconds=1))
    assert isinstance(waiting, RetryAt)
    failed = decide(error, attempt=10_000, now=NOW, stalled=HARD_LIMIT)
    assert isinstance(failed, Fail)
    assert str(failed.failure) == (
        "Job 3 has got no further for 24 hours (no route). Put right what that says, then /retry 3."
    )


def test_an_error_of_our_own_is_tried_again_a_few_times() -> None:
    error = OurFault(job_id=3)
    tries = [decide(error, attempt=attempt, now=NOW) for attempt in range(1, OUR_FAULTS + 1)]
    assert [isinstance(decision, RetryAt) for decision in tries] == [True] * (OUR_FAULTS - 1) + [False]


def test_trouble_with_the_database_fails_no_job() -> None:
    decision = decide(DatabaseBroken(url="x", reason="full"), attempt=10_000, now=NOW, stalled=HARD_LIMIT)
    assert isinstance(decision, RetryAt)


strategies = st.one_of(
    st.builds(Fixed, st.timedeltas(timedelta(0), timedelta(hours=1))),
    st.builds(Linear, *[st.timedeltas(timedelta(seconds=1), timedelta(hours=1))] * 2),
    st.builds(Exponential, *[st.timedeltas(timedelta(milliseconds=1), timedelta(hours=1))] * 2),
)


@given(strategies, st.integers(1, 100_000), st.floats(0, 1))
def test_no_strategy_ever_gets_shorter_or_longer_than_its_longest(
    strategy: Strategy, attempt: int, chance: float
) -> None:
    delay, following = strategy.delay(attempt), strategy.delay(attempt + 1)
    assert delay <= following
    if not isinstance(strategy, Fixed):
        assert following <= strategy.longest
    assert delay <= jittered(delay, chance) <= delay * (1 + JITTER) + timedelta(microseconds=1)


def test_each_strategy_grows_in_its_own_way() -> None:
    second = timedelta(seconds=1)

    def delays(strategy: Strategy) -> list[float]:
        return [strategy.delay(attempt).total_seconds() for attempt in (1, 2, 3, 4)]

    assert delays(Fixed(second)) == [1, 1, 1, 1]
    assert delays(Linear(second, 3 * second)) == [1, 2, 3, 3]
    assert delays(Exponential(second, 5 * second)) == [1, 2, 4, 5]
