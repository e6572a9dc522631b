"""Who is let in, and what the others are told."""

from __future__ import annotations

from sandbox.botapi.ids import chat_id
from tests.bot.stage import Stage


async def test_a_stranger_learns_how_to_ask(stage: Stage) -> None:
    told = await stage.eve.ask("/clone @news @archive")
    assert f"give the operator your number: {stage.eve.user.id}" in told.text
    for _ in range(3):
        stage.eve.write("hello?")
    await stage.alice.ask("/start")
    assert len(stage.eve.new) == 1, "at most once a minute"
    assert not stage.engine.orders


async def test_in_a_group_the_sender_counts(stage: Stage) -> None:
    alice, eve = stage.group(stage.alice, stage.eve)
    eve.write("just talking to the others")
    eve.write("/clone@other_bot @a @b")
    alice.write("we too")
    await alice.ask("/jobs")
    eve.write("/jobs")
    await eve.shows("give the operator your number")
    assert len(alice.new) == 2


async def test_a_hidden_sender_is_asked_to_show_themselves(stage: Stage) -> None:
    """An anonymous admin comes as Telegram's own "GroupAnonymousBot", the same one in every group."""
    (alice,) = stage.group(stage.alice)
    chat = {"id": chat_id(alice.peer), "type": "supergroup", "title": "Group"}
    sender = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    command = {"type": "bot_command", "offset": 0, "length": 5}
    message = {"message_id": 9, "date": 1, "chat": chat, "from": sender, "sender_chat": chat}
    message |= {"text": "/jobs", "entities": [command]}
    stage.api.inbox(stage.bot.id).push("message", lambda: message)
    await alice.shows("I can't see who you are.")
