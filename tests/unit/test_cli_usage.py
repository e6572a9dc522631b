"""What is refused before anything is opened: a slip of the pen must not copy or delete something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.endings import WRONG_USAGE


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["clone", "@news", "@copy", "--ids", ""], "nothing stands behind it"),
        (["clone", "@news", "@copy", "--from", " "], "nothing stands behind it"),
        (["clone", "@news", "@copy", "--kinds="], "nothing stands behind it"),
        (["clone", "@news", "@copy", "--title", "A new home"], "Add --new-target"),
        (["repair", "3", "--title", "A new home"], "Add --new-target"),
        (["dedupe", "@news", "--delete", "3"], "“@news” is one too many"),
        (["job", "3", "--csv", ""], "nothing stands behind it"),
        (["job", "3", "--retry-skipped", "--csv", "list.csv"], "Say one of them"),
        (["clone", "@news", "@copy", "--to", "9999999999"], "names no message"),
        (["clone", "@news", "https://t.me/c/77/9999999999"], "is not a chat"),
    ],
)
def test_a_slip_is_told_and_nothing_else_happens(
    command: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, command, env={"COLUMNS": "200"})
    assert result.exit_code == WRONG_USAGE, result.output
    assert words in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
