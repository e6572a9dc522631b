"""The demo is not easily pleased: what is damaged is found, what is refused is said."""

from __future__ import annotations

import asyncio
import dataclasses
import io
from pathlib import Path

import pytest
from rich.console import Console

from cli.demonstration.calls import CONNECTION, INTERRUPTION, ORDER, Calls
from cli.demonstration.children import Child
from cli.demonstration.clock import Clock
from cli.demonstration.failure import Obstacle
from cli.demonstration.orders import greet, order
from cli.demonstration.report import JobResult, Report
from cli.demonstration.screen import Lines
from cli.demonstration.show import compare
from cli.demonstration.stage import Plan, Stage, stage
from cli.demonstration.verdict import closing_words, results_table
from domain.job import Job
from sandbox.fewest_calls import FewestCalls
from sandbox.scenario import Pair

DEADLINE = 20.0  # seconds


def calls(made: int) -> Calls:
    """Of which 100 are needed, and 20 more allowed."""
    fewest = FewestCalls(pages=2, sends=96, edits=1, pins=1, replies=3, links=2)
    return Calls(made={"messages.forwardMessages": made}, jobs=[fewest], allowance=20)


def report_of(results: list[JobResult], made_calls: Calls | None = None) -> Report:
    return Report(
        jobs=results,
        killed_at=None,
        resumed_from={},
        copying_seconds=2.0,
        seconds_down=0.0,
        seconds_told_to_wait=0.0,
        calls=made_calls or calls(made=110),
        seed=1,
    )


def told(report: Report) -> str:
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(results_table(report, width=120), *closing_words(report, Path("r.json"), Path("logs")))
    return " ".join(console.export_text().split())


@pytest.mark.timeout(120)
async def test_damage_is_found_and_a_refusal_is_told(tmp_path: Path) -> None:
    plan = Plan(jobs=1, messages=40, kill=False, seed=5, report=tmp_path / "r.json")
    screen = Lines(Console(file=io.StringIO()))
    async with stage(plan, tmp_path, screen) as ready:
        await greet(ready, screen)
        (pair,) = ready.info.pairs
        with pytest.raises(Obstacle, match=r"The bot refused: .*@nobody_here"):
            await order(ready, Pair("@nobody_here", pair.target_ref, pair.source, pair.target, ""), screen)
        await order(ready, pair, screen)
        job = await finished(ready)
        faultless = report_of(await compare(ready, [job]))
        assert faultless.is_faultless
        assert "Nothing missing" in told(faultless)

        owner = ready.info.users[0].id
        copies = await ready.control.messages(pair.target, owner)
        assert await ready.control.delete_messages(pair.target, owner, [copies[7].id]) == 1
        await ready.control.post(pair.target, owner, ["nobody ever wrote this at the source"])
        (reply,) = [m for m in copies if m.reply_to][:1]
        await ready.control.alter(pair.target, reply.id, reply_to=copies[0].id)
        damaged = report_of(await compare(ready, [job]))
        assert (damaged.count("missing"), damaged.count("foreign")) == (1, 1)
        assert not damaged.is_faultless
        assert "Not a true copy: 1 missing, 1 different, 1 foreign." in told(damaged)


async def finished(ready: Stage) -> Job:
    async with asyncio.timeout(DEADLINE):
        while True:
            (job,) = await ready.jobs.list()
            if not job.is_unfinished:
                return job
            ready.check()
            await asyncio.sleep(0.05)


RESULT = JobResult(
    job=1,
    title="Source",
    source="@source",
    target="@target",
    status="completed",
    source_messages=10,
    copied=9,
    skipped=1,
    missing=0,
    doubled=0,
    out_of_order=0,
    different=0,
    foreign=0,
    not_pinned=0,
    seconds=1.0,
    problem="",
)


@pytest.mark.parametrize(
    "fault", ["missing", "doubled", "out_of_order", "different", "foreign", "not_pinned"]
)
def test_any_fault_of_any_job_counts(fault: str) -> None:
    bad = dataclasses.replace(RESULT, **{fault: 1})
    assert report_of([RESULT]).is_faultless
    assert not report_of([RESULT, bad]).is_faultless
    assert f"1 {fault.replace('_', ' ')}" in told(report_of([RESULT, bad]))


@pytest.mark.parametrize(("made", "is_faultless"), [(100, True), (125, True), (126, False)])
def test_wasted_calls_count(made: int, is_faultless: bool) -> None:
    report = report_of([RESULT], calls(made=made))
    assert report.is_true
    assert report.is_faultless == is_faultless
    said = told(report)
    assert "3 replies, 2 links and 1 pin among them" in said
    besides = min(made - 100, 20)
    assert f"{made} calls to Telegram: copying takes 100 at the least, {besides} were for checks" in said
    assert ("Too many: 1.06 times the fewest, and 1.05 is allowed." in said) != is_faultless
    assert ("README.md" in said) == is_faultless


def test_calls_are_those_between_two_counts() -> None:
    fewest = FewestCalls(pages=2, sends=5, edits=0, pins=0, replies=0, links=0)
    found = Calls.of(
        before={"help.getConfig": 2, "users.getUsers": 1},
        after={"help.getConfig": 2, "users.getUsers": 2, "messages.forwardMessages": 5},
        jobs=[fewest, fewest],
        kills=1,
        waits=1,
    )
    assert found.made == {"messages.forwardMessages": 5, "users.getUsers": 1}
    assert (found.total, found.minimum, found.besides) == (6, 2 * 7, 0)
    assert found.allowance == 2 * CONNECTION + 2 * ORDER + 2 * 2 * INTERRUPTION


def test_a_job_that_did_not_complete_counts() -> None:
    failed = dataclasses.replace(RESULT, status="failed", problem="The source is gone.")
    assert not report_of([failed]).is_faultless
    assert "job 1 is failed (The source is gone.)" in told(report_of([failed]))


def test_no_job_at_all_is_no_success() -> None:
    assert not report_of([]).is_faultless


def test_time_that_was_lost_twice_counts_once() -> None:
    clock = Clock(down=[(4.0, 9.0)], waits=[(2.0, 5.0), (20.0, 30.0)])
    within = (0.0, 22.0)
    assert clock.seconds_down(within) == 5
    assert clock.seconds_waited(within) == 5  # what lies behind the end does not count
    assert clock.seconds_copying(within) == 22 - (9 - 2) - (22 - 20)


async def test_a_child_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    child = await Child.service(tmp_path, {"PATH": ""})  # no settings at all
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                child.check()
            except Obstacle as obstacle:
                assert "The service has ended by itself (exit code 2)" in str(obstacle)
                break
            await asyncio.sleep(0.05)
    assert "BOT_TOKEN" in (tmp_path / "service.log").read_text()
