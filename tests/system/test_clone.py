"""`clone` without a service: it copies, goes on after any end, and never copies twice by mistake."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.system.stage import FORWARD, Stage
from tests.system.terminal import Terminal, copied_some, ended, jobs_in

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SLOWLY = {"seconds": 0.1, "times": 100_000}


async def test_everything_is_copied_once(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=300)
    first = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert first.code == 0, first.err
    assert "Copied" in first.out
    assert await sandbox.is_copied(pair)

    second = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert second.code == 0
    assert "already" in second.err
    assert "--again" in second.err
    assert await sandbox.is_copied(pair)  # nothing was added

    third = await terminal.run("clone", pair.source_ref, pair.target_ref, "--again")
    assert third.code == 0, third.err
    comparison = await sandbox.control.compare(pair.source, pair.target)
    assert comparison.doubled.count == jobs_in(terminal)[0][2]
    assert [status for _, status, _ in jobs_in(terminal)] == ["completed", "completed"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
async def test_the_same_command_goes_on_after_an_interruption(
    sandbox: Stage, terminal: Terminal, how: signal.Signals
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=1500)
    command = ("clone", pair.source_ref, pair.target_ref)
    await sandbox.control.set_fault(FORWARD, "delay", **SLOWLY)
    process = await terminal.start(*command)
    await copied_some(terminal, messages=200)
    process.send_signal(how)
    interrupted = await ended(process)
    assert interrupted.code == {signal.SIGKILL: -9, signal.SIGINT: 130}[how]
    assert how is signal.SIGKILL or "same command goes on" in interrupted.err
    assert not await sandbox.is_copied(pair)

    await sandbox.control.clear_faults()
    resumed = await terminal.run(*command)
    assert resumed.code == 0, resumed.err
    assert "goes on behind message" in resumed.err
    assert await sandbox.is_copied(pair)
    assert len(jobs_in(terminal)) == 1


async def test_telegrams_wait_is_shown(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=300)
    await sandbox.control.set_fault(FORWARD, "flood", seconds=2, times=1)
    result = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert result.code == 0, result.err
    assert "Telegram says wait: until" in result.out
    assert await sandbox.is_copied(pair)


async def test_a_bad_order_is_one_sentence_and_no_job(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=20)
    for arguments, code, words in (
        (("nonsense", pair.target_ref), 2, "is not a chat"),
        ((pair.source_ref, pair.source_ref), 1, "same chat"),
        ((pair.source_ref, pair.target_ref, "--account", "9"), 1, "no account 9"),
    ):
        result = await terminal.run("clone", *arguments)
        assert result.code == code, result.err
        assert words in result.err
        assert "/resume" not in result.err
    assert jobs_in(terminal) == []


async def test_what_could_not_be_copied_is_listed_and_tells_by_the_exit_code(
    sandbox: Stage, terminal: Terminal
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=3)
    await sandbox.control.set_fault(FORWARD, "error", message="MEDIA_INVALID", times=1000)
    result = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert result.code == 3, result.err
    assert "refused by Telegram (message " in result.out


async def test_without_an_account_it_says_how_to_add_one(
    sandbox: Stage, terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "ferry.db").unlink()
    result = await terminal.run("clone", "@news", "@news_copy")
    assert result.code == 1
    assert "account add" in result.err
