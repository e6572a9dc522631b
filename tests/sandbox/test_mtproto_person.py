"""A person on the sandbox: says, waits, presses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telethon.sessions import StringSession

from sandbox.person import Person
from sandbox.testing import server_key
from sandbox.world import Event
from tests.sandbox.stage import Stage


@pytest.fixture
async def alice(stage: Stage) -> AsyncIterator[Person]:
    session = StringSession.save(stage.mtproto.session_for(stage.alice.id))
    where = {"host": stage.mtproto.host, "port": stage.mtproto.port}
    async with Person(**where, public_key=server_key().public_pem, session=session) as p:
        yield p


async def test_waits_for_a_new_message_and_for_an_edit(stage: Stage, alice: Person) -> None:
    w = stage.world
    bot = w.add_bot("copy_bot")
    said = await alice.say("@copy_bot", "/start **now**")
    assert said.message == "/start **now**"
    ((_, answer),) = w.send(bot.id, ("user", stage.alice.id), [{"text": "0 of 10"}])
    got = await alice.wait_for("@copy_bot", lambda m: "of 10" in m.text, 5)
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, lambda: w.edit(bot.id, ("user", stage.alice.id), answer.id, text="done"))
    done = await alice.wait_for("@copy_bot", lambda m: m.text == "done", 5)
    assert done.id == got.id
    assert [m.text for m in await alice.messages("@copy_bot")] == ["/start **now**", "done"]


async def test_timeout_tells_what_was_said_last(alice: Person) -> None:
    await alice.say("@bob", "hello")
    with pytest.raises(TimeoutError, match="hello"):
        await alice.wait_for("@bob", lambda m: m.text == "never", 0.1)


async def test_presses_by_label_and_by_data(stage: Stage, alice: Person) -> None:
    w = stage.world
    bot = w.add_bot("copy_bot")
    rows = [[{"text": n, "callback_data": f"job:1:{n.lower()}"} for n in ("Pause", "Stop")]]
    w.send(bot.id, ("user", stage.alice.id), [{"text": "Job 1", "markup": rows}])

    def answer(event: Event) -> None:
        if event.kind == "callback":
            assert event.extra["bot"] == bot.id
            w.answer_callback(event.extra["id"], text=event.extra["data"].decode(), show_alert=True)

    w.listeners.append(answer)
    card = await alice.wait_for("@copy_bot", lambda m: bool(m.buttons), 5)
    assert (await alice.press(card, "Pause")).message == "job:1:pause"
    assert (await alice.press(card, b"job:1:stop")).message == "job:1:stop"
    with pytest.raises(LookupError, match="Pause, Stop"):
        await alice.press(card, "Continue")
