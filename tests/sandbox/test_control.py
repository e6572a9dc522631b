"""The control endpoint through its own client, beside the real Telethon and the real aiogram."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telethon import TelegramClient, errors
from telethon.sessions import StringSession
from telethon.tl.functions.messages import ForwardMessagesRequest

from sandbox.control import ControlClient, ControlError
from sandbox.world import Peer
from tests.sandbox.control_stage import Running


async def copy(client: TelegramClient, source: Peer, target: Peer, ids: list[int]) -> None:
    """The bare loop's way: forward without the author."""
    await client.get_dialogs()
    request = ForwardMessagesRequest(
        from_peer=await client.get_input_entity(-(10**12) - source[1]),
        to_peer=await client.get_input_entity(-(10**12) - target[1]),
        id=ids,
        drop_author=True,
    )
    await client(request)


async def source_ids(running: Running) -> list[int]:
    pair = running.info.pairs[0]
    found = await running.control.messages(pair.source, running.person, limit=200)
    assert len(found) == 150
    return [m.id for m in found if m.kind != "service"]


async def test_compares_what_a_real_client_copied(running: Running) -> None:
    pair, ids = running.info.pairs[0], await source_ids(running)
    async with running.client() as client:
        for start in range(0, len(ids), 100):
            await copy(client, pair.source, pair.target, ids[start : start + 100])
        result = await running.control.compare(pair.source, pair.target)
        assert (result.missing.count, result.doubled.count, result.copied) == (0, 0, len(ids))
        last = await running.control.last_id(pair.target)
        await copy(client, pair.source, pair.target, ids[:3])
        result = await running.control.compare(pair.source, pair.target)
        assert (result.doubled.count, result.same) == (3, False)
        await running.control.delete_messages(pair.target, running.person, [last])
        assert (await running.control.compare(pair.source, pair.target)).missing.first == [ids[-1]]
    assert (await running.control.compare(pair.source, pair.target, target_after=10**6)).copied == 0


async def test_two_clients_see_what_is_built_later(running: Running) -> None:
    pairs = await running.control.build(jobs=2, messages=30, seed=5)
    assert [await running.control.count(p.source) for p in pairs] == [30, 30]
    channel = await running.control.add_channel("Side room", running.person, username="side_room")
    ids = await running.control.post(channel, running.person, ["a", "b", "c"])
    assert ids == [2, 3, 4]
    other = await running.control.add_user("Other", phone="99966110099")
    await running.control.set_member(channel, other.id, "member")
    async with TelegramClient(StringSession(other.session), 1, "x") as client:
        assert (await client.get_me()).id == other.id
        assert [m.text async for m in client.iter_messages("side_room", limit=3)] == ["c", "b", "a"]
    assert {c.title for c in await running.control.chats()} >= {"Side room", pairs[0].title}
    assert {u.name for u in await running.control.users()} >= {"Other"}


async def test_a_fault_is_met_and_counted(running: Running) -> None:
    number = await running.control.set_fault("messages.getHistory", "flood", seconds=7)
    async with running.client() as client:
        waiting = asyncio.create_task(running.control.wait_for_fault(number))
        await client.get_dialogs()
        with pytest.raises(errors.FloodWaitError) as e:
            await client.get_messages(-(10**12) - running.info.pairs[0].source[1], limit=1)
        assert e.value.seconds == 7
        assert await waiting == 1
        calls = await running.control.calls()
        assert calls["messages.getHistory"] == 1
        await running.control.clear_calls()
        assert (await running.control.calls()).get("messages.getHistory", 0) == 0


async def test_a_held_call_waits_for_its_release(running: Running) -> None:
    number = await running.control.set_fault("messages.getHistory", "hold_before")
    async with running.client() as client:
        await client.get_dialogs()
        chat = -(10**12) - running.info.pairs[0].source[1]
        reading = asyncio.create_task(client.get_messages(chat, limit=1))
        assert await running.control.wait_for_fault(number) == 1
        assert not reading.done()
        await running.control.release_fault(number)
        assert len(await asyncio.wait_for(reading, 5)) == 1


