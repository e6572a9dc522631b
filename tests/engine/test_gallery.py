"""What becomes of each kind of message, in each structure: exactly what docs/kinds.md says.

One case for each label of the gallery; the table in docs/kinds.md names them.
"""

from __future__ import annotations

import asyncio

import pytest

from domain.job import JobStatus
from domain.message import SkipReason
from sandbox.compare import SHIFT
from sandbox.scenario.gallery import Exhibit, build_gallery
from sandbox.scenario.shelf import SKIPPED, Entry
from sandbox.world import World
from tests.engine.gallery_stage import Copy, cloned_gallery

Copies = dict[str, Copy]


def _exhibits() -> list[Exhibit]:
    world = World()
    return build_gallery(world, world.add_user("Wei", phone="15550001", username="wei")).exhibits


EXHIBITS = _exhibits()
LABELS = sorted({(e.name, x.label) for e in EXHIBITS for x in (*e.entries, *e.earlier)})
BELOW = sorted({(e.name, x.label) for e in EXHIBITS for x in e.below})


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    return asyncio.run(cloned_gallery(tmp_path_factory.mktemp("gallery")))[1]


@pytest.mark.parametrize("name", [exhibit.name for exhibit in EXHIBITS])
def test_a_chat_equals_its_source(copies: Copies, name: str) -> None:
    copy = copies[name]
    assert copy.job.status is JobStatus.COMPLETED
    told = {finding.source_id for finding in copy.findings}
    assert told <= {number for number, lost in copy.exhibit.declared.items() if "reply" in lost}
    found = copy.compared()
    assert found.same, found


@pytest.mark.parametrize("name", [exhibit.name for exhibit in EXHIBITS])
def test_ferry_itself_finds_nothing_to_mend(copies: Copies, name: str) -> None:
    assert copies[name].verified == []


@pytest.mark.parametrize(("name", "label"), LABELS)
def test_what_becomes_of_it(copies: Copies, name: str, label: str) -> None:
    """Skipped with its reason, or copied and nothing lost but what is declared."""
    copy = copies[name]
    skipped = {skip.source_id: skip for skip in copy.skips}
    for entry, shift in _entries(copy.exhibit, label):
        ids = [number + shift for number in entry.ids]
        if entry.fate == SKIPPED:
            assert all(skipped[number].reason is not SkipReason.SERVICE for number in ids)
            continue
        assert not skipped.keys() & set(ids)
        differences = copy.compared(but=entry).differences
        assert {d.source_id for d in differences} <= set(ids)
        assert all(set(d.what) <= set(entry.lost) for d in differences)


@pytest.mark.parametrize(("name", "label"), BELOW)
def test_what_becomes_of_a_comment(copies: Copies, name: str, label: str) -> None:
    below = copies[name].compared().comments
    assert below is not None
    ids = {number for x in copies[name].exhibit.below if x.label == label for number in x.ids}
    lost = {*below.missing.first, *below.doubled.first, *below.out_of_order.first}
    assert not ids & (lost | {d.source_id for d in below.differences})


def _entries(exhibit: Exhibit, label: str) -> list[tuple[Entry, int]]:
    """With what their ids are moved by."""
    new = [(x, 0) for x in exhibit.entries if x.label == label]
    return new + [(x, SHIFT) for x in exhibit.earlier if x.label == label]
