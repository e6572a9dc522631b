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


def learn_and_measure(
    *, kind: str, messages: int, jobs: int, seed: int, size: Callable[[random.Random], int], whole: bool
) -> Outcome:
    """`size` is that of the next step, cut to the limiter's room unless steps go out `whole`."""
    clock = Clock()
    world = World(FloodLimit("*", messages, WINDOW, kind=kind), clock)
    limiter = Limiter(pace=0, clock=clock)
    start = clock.now
    chance = random.Random(seed)
    turns = itertools.count()
    calls = [
        (start + job / 100, next(turns), _steps(limiter, world, job, chance, size, whole))
        for job in range(jobs)
    ]
    while calls[0][0] < start + LEARNING + MEASURED:
        clock.now, _, step = heapq.heappop(calls)
        heapq.heappush(calls, (clock.now + next(step), next(turns), step))
    begin = start + LEARNING
    got = sum(count for at, count in world.passed if at >= begin)
    late = sum(1 for at in world.waits if at >= begin)
    return Outcome(got / (messages / WINDOW * MEASURED), late, len(world.waits) - late)


def _steps(
    limiter: Limiter,
    world: World,
    job: int,
    chance: random.Random,
    size: Callable[[random.Random], int],
    whole: bool,
) -> Iterator[float]:
    """A job's life: seconds until it acts again. A call takes 5 to 40 ms, a new run up to 60 ms."""
    account = {"account_id": ACCOUNT, "target_id": TARGET}
    while True:
        messages = size(chance)
        while True:
            count = messages if whole else min(messages, limiter.room(**account))
            try:
                delay = limiter.book(job_id=job, messages=count, **account)
            except MustWait as told:
                yield told.seconds + chance.uniform(0.005, 0.06)
                continue
            if not delay:
                break
            yield delay + chance.uniform(0, 0.003)
        yield chance.uniform(0.0025, 0.02)
        wait = world.wait(count)
        yield chance.uniform(0.0025, 0.02)
        if wait:
            limiter.told_to_wait(messages=count, order=MustWait(seconds=wait), **account)
            yield wait + chance.uniform(0.005, 0.06)
        else:
            limiter.passed(messages=count, **account)
            yield chance.uniform(0.0005, 0.005)
