"""The arithmetic of the benches, and that a bench ends whatever it has started."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import psutil
import pytest

from bench import processes, report, throughput
from bench.rounds import SETTINGS, Measured, Plan, Round
from bench.task import Outcome


def measured(contender: str, messages: int, seconds: float, *, channels: int = 1, **more: object) -> Measured:
    fields = {"copied": messages, "cpu_seconds": seconds / 2, "peak_rss": 1 << 26, "marked_rss": []} | more
    outcome = Outcome(seconds=seconds, **fields)  # type: ignore[arg-type]
    return Measured(contender=contender, channels=channels, messages=messages, outcome=outcome)


def a_round(engine_seconds: float) -> Round:
    pair = {"bare": measured("bare", 1000, 1.0), "engine": measured("engine", 1000, engine_seconds)}
    replies = {
        "single_replies": measured("single_replies", 100, 4.0),
        "engine": measured("engine", 100, engine_seconds),
    }
    return Round({setting.name: pair for setting in SETTINGS}, measured("single", 100, 1.0), replies)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    long_run = measured("engine", 5000, 5.0, marked_rss=[10 << 20, 13 << 20])
    found = report.ratios([a_round(1.0), a_round(1.25), a_round(100.0)], long_run)
    assert found.engine_to_bare == pytest.approx(0.8)
    assert found.five_to_five_bare_30ms == pytest.approx(0.8)
    assert found.engine_to_single_sends == pytest.approx(8)
    assert found.replies_30ms_to_single == pytest.approx(3.2)
    assert found.cpu_to_bare == pytest.approx(1.25)
    assert found.memory_growth_mib == 3


def test_the_json_has_the_promised_keys() -> None:
    rounds, long_run = [a_round(1.0)], measured("engine", 5000, 5.0, marked_rss=[1, 2])
    told = report.as_json(report.ratios(rounds, long_run), Plan(1000, rounds=1), rounds, long_run)
    promised = {"engine_to_bare", "five_to_five_bare", "engine_to_bare_30ms", "five_to_five_bare_30ms"}
    assert promised | {
        "cpu_to_bare",
        "engine_to_single_sends",
        "memory_growth_mib",
        "replies_30ms_to_single",
    } <= set(told)
    json.dumps(told)


@pytest.mark.parametrize(
    "arguments", [["--messages", "1"], ["--messages", "many"], ["--json", "/no/such/folder/x.json"]]
)
def test_a_bad_option_is_told_before_anything_is_measured(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        throughput.main(arguments)
    assert ended.value.code == 2


async def test_a_cancelled_bench_leaves_no_process(tmp_path: Path) -> None:
    up = asyncio.Event()
    pids: list[int] = []

    async def bench() -> None:
        async with processes.sandbox(tmp_path, channels=1, messages=500) as info:
            pids.append(info.pid)
            up.set()
            await asyncio.Event().wait()

    running = asyncio.create_task(bench())
    async with asyncio.timeout(30):
        await up.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not psutil.pid_exists(pids[0])
