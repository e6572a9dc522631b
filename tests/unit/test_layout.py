"""What no linter counts: the length of files, and that Telegram's clients stay real in the tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
ROOMS = ("bench", "bot", "cli", "domain", "engine", "sandbox", "storage", "tests")
IN_ROOMS = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
FILES = [ROOT / "main.py", ROOT / "config.py", *IN_ROOMS]
CODE = [path for path in FILES if "migrations/versions" not in path.as_posix()]
TESTS = [path for path in FILES if path.is_relative_to(ROOT / "tests")]

#: Replacing parts of a client makes a test prove nothing about it. Environment and folder may be set.
PATCHING = re.compile(
    r"unittest(\.| import )mock|import mock|MagicMock|monkeypatch\.(setattr|setitem|delattr)|\bmocker\b"
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_a_file_has_one_subject(path: Path) -> None:
    length = len(path.read_text("utf-8").splitlines())
    assert length <= LONGEST, f"{name(path)} has {length} lines: split it"


@pytest.mark.parametrize("path", [path for path in TESTS if path != Path(__file__)], ids=name)
def test_nothing_is_mocked_or_patched(path: Path) -> None:
    found = PATCHING.search(path.read_text("utf-8"))
    assert found is None, f"{name(path)} replaces something: {found and found[0]}"


def test_the_patterns_would_be_found() -> None:
    for line in ("from unittest import mock", "import unittest.mock", "monkeypatch.setattr(x, 'y', 1)"):
        assert PATCHING.search(line), line
