"""Kills the engine again and again while it copies: half at random moments, half at the worst ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from sandbox.control import ControlClient, ControlError
from tests.system.copies import Copy, mark
from tests.system.lives import Lives

SENDING, READING = "messages.forwardMessages", "messages.getHistory"
#: Exactly before the commit, exactly between commit and answer, right after the answer.
MOMENTS = [
    (action, call) for call in (SENDING, READING) for action in ("hold_before", "hold_after", "after_answer")
]
AT_RANDOM = "at random"
#: Messages of one call, as albums let it be.
BATCH = 95
#: Share of the messages that the kills are spread over: the rest is there for those that came early.
SPREAD = 0.7
#: How many times longer than planned lives may last where they do not get on.
SLOWEST = 2
#: Answers that a life waits for, one after the other, before it sends: connecting, settling, reading.
WAKING = 8
PATIENCE = 40.0  # seconds for a call that a kill waits for


class Mischief(Protocol):
    """Trouble beside the kills: `begin` comes before each life, `end` after it."""

    async def begin(self, control: ControlClient) -> None: ...

    async def end(self, control: ControlClient) -> None: ...


@dataclass(frozen=True, slots=True)
class Kill:
    number: int
    moment: str
    left: int  # messages still to be copied when it came


@dataclass
class Killer:
    """`told` hears of each kill. The engine is dead before and after each method."""

    control: ControlClient
    lives: Lives
    copies: Sequence[Copy]
    random: Random
    latency: float = 0.03  # seconds that each answer takes: the room for random moments
    mischief: Sequence[Mischief] = ()
    told: Callable[[Kill], None] = lambda _: None
    moments: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)  # found by the comparison after each kill

    async def order(self, owner: int, session: str) -> list[int]:
        """A job for each copy; none of them has begun."""
        life = await self.lives.start(idle=True)
        await life.log_in((owner, session))
        jobs = [await life.order(owner, mark(copy.source), mark(copy.target)) for copy in self.copies]
        await life.kill()
        return jobs

    async def kill(self, times: int) -> int:
        """How many it became: fewer only when everything was copied before."""
        await self.control.set_latency(self.latency)
        worst = [MOMENTS[n % len(MOMENTS)] for n in range(times // 2)]
        moments: list[tuple[str, str] | None] = [*worst, *[None] * (times - len(worst))]
        self.random.shuffle(moments)
        left, planned, done = await self._left(), 1.0, 1.0
        for number, moment in enumerate(moments, 1):
            pace = SPREAD * left / BATCH / (times - number + 1)  # batches for each kill that is still to come
            # Refused messages and other trouble take calls and time, too.
            if not left or not await self._one(moment, pace * min(max(1, planned / done), SLOWEST)):
                return number - 1
            before, left = left, await self._left()
            planned, done = planned + pace, done + (before - left) / BATCH
            name = AT_RANDOM if moment is None else " ".join(moment)
            self.moments[name] += 1
            await self._compare(f"after kill {number}, {name}")
            self.told(Kill(number, name, left))
        return times

    async def _one(self, moment: tuple[str, str] | None, pace: float) -> bool:
        """One life and its end; False when the moment did not come."""
        skip = int(self.random.uniform(0, min(2 * pace, await self._left() / BATCH / 2)))
        fault = None
        if moment is not None:
            fault = await self.control.set_fault(moment[1], moment[0], skip=skip, discard=True)
        for mischief in self.mischief:
            await mischief.begin(self.control)
        life = await self.lives.start()
        try:
            if fault is None:
                await self._wait_a_while(pace)
            else:
                await self.control.wait_for_fault(fault, seconds=PATIENCE)
        except ControlError:
            return False  # no such call is made any more
        finally:
            await life.kill()
            await self._noticed()
            for mischief in self.mischief:
                await mischief.end(self.control)
            await self.control.clear_faults()  # a held call of the dead ends in nothing, if it held before
        return True

    async def _wait_a_while(self, pace: float) -> None:
        per_batch = 0.005 + 1.5 * self.latency / len(self.copies)
        longest = 1.5 * WAKING * self.latency + 4 * pace * per_batch
        await asyncio.sleep(self.random.uniform(0, longest))

    async def _compare(self, when: str) -> None:
        """What is there must be as at the source; what is missing may still come."""
        for copy in self.copies:
            if problem := copy.problem(await copy.compare(self.control), at_the_end=False):
                self.problems.append(f"{when}, {problem}")

    async def _noticed(self) -> None:
        """Until Telegram knows that nobody is there any more."""
        async with asyncio.timeout(PATIENCE):
            while (await self.control.statistics()).connections:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.002)

    async def _left(self) -> int:
        """Messages that are still to be copied."""
        copied = await asyncio.gather(*(copy.copied(self.control) for copy in self.copies))
        return max(0, sum(len(copy.ids) for copy in self.copies) - sum(copied))
