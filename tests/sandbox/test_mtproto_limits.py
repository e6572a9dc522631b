"""How much a client may send: flood limits it cannot see, and slow mode."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions

from sandbox.world import FloodLimit, World
from tests.sandbox.stage import Stage

QUICK = {"flood_sleep_threshold": 0}


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def forward(src: Any, dst: Any, ids: list[int]) -> Any:
    return functions.messages.ForwardMessagesRequest(src, ids, dst)


async def test_limit_counts_messages_and_tells_the_true_rest(clock: Clock) -> None:
    async with Stage(world=World(clock)) as stage:
        stage.post(stage.src, stage.alice, 20)
        stage.world.limits.append(FloodLimit("messages.*", 10, 60))
        a = await stage.client(stage.alice, **QUICK)
        stage.world.limits[0].methods = "messages.forward*"
        src, dst = await a.get_input_entity("source"), await stage.entity(a, "Copy")
        await a(forward(src, dst, [2, 3, 4, 5, 6, 7]))
        clock.now += 12.5
        with pytest.raises(errors.FloodWaitError) as e:
            await a(forward(src, dst, [8, 9, 10, 11, 12]))
        assert e.value.seconds == 48 and len(stage.texts(stage.dst)) == 6
        clock.now += 47.5
        again = await stage.client(stage.alice, **QUICK)  # Telethon itself blocks the method meanwhile
        await again(forward(src, dst, [8, 9, 10, 11, 12]))
        assert len(stage.texts(stage.dst)) == 11


def test_token_bucket_refills_evenly(clock: Clock) -> None:
    limit = FloodLimit("*", 20, 10, kind="token")
    limit.charge(1, None, 20, clock.now)
    assert limit.wait(1, None, 5, clock.now) == pytest.approx(2.5)
    assert limit.wait(2, None, 5, clock.now) == 0
    assert limit.wait(1, None, 5, clock.now + 2.5) == 0


def test_limit_per_target_and_a_call_bigger_than_the_bucket(clock: Clock) -> None:
    limit = FloodLimit("*", 3, 60, per="target")
    here, there = ("channel", 1), ("channel", 2)
    assert limit.wait(1, here, 100, clock.now) == 0
    limit.charge(1, here, 100, clock.now)
    assert limit.wait(2, here, 1, clock.now) == 60 and limit.wait(2, there, 1, clock.now) == 0
    assert not limit.applies("help.getConfig", 1, None)


async def test_slow_mode(clock: Clock) -> None:
    async with Stage(world=World(clock)) as stage:
        w = stage.world
        group = w.add_channel("Slow", stage.alice, megagroup=True, username="slow", slowmode=30)
        group.members[stage.bob.id] = "member"
        stage.post(stage.src, stage.alice, 3)
        b = await stage.client(stage.bob, **QUICK)
        src, slow = await b.get_input_entity("source"), await b.get_input_entity("slow")
        with pytest.raises(errors.SlowModeMultiMsgsDisabledError):
            await b(forward(src, slow, [2, 3]))
        await b(forward(src, slow, [2]))
        clock.now += 10
        with pytest.raises(errors.SlowModeWaitError) as e:
            await b.send_message(slow, "too soon")
        assert e.value.seconds == 20
        a = await stage.client(stage.alice, **QUICK)  # admins are exempt
        for n in range(3):
            await a.send_message("slow", f"admin {n}")
        clock.now += 20
        await b.send_message(slow, "in time")
        assert stage.texts(group) == ["post 0", "admin 0", "admin 1", "admin 2", "in time"]
