"""docs/kinds.md says of every case of the gallery what becomes of it, and names tests that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.scenario.gallery import build_gallery
from sandbox.scenario.shelf import SKIPPED, Entry
from sandbox.world import World

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "kinds.md"


@dataclass(frozen=True)
class Row:
    kind: str
    what: str
    lost: str
    cases: frozenset[tuple[str, str]]  # exhibit, label
    tests: tuple[str, ...]


def rows() -> Iterator[Row]:
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| kind |", "| what |", "| --- |")):
            kind, what, lost, last = (part.strip() for part in line.strip("|").split(" | "))
            cases = frozenset(
                (exhibit, label)
                for exhibit, labels in re.findall(r"(\w+): ((?:`[^`]+`(?:, )?)+)", last)
                for label in re.findall(r"`([^`]+)`", labels)
            )
            yield Row(kind, what, lost, cases, tuple(re.findall(r"`(\w+/test_\w+\.py(?:::\w+)?)`", last)))


ROWS = list(rows())


def gallery() -> dict[tuple[str, str], list[Entry]]:
    world = World()
    built = build_gallery(world, world.add_user("Wei", phone="15550001", username="wei"))
    found: dict[tuple[str, str], list[Entry]] = {}
    for exhibit in built.exhibits:
        for entry in (*exhibit.entries, *exhibit.earlier, *exhibit.below):
            found.setdefault((exhibit.name, entry.label), []).append(entry)
    return found


GALLERY = gallery()


def test_every_case_stands_on_the_page_and_nothing_else_does() -> None:
    told = {case for row in ROWS for case in row.cases}
    assert told == set(GALLERY)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind[:40])
def test_a_row_says_what_is_lost_and_names_its_tests(row: Row) -> None:
    assert row.cases or row.tests
    entries = [entry for case in row.cases for entry in GALLERY[case]]
    for entry in entries:
        assert (entry.fate == SKIPPED) == row.what.startswith("skipped")
        if entry.fate != SKIPPED:
            assert set(entry.lost) <= set(row.lost.split(", ")), entry
    words = {word for entry in entries for word in entry.lost}
    if row.cases and not row.what.startswith("skipped"):
        assert set(row.lost.split(", ")) - {"–"} <= words
    for test in row.tests:
        file, _, name = test.partition("::")
        source = (ROOT / "tests" / file).read_text("utf-8")
        assert not name or f"def {name}(" in source
