"""Kills the engine while it copies the gallery: half at random, half around a call of faithful copying."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from sandbox.control import ControlClient, ControlError
from sandbox.scenario.gallery import Gallery
from tests.system.gallery_cells import kill
from tests.system.gallery_jobs import Job, order_gallery
from tests.system.kills import AT_RANDOM, Mischief
from tests.system.lives import Life, Lives

#: Calls that go on as long as messages are copied, and those that come once they are.
ON_THE_WAY = (
    "messages.forwardMessages",
    "messages.sendMessage",
    "messages.sendMedia",
    "messages.sendMultiMedia",
    "messages.createForumTopic",
    "channels.createChannel",
)
AT_THE_END = (
    "messages.editMessage",
    "messages.search",
    "messages.updatePinnedMessage",
    "messages.editForumTopic",
    "messages.reorderPinnedForumTopics",
    "channels.editPhoto",
    "messages.getDiscussionMessage",
)
WHEN = ("hold_before", "hold_after", "after_answer")
EARLY = 0.7  # share of the kills that come while messages are copied
RANDOMLY = 0.3
LATEST = 2  # calls of the method before the one that a kill comes with
LONGEST = 0.4  # seconds of a life that ends at random
PATIENCE = 1.0  # seconds for the call that a kill comes with
REST = 60.0  # seconds for what the kills have left over
LOOK_EVERY = 0.05  # seconds


@dataclass
class GalleryKiller:
    """`told` hears the number of each kill. The engine is dead before and after each method."""

    control: ControlClient
    lives: Lives
    random: Random
    latency: float = 0.02  # seconds that each answer takes: the room for random moments
    mischief: Sequence[Mischief] = ()
    told: Callable[[int], None] = lambda _: None
    moments: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    async def copy(self, gallery: Gallery, session: str, *, turn: int, times: int) -> None:
        """All of it to new chats; `turn` tells these rounds apart."""
        life = await self.lives.start(idle=True)
        await life.log_in((gallery.owner, session))
        jobs = await order_gallery(self.control, life, gallery, turn=turn)
        await life.kill()
        await self.kill(jobs, times)

    async def kill(self, jobs: Sequence[Job], times: int) -> None:
        """Lets the jobs end, too, and looks at what they made. Fewer kills only when they ended before."""
        await self.control.set_latency(self.latency)
        for number in range(times):
            name = await self._one(jobs, self._worst(ON_THE_WAY if number < EARLY * times else AT_THE_END))
            if not name:
                break
            self.moments[name] += 1
            self.told(self.moments.total())
            for job in jobs:
                self._note(f"after kill {self.moments.total()}, {name}", await job.wrong_so_far(self.control))
        await self.control.set_latency(0)
        life = await self.lives.start()
        for job in jobs:
            self._note("at the end", await job.wrong(self.control, life, REST))
        await life.stop()

    def _worst(self, methods: Sequence[str]) -> tuple[str, str] | None:
        """A moment around one of these calls; None for one at random."""
        if self.random.random() < RANDOMLY:
            return None
        return self.random.choice(WHEN), self.random.choice(methods)

    async def _one(self, jobs: Sequence[Job], worst: tuple[str, str] | None) -> str:
        """One life, and at which moment it ended; "" when the jobs ended before."""
        fault = None
        if worst is not None:
            skip = self.random.randint(0, LATEST)
            fault = await self.control.set_fault(worst[1], worst[0], skip=skip, discard=True)
        for mischief in self.mischief:
            await mischief.begin(self.control)
        life = await self.lives.start()
        ended = asyncio.create_task(_ended(jobs, life))
        came = asyncio.create_task(self._moment(fault))
        try:
            await asyncio.wait((ended, came), return_when=asyncio.FIRST_COMPLETED)
            if not came.done():
                return ""
            return " ".join(worst) if worst is not None and came.result() else AT_RANDOM
        finally:
            for task in (ended, came):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                    await task
            await kill(life, self.control, self.mischief)

    async def _moment(self, fault: int | None) -> bool:
        """Whether it is the worst one."""
        if fault is None:
            await asyncio.sleep(self.random.uniform(0, LONGEST))
            return False
        try:
            return bool(await self.control.wait_for_fault(fault, seconds=PATIENCE))
        except ControlError:
            return False

    def _note(self, when: str, problem: str) -> None:
        if problem:
            self.problems.append(f"{when}, {problem}")


async def _ended(jobs: Sequence[Job], life: Life) -> None:
    """Returns once nothing moves any more."""
    while not all([await job.rests(life) for job in jobs]):  # noqa: ASYNC110 - it is another process
        await asyncio.sleep(LOOK_EVERY)
