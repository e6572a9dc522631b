"""Jobs that copy as fast as the limiter lets them, against one of the sandbox's hidden limits, in no time."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from domain.errors import MustWait
from engine.limiter import Limiter
from sandbox.world.limits import FloodLimit

WINDOW = 30.0
LEARNING, MEASURED = 180.0, 300.0
ACCOUNT, TARGET = 1, 5


@dataclass
class Clock:
    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """`hidden` as the sandbox applies it: a refused call is told whole seconds."""

    hidden: FloodLimit
    clock: Clock
    passed: list[tuple[float, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def wait(self, messages: int) -> int:
        """Seconds that the call is told to wait; 0 when it goes through."""
        now = self.clock.now
        if wait := math.ceil(self.hidden.wait(ACCOUNT, None, messages, now)):
            self.waits.append(now)
            return wait
        self.hidden.charge(ACCOUNT, None, messages, now)
        self.passed.append((now, messages))
        return 0


@dataclass(frozen=True)
class Outcome:
    achieved: float
    waits: int
    waits_in_learning: int


@dataclass(frozen=True)
class Copying:
    """`size` is that of the next step, cut to the limiter's room unless steps go out `whole`."""

    size: Callable[[random.Random], int]
    jobs: int = 1
    whole: bool = False


class Play:
    """Jobs of one account that always have something to send."""

    def __init__(self, *, hidden: FloodLimit, copying: Copying, seed: int) -> None:
        self.clock = Clock()
        self.world = World(hidden, self.clock)
        self.limiter = Limiter(pace=0, clock=self.clock)
        self._chance, self._copying = random.Random(seed), copying
        self._turns = itertools.count()
        self._calls: list[tuple[float, int, Iterator[float]]] = []
        self.idle(0)

    def run(self, seconds: float) -> tuple[int, int]:
        """(messages passed, calls told to wait) in that time."""
        passed, waits = len(self.world.passed), len(self.world.waits)
        end = self.clock.now + seconds
        while self._calls[0][0] < end:
            self.clock.now, _, step = heapq.heappop(self._calls)
            heapq.heappush(self._calls, (self.clock.now + next(step), next(self._turns), step))
        self.clock.now = end
        return sum(count for _, count in self.world.passed[passed:]), len(self.world.waits) - waits

    def idle(self, seconds: float) -> None:
        """All jobs are over; new ones begin after so long."""
        self.clock.now += seconds
        jobs = [next(self._turns) for _ in range(self._copying.jobs)]
        for job in jobs:
            self.limiter.leave(job)
        self._calls = [
            (self.clock.now + chance / 100, job, self._job(job)) for chance, job in enumerate(jobs)
        ]

    def _planned(self) -> int:
        size = self._copying.size(self._chance)
        room = self.limiter.room(account_id=ACCOUNT, target_id=TARGET)
        return size if self._copying.whole else min(size, room)

    def _job(self, job: int) -> Iterator[float]:
        """Seconds until it acts again. A call takes 5 to 40 ms, a new run of the job up to 60 ms."""
        chance, limiter = self._chance, self.limiter
        account = {"account_id": ACCOUNT, "target_id": TARGET}
        planned = self._planned()
        while True:
            count, planned = planned, self._planned()  # the next step is planned while this one is sent
            while True:
                try:
                    delay = limiter.book(job_id=job, messages=count, **account)
                except MustWait as told:
                    yield told.seconds + chance.uniform(0.005, 0.06)
                    continue
                if not delay:
                    break
                yield delay + chance.uniform(0, 0.003)
            yield chance.uniform(0.0025, 0.02)
            wait = self.world.wait(count)
            yield chance.uniform(0.0025, 0.02)
            if wait:
                limiter.told_to_wait(messages=count, order=MustWait(seconds=wait), **account)
                yield wait + chance.uniform(0.005, 0.06)
                planned = count  # it is in the journal: it goes out as it was
            else:
                limiter.passed(messages=count, **account)
                yield chance.uniform(0.0005, 0.005)


def learn_and_measure(*, kind: str, messages: int, copying: Copying, seed: int) -> Outcome:
    """Three minutes to learn, then ten windows."""
    play = Play(hidden=FloodLimit("*", messages, WINDOW, kind=kind), copying=copying, seed=seed)
    _, learning = play.run(LEARNING)
    passed, waits = play.run(MEASURED)
    return Outcome(passed / (messages / WINDOW * MEASURED), waits, learning)
