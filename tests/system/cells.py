"""Runs cells of the fault matrix side by side in one engine, and says what is wrong with how they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.compare import Comparison
from sandbox.control import ControlClient
from sandbox.world.random_ids import MODES
from tests.system.copies import mark
from tests.system.engine_child import Standing
from tests.system.lives import Life
from tests.system.matrix import MESSAGES, Cell, Site

#: Seconds from a job's start to its rest; less than the minute after which a call that hangs is given up.
DEADLINE = 55.0
#: Some in a row are equal.
TEXTS = ["ok" if n % 7 in (2, 3) else f"message {n}" for n in range(MESSAGES)]
#: Reasons that are no loss: there was nothing to copy, or nothing any more.
NOTHING_LOST = {"service", "deleted"}


@dataclass(frozen=True, slots=True)
class Verdict:
    cell: Cell
    mode: str  # how its target remembers random ids
    standing: Standing  # at its first rest
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.cell} ({self.mode}): {'; '.join(self.problems) or 'as it should be'}"


async def judged(
    cells: Sequence[Cell],
    *,
    control: ControlClient,
    life: Life,
    told: Callable[[Verdict], None] = lambda _: None,
) -> list[Verdict]:
    """What came of each. `life` is idle; afterwards it works."""
    sites = await asyncio.gather(*(_site(control, cell, number) for number, cell in enumerate(cells)))
    await life.log_in(*[(site.user, await control.session(site.user)) for site in sites])
    runs = []
    for number, (cell, site) in enumerate(zip(cells, sites, strict=True)):
        mode = MODES[number % len(MODES)]
        await control.set_random_id_mode(mode, site.target)
        job = await life.order(site.user, mark(site.source), mark(site.target))
        faults = [await control.set_fault(**fields) for fields in cell.faults(site)]
        runs.append(Run(cell, site, mode, job, faults, control, life, told))
    await life.work()
    return await asyncio.gather(*(run.verdict() for run in runs))


async def _site(control: ControlClient, cell: Cell, number: int) -> Site:
    """An account that owns both chats, of which the target is still empty."""
    user = (await control.add_user(f"Owner of {cell}", premium=True)).id
    target = await control.add_channel(f"Target of {cell}", user)
    if cell.in_group:
        source = await control.add_group(f"Source of {cell}", user)
        return Site(user, source, target, await control.post(source, user, TEXTS))
    source = await control.add_channel(f"Source of {cell}", user)
    return Site(user, source, target, await control.fill(source, messages=MESSAGES, seed=number, replies=0))


@dataclass(frozen=True, slots=True)
class Run:
    """One cell's job."""

    cell: Cell
    site: Site
    mode: str
    job: int
    faults: list[int]
    control: ControlClient
    life: Life
    told: Callable[[Verdict], None]

    async def verdict(self) -> Verdict:
        standing = await self.life.until_it_rests(self.job, DEADLINE)
        problems = self._of_the_ending(standing) + await self._of_the_copy(standing)
        problems += [f"fault {n} met no call" for n in self.faults if not await self.control.fault_hits(n)]
        if not problems and self.cell.ending.mends is not None:
            problems = [f"afterwards {problem}" for problem in await self._mended()]
        verdict = Verdict(self.cell, self.mode, standing, tuple(problems))
        self.told(verdict)
        return verdict

    def _of_the_ending(self, standing: Standing) -> list[str]:
        ending = self.cell.ending
        if standing.status != ending.status:
            return [
                f"{standing.status} and not {ending.status} {standing.pause_reason or ''} {standing.failure}"
            ]
        if standing.status == "paused" and standing.pause_reason != "account":
            return [f"paused by {standing.pause_reason}"]
        if standing.status == "completed":
            return []
        if ending.blamed and f"“{ending.blamed.title()} of {self.cell}”" not in standing.failure:
            return [f"the failure does not name the {ending.blamed}: {standing.failure}"]
        return [] if standing.failure else ["no reason is given"]

    async def _of_the_copy(self, standing: Standing) -> list[str]:
        """All of it when completed; or else everything up to some message, and nothing behind it."""
        site = self.site
        found = await self.control.compare(site.source, site.target, viewer=site.user)
        problems = [
            f"{finding.count} {name}"
            for name, finding in (
                ("doubled", found.doubled),
                ("out of order", found.out_of_order),
                ("foreign", found.foreign),
            )
            if finding.count
        ]
        if found.different:
            problems.append(f"{found.different} different")
        lost = [skip for skip in await self.life.skips(self.job) if skip[1] not in NOTHING_LOST]
        if lost:
            problems.append(f"skipped {lost}")
        if standing.status == "completed" and found.missing.count:
            problems.append(f"{found.missing.count} missing")
        return problems + self._of_the_gaps(found)

    def _of_the_gaps(self, found: Comparison) -> list[str]:
        if not found.missing.count:
            return []
        gone = set(self.cell.deleted(self.site))
        before = sum(i < found.missing.first[0] and i not in gone for i in self.site.ids)
        return [] if found.copied == before else [f"a gap from message {found.missing.first[0]} on"]

    async def _mended(self) -> list[str]:
        """What is wrong once a person has given back what was taken away."""
        user = self.site.user
        if self.cell.ending.mends == "login":
            await self.life.log_in((user, await self.control.session(user)))
        else:
            for chat in (self.site.source, self.site.target):
                await self.control.set_member(chat, user, "creator")
            await self.life.resume(user, self.job)
        standing = await self.life.until_it_rests(self.job, DEADLINE)
        if standing.status != "completed":
            return [f"{standing.status} and not completed: {standing.failure}"]
        return await self._of_the_copy(standing)
