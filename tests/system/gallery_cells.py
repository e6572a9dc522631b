"""Runs cells of the gallery's matrix side by side in one engine, and says what is wrong with how they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sandbox.compare import Comparison
from sandbox.control import ControlClient, ControlError
from sandbox.world import Peer
from sandbox.world.random_ids import MODES
from tests.system.cells import DEADLINE, NOTHING_LOST
from tests.system.copies import mark
from tests.system.engine_child import Standing
from tests.system.gallery_matrix import GalleryCell
from tests.system.gallery_worlds import Place, build
from tests.system.kills import Mischief
from tests.system.lives import Life, Lives

#: Of what a job's findings may tell: what the closing changes make equal.
CLOSING = {"link"}
LATEST = 12  # calls of a life before it is killed again
SOON = 3.0  # seconds until then, where a life makes fewer calls
EVERYTHING = 200  # messages shown at once, and more than a copy here has


@dataclass(frozen=True, slots=True)
class Verdict:
    cell: GalleryCell
    mode: str  # how its target remembers random ids
    problems: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.cell} ({self.mode}): {'; '.join(self.problems) or 'as it should be'}"


@dataclass(frozen=True, slots=True)
class Run:
    """One cell's job."""

    cell: GalleryCell
    site: Place
    mode: str
    job: int
    fault: int
    control: ControlClient

    async def verdict(self, life: Life, *, met: bool) -> Verdict:
        """`met`: whether a call met the trouble."""
        expected = self.cell.expected
        standing = await self.rest(life)
        problems = self._of_the_ending(standing)
        problems += await self._of_the_copy(life, standing, told=expected.told)
        if not met:
            problems.append("the fault met no call")
        if not problems and expected.ending.mends is not None:
            problems = [f"afterwards {problem}" for problem in await self._mended(life)]
        return Verdict(self.cell, self.mode, tuple(problems))

    async def rest(self, life: Life) -> Standing:
        """Of the job and, once it is completed, of that which belongs to it."""
        standing = await life.until_it_rests(self.job, DEADLINE)
        if standing.status == "completed":
            for job in await life.about(self.job):
                standing = await life.until_it_rests(job, DEADLINE)
        return standing

    def _of_the_ending(self, standing: Standing) -> list[str]:
        ending = self.cell.expected.ending
        if standing.status != ending.status:
            why = f"{standing.pause_reason or ''} {standing.failure}"
            return [f"{standing.status} and not {ending.status} {why}"]
        if standing.status == "paused" and standing.pause_reason != "account":
            return [f"paused by {standing.pause_reason}"]
        if ending.blamed and f"“{ending.blamed.title()} of {self.cell}" not in standing.failure:
            return [f"the failure does not name the {ending.blamed}: {standing.failure}"]
        return []

    async def _of_the_copy(self, life: Life, standing: Standing, *, told: bool) -> list[str]:
        """All of it when completed; or else everything up to some message, and nothing behind it."""
        target = self.site.target or await life.target(self.job)
        problems = await self._of_the_chats()
        if target is None:
            return problems + (["nothing was made"] if standing.status == "completed" else [])
        found = await self.control.compare(self.site.source, target, **self.site.compare)
        completed = standing.status == "completed"
        problems += messages_wrong(found, completed=completed, told=told)
        if completed and not told and not found.same:
            problems.append(f"not the same: {found}")
        problems += self._of_the_gap(found)
        problems += await self._of_the_services(target, least=completed and not told)
        jobs = [self.job, *await life.about(self.job)]
        lost = [s for job in jobs for s in await life.skips(job) if s[1] not in NOTHING_LOST]
        findings = [f for job in jobs for f in await life.findings(job)]
        if bool(findings) != told:
            problems.append(f"findings: {findings}")
        return problems + ([f"skipped {lost}"] if lost else [])

    def _of_the_gap(self, found: Comparison) -> list[str]:
        if not found.missing.count:
            return []
        first = found.missing.first[0]
        return (
            []
            if sum(i >= first for i in self.site.ids) == found.missing.count
            else [f"a gap from {first} on"]
        )

    async def _of_the_services(self, target: Peer, *, least: bool) -> list[str]:
        """Each topic, pin, title, photo leaves one: more were made twice."""
        shown = await self.control.messages(target, self.site.user, limit=EVERYTHING)
        count = sum(message.kind == "service" for message in shown)
        wrong = count > self.site.services or (least and count < self.site.services)
        return [f"{count} service messages and not {self.site.services}"] if wrong else []

    async def _of_the_chats(self) -> list[str]:
        """A chat that is made twice is the worst that may happen to somebody's account."""
        titles = [chat.title for chat in await self.control.chats()]
        count = titles.count(f"Source of {self.site.title}")
        more = count - self.site.namesakes
        return [f"{more} chats too many"] if more > 0 else []

    async def _mended(self, life: Life) -> list[str]:
        """What is wrong once a person has given back what was taken away."""
        user, mends = self.site.user, self.cell.expected.ending.mends
        if mends == "login":
            await life.log_in((user, await self.control.session(user)))
        else:
            for chat in (self.site.source, self.site.target, *(self.site.below or ())):
                if chat is not None:
                    await self.control.set_member(chat, user, "creator")
            for job in (self.job, *await life.about(self.job)):
                if (await life.standing(job)).status == "failed":
                    await life.resume(user, job)
        standing = await self.rest(life)
        if standing.status != "completed":
            return [f"{standing.status} and not completed: {standing.failure}"]
        return await self._of_the_copy(life, standing, told=False)


