"""Decides what follows a run of a job that ended in an error. Pure: it never sleeps, sends or writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import (
    DatabaseBroken,
    FerryError,
    MustWait,
    OurFault,
    OutcomeUnknown,
    Stalled,
    Unreachable,
)
from domain.job import Failure, PauseReason, WaitReason

#: Share of a delay by which it may be longer: jobs that failed together must not come back together.
JITTER = 0.2
#: Runs that end in doubt one after the other, about four minutes, before a person is asked to look.
DOUBTS = 10
#: Runs that may end in an error of our own, in case it was a passing one.
OUR_FAULTS = 3
#: Without progress for this long, orders to wait left out, the owner is told that something is wrong.
SOFT_LIMIT = timedelta(minutes=10)
#: Without progress for this long the job fails. A night without network must not fail everybody's jobs.
HARD_LIMIT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Fixed:
    every: timedelta

    def delay(self, attempt: int) -> timedelta:
        return self.every


@dataclass(frozen=True, slots=True)
class Linear:
    """`step` longer each time, up to `longest`."""

    step: timedelta
    longest: timedelta

    def delay(self, attempt: int) -> timedelta:
        return min(self.step * attempt, self.longest)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Doubles from `first` with each attempt, up to `longest`."""

    first: timedelta
    longest: timedelta

    def delay(self, attempt: int) -> timedelta:
        doublings = min(attempt - 1, 30)  # the shift must not grow for ever
        return min(self.first * (1 << doublings), self.longest)


Strategy = Fixed | Linear | Exponential

#: Telegram, the network: soon again at first, then ever more rarely.
TROUBLE = Exponential(timedelta(milliseconds=500), timedelta(minutes=5))
#: Telegram still works on the same call (RANDOM_ID_DUPLICATE while it runs): look again in a moment.
STILL_RUNNING = Fixed(timedelta(seconds=3))
CRASH = Linear(timedelta(seconds=10), timedelta(minutes=1))
DATABASE = Exponential(timedelta(milliseconds=100), timedelta(seconds=5))


def jittered(delay: timedelta, chance: float) -> timedelta:
    """`delay`, longer by up to JITTER of it; `chance` from 0 to 1 says by how much."""
    return delay * (1 + JITTER * chance)


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


def decide(
    error: FerryError,
    *,
    attempt: int,
    now: datetime,
    stalled: timedelta = timedelta(0),
    chance: float = 0.0,
) -> Decision:
    """`attempt` counts the runs in a row that ended in this kind of error without progress, from 1.

    `stalled` is for how long there has been none, `chance` (0 to 1) spreads those that failed together.
    """

    def again(strategy: Strategy, reason: WaitReason) -> RetryAt:
        return RetryAt(now + jittered(strategy.delay(attempt), chance), reason)

    match error:
        case MustWait(seconds=seconds, reason=reason):
            return RetryAt(now + timedelta(seconds=seconds), reason)
        case OutcomeUnknown() if attempt >= DOUBTS:
            return Pause(PauseReason.UNSETTLED)
        case OutcomeUnknown(values={"reason": "RANDOM_ID_DUPLICATE"}):
            return again(STILL_RUNNING, WaitReason.UNREACHABLE)
        case Unreachable() if stalled >= HARD_LIMIT:
            return Fail(_stalled(error))
        case OutcomeUnknown() | Unreachable():
            return again(TROUBLE, WaitReason.UNREACHABLE)
        case DatabaseBroken():
            return again(DATABASE, WaitReason.TROUBLE)
        case OurFault() if attempt < OUR_FAULTS:
            return again(CRASH, WaitReason.TROUBLE)
        case _:
            return Fail(error.as_failure())


def _stalled(error: FerryError) -> Failure:
    hours = round(HARD_LIMIT.total_seconds() / 3600)
    return Stalled(
        job_id=error.values.get("job_id", ""), hours=hours, reason=error.values.get("reason", "")
    ).as_failure()
