"""Ordered trouble, as the real client meets it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from telethon import errors, functions

from sandbox.world import Fault
from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until

QUICK = {"request_retries": 1, "raise_last_call_error": True, "flood_sleep_threshold": 0}


def say(peer: Any, text: str = "once", random_id: int = 77) -> Any:
    return functions.messages.SendMessageRequest(peer, text, random_id=random_id)


async def alice(stage: Stage, **kw: Any) -> tuple[Any, Any]:
    a = await stage.client(stage.alice, **QUICK, **kw)
    return a, await a.get_input_entity("source")


async def test_flood_and_slow_mode_waits(stage: Stage) -> None:
    a, src = await alice(stage)
    stage.world.faults += [
        Fault("messages.sendMessage", "flood", seconds=42),
        Fault("messages.send*", "slow_mode", seconds=7),
    ]
    with pytest.raises(errors.FloodWaitError) as flood:
        await a(say(src))
    b = await stage.client(stage.alice, **QUICK)  # Telethon itself blocks the method for as long
    with pytest.raises(errors.SlowModeWaitError) as slow:
        await b(say(src))
    assert (flood.value.seconds, slow.value.seconds) == (42, 7)
    assert stage.texts(stage.src) == []


async def test_error_before_and_after_the_commit(stage: Stage) -> None:
    a, src = await alice(stage)
    refused = Fault("messages.sendMessage", "error", code=400, message="CHAT_RESTRICTED")
    lost = Fault("messages.sendMessage", "error_after", code=400, message="CHAT_RESTRICTED")
    stage.world.faults += [refused, lost]
    for n in (1, 2):
        with pytest.raises(errors.ChatRestrictedError):
            await a(say(src, f"text {n}", n))
    assert stage.texts(stage.src) == ["text 2"]


async def test_only_the_named_account_chat_and_count(stage: Stage) -> None:
    a, src = await alice(stage)
    dst = await stage.entity(a, "Copy")
    fault = Fault(
        "messages.sendMessage",
        "error",
        message="CHAT_RESTRICTED",
        user=stage.alice.id,
        target=("channel", stage.src.id),
        skip=1,
        times=1,
    )
    stage.world.faults.append(fault)
    await a.send_message(dst, "other chat")
    await a.send_message(src, "skipped")
    with pytest.raises(errors.ChatRestrictedError):
        await a.send_message(src, "met")
    await a.send_message(src, "over")
    assert stage.texts(stage.src) == ["skipped", "over"] and fault.hits == 1


@pytest.mark.parametrize(("action", "committed"), [("drop_before", []), ("drop_after", ["once"])])
async def test_drops(stage: Stage, action: str, committed: list[str]) -> None:
    a, src = await alice(stage, auto_reconnect=False)
    stage.world.faults.append(Fault("messages.sendMessage", action))
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await a(say(src))
    assert stage.texts(stage.src) == committed


@pytest.mark.parametrize("action", ["drop_before", "drop_after"])
async def test_a_reconnecting_client_sends_once(stage: Stage, action: str) -> None:
    a, src = await alice(stage)
    stage.world.faults.append(Fault("messages.sendMessage", action))
    await a(say(src))
    assert stage.texts(stage.src) == ["once"]


async def test_delay_commits_at_its_end(stage: Stage) -> None:
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "delay", seconds=0.2)
    stage.world.faults.append(fault)
    began = time.monotonic()
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    assert stage.texts(stage.src) == []
    await sending
    assert time.monotonic() - began >= 0.2 and stage.texts(stage.src) == ["once"]


async def test_delay_may_commit_first(stage: Stage) -> None:
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "delay", seconds=0.2, commit_first=True)
    stage.world.faults.append(fault)
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    assert stage.texts(stage.src) == ["once"]
    await sending


async def test_hold_after_the_commit_until_released(stage: Stage) -> None:
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "hold_after")
    stage.world.faults.append(fault)
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    assert stage.texts(stage.src) == ["once"] and not sending.done()
    fault.release()
    assert (await sending).updates


@pytest.mark.parametrize(("discard", "texts"), [(True, ["end"]), (False, ["once", "end"])])
async def test_held_call_whose_caller_has_gone(stage: Stage, discard: bool, texts: list[str]) -> None:
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "hold_before", discard=discard)
    stage.world.faults.append(fault)
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    await a.disconnect()
    await asyncio.gather(sending, return_exceptions=True)
    await until(lambda: not stage.mtproto.connections)
    fault.release()
    b, src = await alice(stage)
    await b(say(src, "end", 1))
    assert stage.texts(stage.src) == texts


async def test_call_that_nobody_hears_any_more_ends(stage: Stage) -> None:
    """Killed between commit and answer: the same ids come again and get what is there, not a refusal."""
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "hold_after")
    stage.world.faults.append(fault)
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    await a.disconnect()
    await asyncio.gather(sending, return_exceptions=True)
    await until(lambda: not stage.mtproto.connections)
    b, src = await alice(stage)
    assert (await b(say(src))).updates[0].id == 2
    assert stage.texts(stage.src) == ["once"]


async def test_something_happens_in_the_world_just_before_a_call(stage: Stage) -> None:
    a, src = await alice(stage)

    def lock_out() -> None:
        stage.src.members[stage.alice.id] = "member"

    stage.world.faults.append(Fault("messages.sendMessage", "pass", skip=1, then=lock_out))
    await a(say(src, "first", 1))
    with pytest.raises(errors.ChatWriteForbiddenError):
        await a(say(src, "second", 2))
    assert stage.texts(stage.src) == ["first"]


async def test_something_happens_just_after_a_call(stage: Stage) -> None:
    a, src = await alice(stage)
    fault = Fault("messages.sendMessage", "after_answer", then=lambda: stage.world.revoke(stage.alice))
    stage.world.faults.append(fault)
    await a(say(src, "first", 1))
    assert fault.hit.is_set()
    with pytest.raises(errors.SessionRevokedError):
        await a(say(src, "second", 2))
    assert stage.texts(stage.src) == ["first"]


@pytest.mark.parametrize("latency", [0, 0.05])
async def test_a_hit_right_after_the_answer(stage: Stage, latency: float) -> None:
    a, src = await alice(stage)
    stage.mtproto.calls.latency = latency
    fault = Fault("messages.sendMessage", "after_answer")
    stage.world.faults.append(fault)
    sending = asyncio.create_task(a(say(src)))
    await fault.hit.wait()
    stage.mtproto.calls.latency = 60  # this answer has left already
    assert (await sending).updates
    assert stage.texts(stage.src) == ["once"]


def test_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="hold_before"):
        Fault("*", "explode")
