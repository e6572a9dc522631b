"""What a client missed while it was away."""

from __future__ import annotations

from typing import Any

from telethon import events, functions, types

from sandbox.world.box import LOG_LIMIT
from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until


async def test_private_messages_missed_while_away(stage: Stage) -> None:
    b = await stage.client(stage.bob, catch_up=True)
    await b.get_me()
    seen: list[str] = []
    b.add_event_handler(lambda ev: seen.append(ev.message.text), events.NewMessage)
    me = ("user", stage.bob.id)
    stage.world.send(stage.alice.id, me, [{"text": "here"}])
    await until(lambda: seen == ["here"])
    await b.disconnect()
    sent = stage.world.send(stage.alice.id, me, [{"text": f"missed {i}"} for i in range(3)])
    stage.world.delete(stage.alice.id, me, [sent[1][1].id])
    await b.connect()
    await until(lambda: len(seen) == 3)
    assert seen == ["here", "missed 0", "missed 2"]


async def test_own_sends_are_told_to_the_other_device_only(stage: Stage) -> None:
    a, other = await stage.client(stage.alice), await stage.client(stage.alice)
    await other.get_me()
    seen: list[Any] = []
    for client in (a, other):
        client.add_event_handler(lambda ev: seen.append(ev.message.text), events.NewMessage)
    await a.send_message("bob", "from the first device")
    await until(lambda: bool(seen))
    await other.get_me()
    assert seen == ["from the first device"]


async def test_private_messages_by_number(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    sent = await a.send_message("bob", "hello")
    assert (await a.get_messages("bob", ids=sent.id)).text == "hello"
    assert await a.get_messages("bob", ids=sent.id + 7) is None
    peers = [await a.get_input_entity(x) for x in ("bob", "source")]
    await a.send_message("source", "in the channel")
    dialogs = await a(functions.messages.GetPeerDialogsRequest(peers))
    assert [m.message for m in dialogs.messages] == ["hello", "in the channel"]


async def test_too_long_ago_is_said_to_be_so(stage: Stage) -> None:
    box = stage.world.boxes["channel", stage.src.id]
    for _ in range(2 * LOG_LIMIT):
        box.bump("delete", [1], 1)
    a = await stage.client(stage.alice)
    src = await a.get_input_entity("source")
    answer = await a(
        functions.updates.GetChannelDifferenceRequest(src, types.ChannelMessagesFilterEmpty(), 1, 100)
    )
    assert answer.final and answer.dialog.pts == box.pts
