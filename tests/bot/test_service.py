"""Starting with wrong settings, outages on the way, stopping without losing an update."""

from __future__ import annotations

import asyncio

import pytest

from bot.service import BotUnreachable
from domain.errors import SettingError
from sandbox.world import Fault
from tests.bot.stage import Stage, until


async def failure(stage: Stage, **wrong: str) -> Exception:
    with pytest.raises((SettingError, BotUnreachable)) as caught:
        service = stage.make(**wrong)
        try:
            await service.run()
        finally:
            await service.close()
    return caught.value


async def test_a_wrong_token() -> None:
    async with Stage() as stage:
        told = str(await failure(stage, token="1:wrong"))
        assert told.startswith("The setting BOT_TOKEN is wrong: Telegram does not know this token.")
        assert "BOT_TOKEN is wrong: it is not a bot's token" in str(await failure(stage, token="nonsense"))


async def test_nobody_answers() -> None:
    async with Stage() as stage:
        told = str(await failure(stage, url="http://127.0.0.1:9"))
        assert told.startswith("The Bot API at http://127.0.0.1:9 can't be reached (ClientConnector")
        assert (stage.bot.token or "?") not in told


async def test_an_outage_is_survived(stage: Stage) -> None:
    stage.world.faults.append(Fault("bot.getUpdates", "drop_before", skip=1))
    stage.world.faults.append(Fault("bot.getUpdates", "error", code=502, message="Bad Gateway"))
    await stage.alice.ask("/start")
    assert "what I can do" in (await stage.alice.ask("/help")).text
    assert all(fault.hits for fault in stage.world.faults)


async def test_what_was_handled_does_not_come_again() -> None:
    """Stopped between two polls: only the next one would have told Telegram what was received."""
    async with Stage() as stage:
        unheard = Fault("bot.getUpdates", "hold_before", skip=1, discard=True)
        stage.world.faults.append(unheard)
        stage.start()
        await stage.alice.ask("/clone @news @archive")
        await asyncio.wait_for(unheard.hit.wait(), 5)
        await stage.stop()
        unheard.release()
        stage.start()
        await stage.bert.ask("/start")
        assert len(stage.alice.new) == 1


async def test_handlers_are_finished() -> None:
    async with Stage() as stage:
        held = Fault("bot.sendMessage", "hold_before")
        stage.world.faults.append(held)
        stage.start()
        stage.alice.write("/clone @news @archive")
        await asyncio.wait_for(held.hit.wait(), 5)
        stopping = asyncio.create_task(stage.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        held.release()
        await stopping
        assert stage.engine.all[1].report is not None, "the handler came to its end"


async def test_a_handler_that_hangs_does_not_stop_the_stop() -> None:
    async with Stage() as stage:
        held = Fault("bot.sendMessage", "hold_before")
        stage.world.faults.append(held)
        stage.start()
        stage.alice.write("/help")
        await asyncio.wait_for(held.hit.wait(), 5)
        async with asyncio.timeout(9):
            await stage.stop()


async def test_stopping_while_telegram_does_not_answer() -> None:
    async with Stage() as stage:
        silent = Fault("bot.getMe", "hold_before")
        stage.world.faults.append(silent)
        stage.start()
        await asyncio.wait_for(silent.hit.wait(), 5)
        async with asyncio.timeout(2):
            await stage.stop()


async def test_cancelling_stops_it(stage: Stage) -> None:
    await stage.alice.ask("/start")
    assert stage.running is not None and stage.service is not None
    stage.running.cancel()
    await asyncio.wait([stage.running], timeout=5)
    assert stage.running.cancelled()
    await stage.service.close()
    stage.service = None
    left = [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("bot-")]
    assert left == []


async def test_answers_outlast_a_flood(stage: Stage) -> None:
    stage.world.faults.append(Fault("bot.sendMessage", "flood", seconds=1, times=1))
    assert (await stage.alice.ask("/start")).text.startswith("Hello!")


async def test_the_commands_are_published(stage: Stage) -> None:
    await stage.ada.ask("/start")
    admin = f"chat:{stage.ada.user.id}|"
    commands = stage.api.inbox(stage.bot.id).commands
    await until(lambda: {"default|", "default|zh", admin, admin + "zh"} <= commands.keys())
    names = [command["command"] for command in commands["default|"]]
    steering = ["pause", "resume", "retry", "cancel", "priority", "after", "history"]
    checking = ["verify", "repair", "skipped", "csv"]
    others = ["adopt", "dedupe", "help"]
    assert names == ["clone", "preview", "jobs", "job", *steering, *checking, *others]
    assert [command["command"] for command in commands[admin]] == [*names, "admin"]
    assert commands["default|zh"][2]["description"] == "你的任务"
