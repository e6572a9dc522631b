"""What the control lets happen to chats and accounts, at once or when a call meets a fault."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors
from telethon.tl.functions.messages import ForwardMessagesRequest, GetHistoryRequest

from sandbox.control import ControlError
from sandbox.world import Peer
from tests.sandbox.control_stage import Running

HISTORY, FORWARD = "messages.getHistory", "messages.forwardMessages"


async def read(client: Any, chat: Peer) -> Any:
    peer = await client.get_input_entity(-(10**12) - chat[1])
    return await client(GetHistoryRequest(peer, 0, None, 0, 10, 0, 0, 0))


async def test_rights_are_taken_and_given_back_when_a_call_comes(running: Running) -> None:
    pair, me = running.info.pairs[0], running.person
    taken = ["set_member", {"chat": pair.target, "user": me, "role": None}]
    number = await running.control.set_fault(HISTORY, "pass", target=pair.target, skip=1, then=taken)
    async with running.client() as client:
        await client.get_dialogs()
        await read(client, pair.target)
        await read(client, pair.source)
        with pytest.raises(errors.ChannelPrivateError):
            await read(client, pair.target)
        assert await running.control.fault_hits(number) == 1
        await running.control.set_member(pair.target, me, "creator")
        assert (await read(client, pair.target)).messages


async def test_a_deleted_chat_is_gone_for_its_owner_and_still_compared(running: Running) -> None:
    pair = running.info.pairs[0]
    deleted = ["delete_chat", {"chat": pair.target}]
    await running.control.set_fault(FORWARD, "after_answer", then=deleted)
    async with running.client() as client:
        await client.get_dialogs()
        chats = [await client.get_input_entity(-(10**12) - p[1]) for p in (pair.source, pair.target)]
        ids = [m.id for m in (await read(client, pair.source)).messages][::-1]
        await client(ForwardMessagesRequest(chats[0], ids, chats[1], drop_author=True))
        with pytest.raises(errors.ChannelPrivateError):
            await client(ForwardMessagesRequest(chats[0], ids, chats[1], drop_author=True))
        with pytest.raises(errors.ChannelPrivateError):
            await read(client, pair.target)
    assert (await running.control.compare(pair.source, pair.target)).copied > 0


async def test_an_account_is_revoked_at_its_second_reading(running: Running) -> None:
    revoked = ["revoke", {"user": running.person}]
    await running.control.set_fault(HISTORY, "pass", user=running.person, skip=1, then=revoked)
    async with running.client() as client:
        await client.get_dialogs()
        await read(client, running.info.pairs[0].source)
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await read(client, running.info.pairs[0].source)


async def test_one_target_may_have_a_mode_of_its_own(running: Running) -> None:
    pair = running.info.pairs[0]
    await running.control.set_random_id_mode("forgotten", pair.target)
    async with running.client() as client:
        await client.get_dialogs()
        source = await client.get_input_entity(-(10**12) - pair.source[1])
        ids = [m.id for m in (await read(client, pair.source)).messages if m.message][:1]
        copies = []
        for chat in (pair.target, pair.target, pair.source, pair.source):
            before = await running.control.count(chat)
            to = await client.get_input_entity(-(10**12) - chat[1])
            await client(ForwardMessagesRequest(source, ids, to, random_id=[5], drop_author=True))
            copies.append(await running.control.count(chat) - before)
        assert copies == [1, 1, 1, 0]


async def test_answers_take_the_latency(running: Running) -> None:
    async with running.client() as client:
        await client.get_dialogs()
        await running.control.set_latency(0.3)
        loop_time = client.loop.time
        began = loop_time()
        await read(client, running.info.pairs[0].source)
        assert loop_time() - began >= 0.3
        await running.control.set_latency(0)


async def test_a_channel_is_filled_with_a_mixture(running: Running) -> None:
    channel = await running.control.add_channel("Mixture", running.person)
    ids = await running.control.fill(channel, messages=200, seed=4)
    found = await running.control.messages(channel, running.person, limit=200)
    assert [m.id for m in found if m.kind != "service"] == ids
    assert any(m.grouped_id for m in found)
    assert len(found) == 200


async def test_a_basic_group_is_made_filled_and_deleted(running: Running) -> None:
    group = await running.control.add_group("Crew", running.person)
    ids = await running.control.post(group, running.person, ["a", "b"])
    async with running.client() as client:
        await client.get_dialogs()
        found = await client.get_messages(-group[1], limit=2)
        assert [m.id for m in found] == ids[::-1]
        await running.control.delete_chat(group)
        with pytest.raises(errors.ChatIdInvalidError):
            await client.get_messages(-group[1], limit=2)


async def test_a_quiz_that_was_not_answered_is_not_forwarded(running: Running) -> None:
    pair = running.info.pairs[0]
    other = await running.control.add_user("Somebody")
    await running.control.set_member(pair.source, other.id, "admin")
    quiz = await running.control.post_quiz(pair.source, other.id, "Really?")
    async with running.client() as client:
        await client.get_dialogs()
        chats = [await client.get_input_entity(-(10**12) - p[1]) for p in (pair.source, pair.target)]
        with pytest.raises(errors.QuizAnswerMissingError):
            await client(ForwardMessagesRequest(chats[0], [quiz], chats[1], drop_author=True))


async def test_nonsense_is_refused(running: Running) -> None:
    for then in (["messages", {}], ["__init__", {}], ["explode", {}]):
        with pytest.raises(ControlError, match="can happen"):
            await running.control.set_fault("*", "pass", then=then)
    with pytest.raises(ControlError):
        await running.control.set_random_id_mode("amnesia", running.info.pairs[0].target)
