"""`run`, and other commands beside it on the same database."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.system.stage import FORWARD, Stage
from tests.system.terminal import (
    Terminal,
    copied_some,
    ended,
    jobs_in,
    service,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SLOWLY = {"seconds": 0.1, "times": 100_000}


async def test_clone_beside_a_service_hands_the_job_over(sandbox: Stage, terminal: Terminal) -> None:
    first, second = await sandbox.control.build(jobs=2, messages=300)
    full = terminal.having(BOT_TOKEN=sandbox.info.bot_token)
    async with service(full) as serving:
        both = await asyncio.gather(
            *(terminal.run("clone", pair.source_ref, pair.target_ref) for pair in (first, second))
        )
        for result in both:
            assert result.code == 0, result.err
            assert "already serves this database" in result.err
            assert "goes on behind" not in result.err
        assert await sandbox.is_copied(first)
        assert await sandbox.is_copied(second)
        repeated = await terminal.run("clone", first.source_ref, first.target_ref)
        assert repeated.code == 0
        assert "already" in repeated.err
        refused = await terminal.run("clone", "@no_such_chat", first.target_ref)
        assert refused.code == 1
        assert "finds no chat" in refused.err
        another = await full.run("run")
        assert another.code == 1
        assert f"process {serving.pid}" in another.err
    assert [status for _, status, _ in jobs_in(terminal)] == ["completed", "completed"]


async def test_a_service_that_comes_back_is_followed_on(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=1500)
    full = terminal.having(BOT_TOKEN=sandbox.info.bot_token)
    await sandbox.control.set_fault(FORWARD, "delay", **SLOWLY)
    async with service(full) as killed:
        following = await terminal.start("clone", pair.source_ref, pair.target_ref)
        await copied_some(terminal, messages=200)
        killed.kill()
        await killed.wait()
    async with service(full):  # at once: the lock went with its holder
        await sandbox.control.clear_faults()
        result = await ended(following)
        assert result.code == 0, result.err
        assert await sandbox.is_copied(pair)


async def test_a_second_terminal_may_order_from_a_clone_that_runs(sandbox: Stage, terminal: Terminal) -> None:
    first, second = await sandbox.control.build(jobs=2, messages=500)
    await sandbox.control.set_fault(FORWARD, "delay", **SLOWLY)
    one = await terminal.start("clone", first.source_ref, first.target_ref)
    await copied_some(terminal, messages=100)
    other = await terminal.run("clone", second.source_ref, second.target_ref)
    assert other.code == 0, other.err
    assert (await ended(one)).code == 0
    assert await sandbox.is_copied(first)
    assert await sandbox.is_copied(second)


async def test_an_account_may_be_added_beside_a_service_but_not_removed_from_its_jobs(
    sandbox: Stage, terminal: Terminal
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=1000)
    await sandbox.control.set_fault(FORWARD, "delay", seconds=2, times=1000)
    async with service(terminal.having(BOT_TOKEN=sandbox.info.bot_token)):
        following = await terminal.start("clone", pair.source_ref, pair.target_ref)
        await copied_some(terminal, messages=100)
        guest = await sandbox.control.add_user("Guest")
        added = await terminal.run("account", "add", "--owner", "77", stdin=guest.session)
        assert added.code == 0, added.err
        refused = await terminal.run("account", "remove", "1")
        assert refused.code == 1
        assert "1 unfinished" in refused.err
        await sandbox.control.clear_faults()
        assert (await ended(following)).code == 0
        assert (await terminal.run("account", "remove", "1")).code == 0


async def test_it_stops_within_ten_seconds_although_telegram_does_not_answer(
    sandbox: Stage, terminal: Terminal
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=300)
    held = await sandbox.control.set_fault(FORWARD, "hold_after")
    async with service(terminal.having(BOT_TOKEN=sandbox.info.bot_token)):  # which looks at the clock
        following = await terminal.start("clone", pair.source_ref, pair.target_ref)
        await sandbox.control.wait_for_fault(held)
        following.send_signal(signal.SIGINT)
        assert (await ended(following)).code == 130
        assert jobs_in(terminal)[0][1] == "running"  # Ctrl-C there stopped nothing here
    await sandbox.control.release_fault(held)
    resumed = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert resumed.code == 0, resumed.err
    assert await sandbox.is_copied(pair)
