"""Trouble on order: what the client sees of it, and what happened in the world all the same."""

from __future__ import annotations

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError, TelegramServerError

from sandbox.world import Fault
from tests.sandbox.bot_stage import BotStage
from tests.sandbox.waiting import until


def faulty(s: BotStage, action: str, method: str = "bot.sendMessage", **kw: object) -> Fault:
    fault = Fault(method, action, **kw)  # type: ignore[arg-type]
    s.world.faults.append(fault)
    return fault


@pytest.mark.parametrize(("action", "arrived"), [("drop_before", []), ("drop_after", ["x"])])
async def test_dropped(bot_stage: BotStage, action: str, arrived: list[str]) -> None:
    s = bot_stage
    faulty(s, action)
    with pytest.raises(TelegramNetworkError):
        await s.bot.send_message(s.source_id, "x")
    assert s.texts(s.src) == arrived
    await s.bot.send_message(s.source_id, "y")
    assert s.texts(s.src) == [*arrived, "y"]


async def test_errors_before_and_after(bot_stage: BotStage) -> None:
    s = bot_stage
    faulty(s, "error", code=400, message="chat not found")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await s.bot.send_message(s.source_id, "x")
    assert s.texts(s.src) == []
    faulty(s, "error_after", code=502, message="Bad Gateway")
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await s.bot.send_message(s.source_id, "x")
    assert s.texts(s.src) == ["x"]


async def test_bound_to_a_chat(bot_stage: BotStage) -> None:
    s = bot_stage
    faulty(s, "error", message="just here", target=("channel", s.dst.id))
    await s.bot.send_message(s.source_id, "x")
    with pytest.raises(TelegramBadRequest, match="just here"):
        await s.bot.send_message(s.target_id, "x")


async def test_a_slow_call_is_carried_out_though_nobody_waits(bot_stage: BotStage) -> None:
    s = bot_stage
    fault = faulty(s, "hold_before")
    call = asyncio.create_task(s.bot.send_message(s.source_id, "late"))
    await fault.hit.wait()
    call.cancel()
    await asyncio.wait([call])
    await s.bot.get_me()  # a whole exchange later the server has seen the hang-up
    assert s.texts(s.src) == []
    fault.release()
    await until(lambda: s.texts(s.src) == ["late"])


async def test_a_held_call_may_be_forgotten_with_its_client(bot_stage: BotStage) -> None:
    s = bot_stage
    fault = faulty(s, "hold_before", discard=True)
    call = asyncio.create_task(s.bot.send_message(s.source_id, "never"))
    await fault.hit.wait()
    call.cancel()
    await asyncio.wait([call])
    await s.bot.get_me()
    fault.release()
    await s.bot.send_message(s.source_id, "next")
    assert s.texts(s.src) == ["next"]


async def test_held_after_the_commit(bot_stage: BotStage) -> None:
    s = bot_stage
    fault = faulty(s, "hold_after")
    call = asyncio.create_task(s.bot.send_message(s.source_id, "x"))
    await fault.hit.wait()
    assert s.texts(s.src) == ["x"] and not call.done()
    fault.release()
    assert (await call).text == "x"


async def test_delay_and_polls(bot_stage: BotStage) -> None:
    s = bot_stage
    faulty(s, "delay", seconds=0.05)
    began = asyncio.get_running_loop().time()
    await s.bot.send_message(s.source_id, "x")
    assert asyncio.get_running_loop().time() - began >= 0.05
    faulty(s, "drop_before", method="bot.getUpdates")
    with pytest.raises(TelegramNetworkError):
        await s.bot.get_updates(timeout=5)
    assert len(await s.bot.get_updates(timeout=5)) == 1
