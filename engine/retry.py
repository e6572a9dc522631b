"""Decides what follows a run of a job that ended in an error. Pure: it never sleeps, sends or writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import FerryError, MustWait, OutcomeUnknown, Unreachable
from domain.job import Failure, PauseReason, WaitReason

FIRST_DELAY = timedelta(milliseconds=500)
LONGEST_DELAY = timedelta(minutes=5)
#: Runs that end in doubt one after the other, about four minutes, before a person is asked to look.
DOUBTS = 10


@dataclass(frozen=True, slots=True)
class RetryAt:
    when: datetime
    reason: WaitReason


@dataclass(frozen=True, slots=True)
class Pause:
    by: PauseReason


@dataclass(frozen=True, slots=True)
class Fail:
    failure: Failure


Decision = RetryAt | Pause | Fail


def decide(error: FerryError, *, attempt: int, now: datetime) -> Decision:
    """`attempt` counts the runs in a row that ended in this kind of error without progress, from 1."""
    match error:
        case MustWait(seconds=seconds, reason=reason):
            return RetryAt(now + timedelta(seconds=seconds), reason)
        case OutcomeUnknown() if attempt >= DOUBTS:
            return Pause(PauseReason.UNSETTLED)
        case OutcomeUnknown() | Unreachable():
            return RetryAt(now + backoff(attempt), WaitReason.UNREACHABLE)
        case _:
            return Fail(error.as_failure())


def backoff(attempt: int) -> timedelta:
    """Doubles from FIRST_DELAY with each attempt (from 1), up to LONGEST_DELAY."""
    doublings = min(attempt - 1, 20)  # beyond that it is the longest anyway, and the shift would only grow
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
