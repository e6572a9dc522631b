"""What goes wrong in the demo: Telegram tells the account to wait, and the service is killed in mid-call."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from cli.demonstration.clock import Clock
from cli.demonstration.screen import Screen
from cli.demonstration.stage import Plan, Stage
from cli.demonstration.waiting import until
from cli.demonstration.watching import Watcher
from domain.job import JobStatus
from sandbox.control import ControlError

SENDING = "messages.forwardMessages"
#: Messages that one such call carries on average in the demo's channels (measured).
A_CALL = 17
#: When it happens, as a share of all calls. What passed before the wait is the pace that the engine keeps
#: from then on: the sooner it comes, the longer the demo takes.
FLOOD_AT, KILL_AT = 0.4, 0.6
FLOOD_SECONDS = 5
#: Seconds for which the service stays dead, so that it is seen.
DEAD = 2.0
#: Seconds that the service may take to come back and the bot to speak.
PATIENCE = 60.0
#: Stands in what the bot says after a restart.
RESTARTED = "restarted"


@dataclass(slots=True)
class Mishaps:
    """`ordered` is set once all orders are answered, `over` when no job will move any more."""

    plan: Plan
    stage: Stage
    watcher: Watcher
    screen: Screen
    clock: Clock = field(default_factory=Clock)
    killed_at: int | None = None
    standstill: str = ""  #: why nothing moves
    ordered: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _flood: int = 0
    _hold: int = 0

    async def prepare(self) -> None:
        """Tells the sandbox beforehand at which calls, so that nothing depends on how fast we look."""
        calls = self.plan.all_messages / A_CALL
        self._flood = await self.stage.control.set_fault(
            SENDING, "flood", seconds=FLOOD_SECONDS, skip=round(calls * FLOOD_AT)
        )
        if self.plan.kill:
            # Telegram carries the call out and the answer never comes: the worst moment for a kill.
            self._hold = await self.stage.control.set_fault(
                SENDING, "hold_after", skip=round(calls * KILL_AT)
            )

    async def happen(self) -> None:
        if await self._met(self._flood):
            self.clock.waits.append((time.time(), time.time() + FLOOD_SECONDS))
            self.screen.tell(
                f"Telegram tells the account to wait for {FLOOD_SECONDS} s: all jobs wait", "yellow"
            )
        if self.plan.kill and await self._met(self._hold):
            await self.ordered.wait()
            await self._kill_and_restart()

    async def _met(self, fault: int) -> bool:
        """Waits until a call meets the fault; False when the jobs end before."""
        while not self.over.is_set():
            try:
                return bool(await self.stage.control.wait_for_fault(fault, seconds=1))
            except ControlError:
                continue  # not yet
        return False

    async def _kill_and_restart(self) -> None:
        stage, said = self.stage, await self.stage.chat.last_id()
        await stage.service.kill()
        killed = time.time()
        self.standstill = "the service is dead"
        jobs = await self.watcher.jobs()
        self.killed_at = sum(job.progress.copied for job in jobs)
        self.screen.tell(
            f"kill -9: the service is dead in mid-call, with {self.killed_at:,} messages copied", "bold red"
        )
        await stage.control.release_fault(self._hold)
        await asyncio.sleep(DEAD)
        await stage.service.start()
        self.standstill = "the service is starting"
        self.screen.tell("Started the service again, and nothing else: it has to find its way by itself")
        before = {job.id: job.generation for job in jobs}

        async def works_again() -> bool:
            stage.check()
            return any(
                job.status is JobStatus.RUNNING and job.generation > before[job.id]
                for job in await self.watcher.jobs()
            )

        async def news() -> list[str]:
            stage.check()
            return [text for text in await stage.chat.heard(after=said) if RESTARTED in text]

        await until(works_again, what="No job went on", seconds=PATIENCE)
        self.clock.down.append((killed, time.time()))
        self.standstill = ""
        told = await until(news, what="The bot did not say where the jobs go on", seconds=PATIENCE, every=0.3)
        self.screen.say("bot", told[0])
