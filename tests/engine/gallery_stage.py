"""The whole gallery, cloned once for all tests that look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from domain.asker import Asker
from domain.finding import Finding
from domain.job import Job, JobKind, JobStatus
from domain.message import Skip
from domain.typed import Typed
from sandbox.compare import Comparison, compare
from sandbox.scenario.gallery import Exhibit, Gallery, build_gallery
from sandbox.scenario.shelf import Entry
from sandbox.testing import Rig
from sandbox.world import Channel, Peer, User, World
from tests.engine.workbench import Engine, mark


@dataclass
class Copy:
    """An exhibit with its copy, and what the job says of it. `below` is the same of its comments."""

    world: World
    exhibit: Exhibit
    target: Peer
    job: Job
    skips: list[Skip]
    findings: list[Finding]
    below: list[Skip] = field(default_factory=list)
    verified: list[Finding] = field(default_factory=list)  #: what Ferry's own verify finds

    def compared(self, *, but: Entry | None = None) -> Comparison:
        """What differs beyond what is declared; with `but`, also what is declared of that entry."""
        declared = dict(self.exhibit.declared)
        for number in but.ids if but else ():
            declared.pop(number, None)
        before = self.exhibit.before
        return compare(
            self.world,
            self.exhibit.peer,
            self.target,
            skipped=[skip.source_id for skip in self.skips],
            declared=declared,
            viewer=self.job.owner_id if before else None,
            before=before,
            comments=self.exhibit.comments is not None,
            skipped_comments=[skip.source_id for skip in self.below],
            profile=self.job.wishes.profile,
            strict=True,
        )


async def cloned_gallery(folder: Path) -> tuple[Gallery, dict[str, Copy]]:
    """Every exhibit by its name."""
    async with Rig() as rig:
        owner = rig.world.add_user("Wei", phone="15550001", username="wei")
        gallery = build_gallery(rig.world, owner)
        async with Engine(rig, folder) as engine:
            await engine.log_in(owner)
            engine.start()
            copies = {e.name: await _cloned(engine, rig.world, owner, e) for e in gallery.exhibits}
    return gallery, copies


async def _cloned(engine: Engine, world: World, owner: User, exhibit: Exhibit) -> Copy:
    source = world.channels[exhibit.peer[1]]
    target = _empty(world, owner, source)
    job = await engine.service.create(asker=Asker(owner.id), source=mark(source), target=mark(target))
    job = await engine.until(job, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.PAUSED)
    copy = Copy(
        world,
        exhibit,
        ("channel", target.id),
        job,
        await engine.store.skips(job.id),
        await engine.findings.page(job.id),
    )
    for other in await engine.jobs.list():
        if other.kind is JobKind.COMMENTS and other.of_job == job.id:
            await engine.until(other, JobStatus.COMPLETED)
            copy.below = await engine.store.skips(other.id)
            copy.verified += await _verified(engine, owner, other)
    copy.verified += await _verified(engine, owner, job)
    return copy


async def _verified(engine: Engine, owner: User, job: Job) -> list[Finding]:
    order = Typed(kind=JobKind.VERIFY, of_job=job.id)
    verify = await engine.service.order(order, asker=Asker(owner.id))
    await engine.until(verify, JobStatus.COMPLETED)
    return await engine.findings.page(verify.id)


def _empty(world: World, owner: User, like: Channel) -> Channel:
    """A chat of the same sort, with a discussion group if the other has one."""
    target = world.add_channel(f"Copy of {like.title}", owner, megagroup=like.megagroup, forum=like.forum)
    if like.linked and not like.megagroup:
        group = world.add_channel(f"Talk about {like.title}", owner, megagroup=True)
        target.linked, group.linked = group.id, target.id
    return target