def messages_wrong(found: Comparison, *, completed: bool, told: bool = False) -> list[str]:
    """What may never be, not even on the way. Links and comments are mended at the end."""
    sorts = {"doubled": found.doubled, "out of order": found.out_of_order, "foreign": found.foreign}
    if completed:
        sorts["missing"] = found.missing
    problems = [f"{name} {finding.first}" for name, finding in sorts.items() if finding.count]
    leave = set() if completed and not told else CLOSING
    if wrong := [difference for difference in found.differences if set(difference.what) - leave]:
        problems.append(f"different: {wrong}")
    if found.comments is not None:
        problems += messages_wrong(found.comments, completed=completed)
    return problems


async def prepared(
    cells: Sequence[GalleryCell], *, control: ControlClient, life: Life, turn: int
) -> list[Run]:
    """Ordered, with their trouble waiting for them. `life` is idle."""
    sites = await asyncio.gather(*(build(control, cell.deed.world, f"{cell}, turn {turn}") for cell in cells))
    await life.log_in(*[(site.user, await control.session(site.user)) for site in sites])
    runs = []
    for number, (cell, site) in enumerate(zip(cells, sites, strict=True)):
        mode = MODES[(number + turn) % len(MODES)]
        for chat in (site.target, *(site.below or ())):
            if chat is not None:
                await control.set_random_id_mode(mode, chat)
        target = mark(site.target) if site.target is not None else ""
        job = await life.order(site.user, mark(site.source), target, **site.order)
        (fault,) = [await control.set_fault(**fields) for fields in cell.faults(site)]
        runs.append(Run(cell, site, mode, job, fault, control))
    return runs


async def judged(
    cells: Sequence[GalleryCell],
    *,
    control: ControlClient,
    lives: Lives,
    turn: int = 0,
    told: Callable[[Verdict], None] = lambda _: None,
) -> list[Verdict]:
    """What came of each; none of them kills. The engine is dead before and after it.

    Another `turn` gives each another mode of random ids.
    """
    life = await lives.start(idle=True)
    runs = await prepared(cells, control=control, life=life, turn=turn)
    await life.work()

    async def verdict(run: Run) -> Verdict:
        await run.rest(life)
        found = await run.verdict(life, met=bool(await control.fault_hits(run.fault)))
        told(found)
        return found

    verdicts = await asyncio.gather(*map(verdict, runs))
    await life.stop()
    await control.clear_faults()
    return verdicts


async def killed_and_judged(
    cells: Sequence[GalleryCell],
    *,
    control: ControlClient,
    lives: Lives,
    random: Random,
    turn: int = 0,
    told: Callable[[Verdict], None] = lambda _: None,
) -> list[Verdict]:
    """What came of each; all of them kill. The engine is dead before and after it.

    All jobs are brought to where their cells want them, killed at once, and killed again soon after the
    next life has begun to settle what it found.
    """
    life = await lives.start(idle=True)
    runs = await prepared(cells, control=control, life=life, turn=turn)
    await life.work()
    met = await asyncio.gather(*(_met(control, run.fault, DEADLINE) for run in runs))
    await kill(life, control)
    settling = [
        await control.set_fault(
            "*", "hold_before", user=run.site.user, skip=random.randint(0, LATEST), discard=True
        )
        for run in runs
    ]
    life = await lives.start()
    await asyncio.gather(*(_met(control, fault, SOON) for fault in settling))
    await kill(life, control)
    life = await lives.start()
    verdicts = await asyncio.gather(*(r.verdict(life, met=m) for r, m in zip(runs, met, strict=True)))
    for verdict in verdicts:
        told(verdict)
    await life.stop()
    return verdicts


async def _met(control: ControlClient, fault: int, seconds: float) -> bool:
    try:
        return bool(await control.wait_for_fault(fault, seconds=seconds))
    except ControlError:
        return False


async def kill(life: Life, control: ControlClient, mischief: Sequence[Mischief] = ()) -> None:
    """What the dead had asked for and was held ends in nothing."""
    await life.kill()
    async with asyncio.timeout(DEADLINE):
        while (await control.statistics()).connections:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.002)
    for trouble in mischief:
        await trouble.end(control)
    await control.clear_faults()
