"""The demo as people start it: without a terminal; its exit code, its report, and what it leaves."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parents[2]
DEADLINE = 20  # seconds for a process to be gone
FAULTS = ("missing", "doubled", "out_of_order", "different", "not_pinned")


@contextlib.contextmanager
def demo(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Started in `folder`, where its temporary files go as well."""
    command = [sys.executable, str(ROOT / "main.py"), "demo", *arguments]
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONUNBUFFERED": "1", "MAX_USER_TASKS": "1"}
    pipes: dict[str, Any] = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def read_report(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "report.json").read_text("utf-8")))


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("ferry-demo-*")]


@pytest.mark.timeout(180)
def test_killed_and_flooded_it_copies_everything(tmp_path: Path) -> None:
    options = ("--jobs", "2", "--messages", "600", "--seed", "3", "--report", "report.json")
    with demo(tmp_path, *options) as process:
        said, errors = process.communicate()
    assert (process.returncode, errors) == (0, ""), said
    report = read_report(tmp_path)
    assert [job["source_messages"] for job in report["jobs"]] == [600, 600]
    for job in report["jobs"]:
        assert not any(job[fault] for fault in FAULTS)
        assert job["copied"] + job["skipped"] == 600
        assert job["seconds"] > 0
    assert 0 < report["killed_at"] < 1200
    assert report["resumed_from"]
    assert set(report["resumed_from"]) <= {"1", "2"}
    assert report["seconds_told_to_wait"] == pytest.approx(5, abs=0.5)
    assert report["seconds_down"] > 2
    assert report["messages_per_second"] > 0
    assert report["calls"]["made"] > report["calls"]["minimum"] > 20
    assert report["calls"]["ratio"] <= 1.05
    for words in (
        "Job 1",
        "Job 2",
        "told to wait, until",
        "kill -9",
        "Ferry was restarted",
        "Nothing missing",
        "replies",
        "calls to Telegram",
    ):
        assert words in said
    assert "\x1b" not in said
    assert left_behind(tmp_path) == []


@pytest.mark.timeout(120)
def test_without_a_kill(tmp_path: Path) -> None:
    options = ("--jobs", "1", "--messages", "50", "--no-kill", "--report", "report.json")
    with demo(tmp_path, *options) as process:
        said, errors = process.communicate()
    assert (process.returncode, errors) == (0, ""), said
    report = read_report(tmp_path)
    assert (report["killed_at"], report["resumed_from"], report["seconds_down"]) == (None, {}, 0)
    assert "kill" not in said


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_ended_in_the_middle_it_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    with demo(tmp_path, "--jobs", "1", "--messages", "50") as process:
        assert process.stdout is not None
        while "Started the service" not in (line := process.stdout.readline()):
            assert line, "the demo ended by itself"
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) == 2  # sandbox and service
        process.send_signal(number)
        process.wait(DEADLINE)
        assert wait_for_end(children) == []
        errors = process.stderr.read() if process.stderr else ""
    assert errors == ""
    if number != signal.SIGKILL:
        assert process.returncode == 128 + number
        assert left_behind(tmp_path) == []


def test_a_report_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with demo(tmp_path, "--report", "no/such/folder/report.json") as process:
        said, errors = process.communicate()
    assert process.returncode == 1
    assert said == ""
    assert errors.startswith("The report can't be written to no/such/folder/report.json.")
    assert time.monotonic() - began < DEADLINE


def wait_for_end(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that are still there after the deadline."""
    return list(psutil.wait_procs(processes, timeout=DEADLINE)[1])
