"""An answer may take as long as a real Telegram's, and the others do not wait for it."""

from __future__ import annotations

import asyncio
import time

import pytest
from telethon import errors, functions

from sandbox.world import Fault
from tests.sandbox.stage import Stage

LATENCY = 0.2


async def test_calls_in_flight_at_once_take_no_longer_than_one(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    src = await a.get_input_entity("source")
    stage.mtproto.calls.latency = LATENCY

    async def say(n: int) -> float:
        began = time.monotonic()
        await a(functions.messages.SendMessageRequest(src, f"text {n}", random_id=n))
        return time.monotonic() - began

    began = time.monotonic()
    took = await asyncio.gather(*(say(n) for n in range(1, 21)))
    assert min(took) >= LATENCY
    assert time.monotonic() - began < 5 * LATENCY
    assert stage.texts(stage.src) == [f"text {n}" for n in range(1, 21)]


async def test_a_refusal_takes_as_long(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    stage.mtproto.calls.latency = LATENCY
    stage.world.faults.append(Fault("updates.getState", "error", message="CHAT_RESTRICTED"))
    began = time.monotonic()
    with pytest.raises(errors.ChatRestrictedError):
        await a(functions.updates.GetStateRequest())
    assert time.monotonic() - began >= LATENCY
