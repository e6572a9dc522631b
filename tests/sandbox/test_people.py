"""Private chats: protected as soon as one of both wishes so, and closed to new polls."""

from __future__ import annotations

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

m = functions.messages


async def test_both_are_told_who_protects_their_chat_and_neither_forwards_from_it(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    sent = await a.send_message("bob", "between us")
    await a(m.ToggleNoForwardsRequest("bob", True))
    mine = (await a(functions.users.GetFullUserRequest("bob"))).full_user
    theirs = (await b(functions.users.GetFullUserRequest("alice"))).full_user
    assert (mine.noforwards_my_enabled, mine.noforwards_peer_enabled) == (True, False)
    assert (theirs.noforwards_my_enabled, theirs.noforwards_peer_enabled) == (False, True)
    received = (await b.get_messages("alice", limit=1))[0]
    for attempt in (
        a.forward_messages("me", [sent.id], "bob"),
        b.forward_messages("me", [received.id], "alice"),
    ):
        with pytest.raises(errors.ChatForwardsRestrictedError):
            await attempt
    await a(m.ToggleNoForwardsRequest("bob", False))
    await b.forward_messages("me", [received.id], "alice")


async def test_polls_are_forwarded_to_people_but_not_sent(stage: Stage) -> None:
    poll = stage.world.add_media("poll", poll={"question": "?", "answers": ["a", "b"]})
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": poll}])
    a = await stage.client(stage.alice)
    answers = [types.InputPollAnswer(types.TextWithEntities(word, [])) for word in "ab"]
    new = types.InputMediaPoll(types.Poll(0, types.TextWithEntities("?", []), answers, hash=0))
    with pytest.raises(errors.MediaInvalidError):
        await a(m.SendMediaRequest("bob", new, "", random_id=1))
    await a(m.SendMediaRequest("me", new, "", random_id=2))
    await a(m.ForwardMessagesRequest("source", [2], "bob", random_id=[3], drop_author=True))