async def test_limits_modes_and_nonsense(running: Running) -> None:
    await running.control.set_limits({"methods": "messages.forwardMessages", "messages": 10, "window": 60})
    ids = (await source_ids(running))[:11]
    pair = running.info.pairs[0]
    async with running.client() as client:
        await copy(client, pair.source, pair.target, ids[:10])
        with pytest.raises(errors.FloodWaitError):
            await copy(client, pair.source, pair.target, ids[10:])
    await running.control.set_limits()
    async with running.client() as client:  # the first one remembers that it was told to wait
        await copy(client, pair.source, pair.target, ids[10:])
    await running.control.set_random_id_mode("duplicate")
    for refused in (
        running.control.set_random_id_mode("amnesia"),
        running.control.set_fault("x", "explode"),
        running.control.set_fault("x", "flood", colour="red"),
        running.control.set_limits({"methods": "x"}),
        running.control.release_fault(99),
        running.control.wait_for_fault(99),
        running.control.count(("channel", 42)),
        running.control.count(("planet", 42)),
        running.control.session(42),
        running.control.change_channel(pair.target, members={}),
    ):
        with pytest.raises(ControlError):
            await refused


async def test_revoked_is_logged_out(running: Running) -> None:
    async with running.client() as client:
        await client.get_me()
        assert await running.control.revoke(running.person) >= 1
        with pytest.raises((errors.AuthKeyUnregisteredError, errors.SessionRevokedError)):
            await client.get_dialogs()
        session = StringSession(await running.control.session(running.person))
        async with TelegramClient(session, 1, "x") as again:
            assert (await again.get_me()).id == running.person


async def test_a_protected_chat(running: Running) -> None:
    pair, ids = running.info.pairs[0], await source_ids(running)
    await running.control.change_channel(pair.source, noforwards=True)
    async with running.client() as client:
        with pytest.raises(errors.ChatForwardsRestrictedError):
            await copy(client, pair.source, pair.target, ids[:1])


async def test_people_talk_to_the_bot(running: Running) -> None:
    api = TelegramAPIServer.from_base(running.info.bot_api_server)
    async with Bot(running.info.bot_token, AiohttpSession(api=api)) as bot:
        await running.control.say(running.person, running.bot_chat, "/start now")
        update = (await bot.get_updates(timeout=5))[0]
        assert update.message is not None
        assert update.message.text == "/start now"
        keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
        await bot.send_message(running.person, "Ready?", reply_markup=keyboard)  # type: ignore[arg-type]
        asked = (await running.control.messages(running.bot_chat, running.person))[-1]
        assert (asked.text, asked.buttons[0][0]["text"]) == ("Ready?", "Go")
        pressing = asyncio.create_task(
            running.control.press(running.person, running.bot_chat, asked.id, "go")
        )
        update = (await bot.get_updates(offset=update.update_id + 1, timeout=5))[0]
        assert update.callback_query is not None
        await bot.answer_callback_query(update.callback_query.id, text="Gone")
        assert (await pressing)["text"] == "Gone"
        statistics = await running.control.statistics()
        assert (statistics.refused, statistics.channels) == (0, 2)
        assert statistics.memory > 10 << 20


async def test_only_who_holds_the_token_may_steer(running: Running) -> None:
    async with ControlClient(running.info.control_url, "guess") as stranger:
        with pytest.raises(ControlError, match="token"):
            await stranger.statistics()
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{running.info.control_url}/statistics") as answer:
            assert answer.status == 401
        headers = {"Authorization": f"Bearer {running.info.control_token}"}
        for path, body, status in (
            ("nonsense", "{}", 404),
            ("count", "{", 400),
            ("count", "[]", 400),
            ("count", "{}", 400),
            ("__init__", "{}", 404),
        ):
            url = f"{running.info.control_url}/{path}"
            async with http.post(url, data=body, headers=headers) as answer:
                assert answer.status == status
                assert "error" in await answer.json()
