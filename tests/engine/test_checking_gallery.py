"""Damage of every sort: verify finds just that, repair mends it, the next verify is clean."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from domain.finding import FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus
from domain.typed import Typed
from sandbox.scenario.gallery import Exhibit, build_gallery
from sandbox.world import Channel, Message, World
from storage.message_map import Mapped
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.workbench import mark


@dataclass
class Damage:
    """Done to one copy. `planted` is what a verify has to find: kind, source id and target id."""

    world: World
    owner: int
    job: Job
    rows: list[Mapped]
    planted: set[tuple[FindingKind, int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.source, self.target = (
            ("channel", self.job.source.peer.id),
            ("channel", self.job.target.peer.id),
        )
        self.topics = [row for row in self.rows if self.copy(row).service == "topic"]
        self.rows = [row for row in self.rows if not self.copy(row).service]
        random.Random(self.job.id).shuffle(self.rows)

    def copy(self, row: Mapped) -> Message:
        return self.world.boxes[self.target].by_id[row.target_id]

    def plant(self) -> None:
        self._unset()
        self._each(4, lambda row: True, self._lose)
        self._each(3, self._is_plain, self._vandalise)
        self._each(2, self._is_own, self._edit)
        self._each(2, self._is_own, self._delete)
        self._each(3, lambda row: len(self.copy(row).text) >= 20 or bool(self.copy(row).media), self._double)

    def _unset(self) -> None:
        """Of what holds the chat together, as far as the job is to see to it: comments' jobs set nothing."""
        channel = self.world.channels[self.target[1]]
        if self.job.wishes.pins:
            self._each(1, lambda row: self.copy(row).pinned, self._unpin)
        for row in self.topics[:3]:
            self.world.edit_topic(self.owner, self.target, row.target_id, title=f"Another {row.source_id}")
            self.planted.add((FindingKind.SETTING, row.source_id, row.target_id))
        channel.pinned_topics.reverse()
        if self.job.wishes.profile:
            self.world.set_title(self.owner, self.target, "Somebody's joke")
            self.planted.add((FindingKind.SETTING, 0, 0))

    def _each(self, most: int, fits: Callable[[Mapped], bool], do: Callable[[Mapped], None]) -> None:
        for row in [row for row in self.rows if fits(row)][:most]:
            self.rows.remove(row)
            do(row)

    def _unpin(self, row: Mapped) -> None:
        self.world.pin(self.owner, self.target, row.target_id, pinned=False)
        self.planted.add((FindingKind.SETTING, row.source_id, row.target_id))

    def _lose(self, row: Mapped) -> None:
        self.world.delete(self.owner, self.target, [row.target_id])
        self.planted.add((FindingKind.MISSING, row.source_id, row.target_id))

    def _vandalise(self, row: Mapped) -> None:
        self.world.edit(self.owner, self.target, row.target_id, text="somebody's joke", entities=[])
        self.planted.add((FindingKind.DIFFERENT, row.source_id, row.target_id))

    def _edit(self, row: Mapped) -> None:
        self.world.edit(self.owner, self.source, row.source_id, text=f"edited {row.source_id}", entities=[])
        self.planted.add((FindingKind.EDITED, row.source_id, row.target_id))

    def _delete(self, row: Mapped) -> None:
        self.world.delete(self.owner, self.source, [row.source_id])
        self.planted.add((FindingKind.DELETED, row.source_id, row.target_id))

    def _double(self, row: Mapped) -> None:
        m = self.copy(row)
        again = {"text": m.text, "entities": m.entities, "media": m.media, "rich": m.rich}
        ((_, double),) = self.world.send(self.owner, self.target, [again])
        self.planted.add((FindingKind.DOUBLED, 0, double.id))  # of which of equal ones, nobody knows

    def _is_plain(self, row: Mapped) -> bool:
        m = self.copy(row)
        return bool(m.text) and not (m.media or m.rich or m.grouped_id)

    def _is_own(self, row: Mapped) -> bool:
        if row.source_id < 0 or not self._is_plain(row):
            return False
        m = self.world.boxes[self.source].by_id[row.source_id]
        return m.author == self.owner and not m.appeared


#: What can be unset there at least.
SETTINGS = Counter(
    {("channel", JobKind.CLONE): 2, ("forum", JobKind.CLONE): 5}
    | {(name, JobKind.CLONE): 1 for name in ("discussed", "migrated")}
)


@pytest.mark.parametrize("name", ["channel", "forum", "discussed", "migrated"])
async def test_just_the_damage_is_found_and_all_of_it_mended(stage: Stage, name: str) -> None:
    gallery = build_gallery(stage.rig.world, stage.owner)
    (exhibit,) = (e for e in gallery.exhibits if e.name == name)
    async with checks(stage) as bench:
        for job in await cloned(bench, exhibit):
            rows = await bench.engine.store.map.page(job.id, after=-(2**62), limit=10_000)
            damage = Damage(stage.rig.world, stage.owner.id, job, rows)
            damage.plant()
            assert len(damage.planted) >= 4
            assert sum(kind is FindingKind.SETTING for kind, *_ in damage.planted) >= SETTINGS[name, job.kind]
            assert _without_first(await bench.found(job)) == damage.planted
            repaired = await bench.listed(await bench.repair(job))
            assert {f.state for f in repaired} <= {FindingState.MENDED, FindingState.KEPT}
            assert await bench.found(job) == set()


def _without_first(found: set[tuple[FindingKind, int, int]]) -> set[tuple[FindingKind, int, int]]:
    return {(kind, 0 if kind is FindingKind.DOUBLED else s, t) for kind, s, t in found}


async def cloned(bench: Checks, exhibit: Exhibit) -> Sequence[Job]:
    """The jobs that copied it: the chat's, and that of its comments."""
    source = bench.stage.rig.world.channels[exhibit.peer[1]]
    target = _like(bench, source)
    job = await bench.ended(Typed(source=mark(source), target=mark(target), profile=True))
    every = await bench.engine.jobs.list()
    comments = [other for other in every if other.kind is JobKind.COMMENTS and other.of_job == job.id]
    return [job, *[await bench.engine.until(other, JobStatus.COMPLETED) for other in comments]]


def _like(bench: Checks, source: Channel) -> Channel:
    world, owner = bench.stage.rig.world, bench.stage.owner
    target = world.add_channel("Copy", owner, megagroup=source.megagroup, forum=source.forum)
    if source.linked and not source.megagroup:
        group = world.add_channel("Talk", owner, megagroup=True)
        target.linked, group.linked = group.id, target.id
    return target
