"""Telegram's pace: when a bot is told 429, and for how long."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import BufferedInputFile, InputMediaPhoto

from sandbox.botapi import BotApiServer
from sandbox.botapi.limits import BOT_LIMIT, BURST, GROUP_LIMIT, Meter
from sandbox.world import Fault
from tests.sandbox.bot_stage import BotStage


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sent_in(meter: Meter, clock: Clock, peer: tuple[str, int], seconds: float) -> int:
    """How many messages get through when each wait is obeyed to the letter."""
    end, sent = clock.now + seconds, 0
    while clock.now < end:
        wait = meter.take(peer, 1)
        sent += wait == 0
        clock.now += wait
    return sent


def test_one_a_second_in_a_chat() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert [meter.take(("user", 1), 1) for _ in range(BURST + 1)] == [0.0] * BURST + [1.0]
    assert meter.take(("user", 2), 1) == 0  # another chat has its own
    assert sent_in(meter, clock, ("user", 1), 600) == 599  # the first second is waited for
    clock.now += 60
    assert [meter.take(("user", 1), 1) for _ in range(BURST + 1)] == [0.0] * BURST + [1.0]


def test_twenty_a_minute_in_a_group() -> None:
    for kind in ("channel", "chat"):
        clock = Clock()
        meter = Meter(clock)
        assert sent_in(meter, clock, (kind, 1), 60) == GROUP_LIMIT
        assert sent_in(meter, clock, (kind, 1), 600) == GROUP_LIMIT * 10
        assert len(meter.groups[kind, 1].spent) <= GROUP_LIMIT


def test_thirty_a_second_in_all() -> None:
    clock = Clock()
    meter = Meter(clock)
    waits = [meter.take(("user", i), 1) for i in range(BOT_LIMIT + 1)]
    assert waits == [0.0] * BOT_LIMIT + [1.0]
    clock.now += 0.75
    assert meter.take(("user", 99), 1) == 0.25
    clock.now += 0.25
    assert meter.take(("user", 99), 1) == 0


def test_a_batch_is_let_in_whole_and_waited_out() -> None:
    clock = Clock()
    meter = Meter(clock)
    assert meter.take(("channel", 1), 100) == 0
    assert meter.take(("channel", 1), 1) == 98.0  # 100 s are paid for, a burst of 3 is free
    clock.now += 98
    assert meter.take(("channel", 1), 1) == 0
    assert meter.take(("user", 5), 10) == 0
    assert meter.take(("user", 5), 1) == 8.0


async def test_the_client_is_told_how_long(bot_stage: BotStage) -> None:
    s, clock = bot_stage, Clock()
    server = await BotApiServer(s.world, clock=clock).start()
    bot = s.new_bot(server=server)
    try:
        m = await bot.send_message(s.alice.id, "1")
        await m.edit_text("2")
        await m.edit_text("3")
        clock.now += 0.3
        with pytest.raises(TelegramRetryAfter) as refused:
            await m.edit_text("4")
        assert refused.value.retry_after == 1 and server.refused == 1
        assert await bot.send_chat_action(s.alice.id, "typing") and await bot.get_chat(s.alice.id)
        clock.now += refused.value.retry_after
        await m.edit_text("4")
        photos = [InputMediaPhoto(media=BufferedInputFile(b"x", "a"))] * 10
        await bot.send_media_group(s.source_id, photos)
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message("@source", "x")
        assert refused.value.retry_after == 8 and server.refused == 2
        server.limits = False
        await bot.send_message("@source", "x")
    finally:
        await server.stop()


async def test_a_scripted_flood_counts_too(bot_stage: BotStage) -> None:
    s = bot_stage
    s.world.faults.append(Fault("bot.sendMessage", "flood", seconds=6.2, user=s.ferry.id))
    with pytest.raises(TelegramRetryAfter) as refused:
        await s.bot.send_message(s.alice.id, "x")
    assert refused.value.retry_after == 7 and s.bot_api.refused == 1
    await s.bot.send_message(s.alice.id, "x")
