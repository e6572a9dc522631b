"""Whatever calls and orders come: bounds and orders are kept, and turns come as they were booked."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.line import GRACE, Line
from engine.pace import Pace, Stage

START = 1_700_000_000.0
calls = st.tuples(
    st.integers(1, 4),  # job
    st.integers(1, 100),  # messages
    st.floats(0, 20),  # seconds until it comes
    st.sampled_from([0, 0, 0, 0, 1, 3, 30, 600]),  # seconds it is told to wait, 0: it passes
)


def _play(line: Line, played: list[tuple[int, int, float, int]]) -> list[tuple[float, int]]:
    """What went out: (time, messages). Each job that has to wait is asked again later, or never."""
    now, out = START, []
    for job, messages, pause, told in played:
        now += pause
        until = line.pace.until
        if line.join(job, messages, now) > 0:
            continue
        assert now >= until
        line.go(job, messages, now)
        out.append((now, messages))
        if told:
            line.refused(now, messages, told)
        else:
            line.passed(now, messages)
    return out


@given(st.lists(calls, max_size=80), st.floats(0.05, 50))
def test_never_more_than_the_bound(played: list[tuple[int, int, float, int]], bound: float) -> None:
    out = _play(Line(bound=bound), played)
    for (before, messages), (after, _) in pairwise(out):
        assert after - before >= messages / bound - 1e-6


@given(st.lists(calls, max_size=80))
def test_an_order_is_always_kept_and_a_pace_is_a_number(played: list[tuple[int, int, float, int]]) -> None:
    line = Line()
    _play(line, played)
    pace = line.pace
    assert (pace.rate is None) == (pace.stage is Stage.FREE)
    assert pace.rate is None or pace.rate > 0
    assert line.ready_at >= pace.until or not any(told for *_, told in played)


@given(st.lists(calls, max_size=80))
def test_the_state_survives_json(played: list[tuple[int, int, float, int]]) -> None:
    line = Line()
    _play(line, played)
    told = json.loads(json.dumps(line.as_json()))
    again = Line.from_json(told, bound=None, is_chat=False)
    assert again.pace == line.pace
    assert again.as_json() == told
    later = max(START, line.pace.until) + 3
    for pace in (again.pace, line.pace):
        pace.passed(later, 10)
        pace.refused(later + 1, 10, 5)
    assert again.pace == line.pace


@given(st.lists(st.integers(1, 100), min_size=2, max_size=8), st.floats(0.5, 20))
def test_booked_places_come_true_in_order(sizes: list[int], bound: float) -> None:
    line = Line(bound=bound)
    line.go(0, 100, START)
    due = [START + line.join(job, size, START) for job, size in enumerate(sizes, 1)]
    for job, (size, at) in enumerate(zip(sizes, due, strict=True), 1):
        line.told(job, at)
        assert line.wait(job, at - 1e-3) > 0
        assert line.join(job, size, at + 1e-5) == 0
        line.go(job, size, at)
    assert due == sorted(due)


@given(st.floats(GRACE + 0.01, 100), st.integers(1, 100))
def test_a_place_is_kept_for_a_moment_only(late: float, messages: int) -> None:
    line = Line(bound=10)
    line.go(0, 10, START)
    line.join(1, 100, START)
    line.told(1, START + 1)
    line.join(2, messages, START)
    line.told(2, START + 11 + late)
    assert line.join(2, messages, START + 1 + late) == 0


@given(st.lists(st.tuples(st.integers(1, 100), st.floats(0.001, 5)), max_size=60), st.integers(1, 5000))
@settings(max_examples=50)
def test_a_long_flood_leaves_a_pace_that_is_of_use(before: list[tuple[int, float]], wait: int) -> None:
    """About what passed in the time that it took, the wait included; half of it where calls differ much."""
    pace, now, passed = Pace(), START, 0
    for messages, pause in before:
        now += pause
        pace.passed(now, messages)
        passed += messages
    pace.refused(now + 1, 100, wait)
    assert pace.rate is not None
    assert pace.rate >= 0.45 * (passed / (now + 1 + wait - START))
