"""The arithmetic of bench.limits; the bench itself takes eight minutes."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from bench import limits
from bench.limits import Count, Plan


def test_what_was_achieved_is_counted_between_the_two_looks() -> None:
    plan = Plan(messages=1000, jobs=1, windows=10, learning=180)
    result = limits.found(plan, Count(5000, 4, 1000.0), Count(14_600, 5, 1300.0))
    assert asdict(result) == {
        "achieved_to_allowed": pytest.approx(0.96),
        "flood_waits": 1,
        "refills": pytest.approx(10),
        "flood_waits_while_learning": 4,
    }


@pytest.mark.parametrize("jobs", [1, 4])
def test_no_job_comes_to_its_end_before_the_measuring(jobs: int) -> None:
    plan = Plan(messages=1000, jobs=jobs, windows=10, learning=180)
    assert plan.source_messages * jobs > 1000 * (10 + 6 + 2)


def test_there_is_a_row_for_each_limit_and_one_for_what_is_wanted() -> None:
    plan = Plan(messages=1000, jobs=2, windows=10, learning=180)
    result = limits.found(plan, Count(0, 0, 0.0), Count(10_000, 0, 300.0))
    assert limits.table(plan, dict.fromkeys(limits.KINDS, result)).row_count == len(limits.KINDS) + 1
