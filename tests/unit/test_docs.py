"""The page for operators promises nothing that no test holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "what-happens-when.md"
LINES = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
PROMISES = [line for line in LINES if not line.startswith(("| what |", "| --- |"))]


@pytest.mark.parametrize("line", PROMISES, ids=lambda line: line[2:50])
def test_each_line_names_a_test_that_exists(line: str) -> None:
    named = re.findall(r"`([a-z]+/test_\w+\.py)::(test_\w+)` \|$", line)
    assert len(named) == 1, f"no test is named: {line}"
    file, test = named[0]
    assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8")


def test_there_are_promises() -> None:
    assert len(PROMISES) > 30
