"""Basic groups: everybody numbers the messages for themselves."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, events, functions, types

from sandbox.world import Group
from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until

m = functions.messages


@pytest.fixture
def group(stage: Stage) -> Group:
    stage.world.send(stage.bob.id, ("user", stage.bob.id), [{"text": "a note of Bob's, to part the numbers"}])
    return stage.world.add_group("Friends", stage.alice, [stage.bob])


async def test_messages_reach_everybody_under_their_own_numbers(stage: Stage, group: Group) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    here, there = await stage.entity(a, "Friends"), await stage.entity(b, "Friends")
    seen: list[Any] = []
    b.add_event_handler(lambda ev: seen.append(ev.message), events.NewMessage)
    sent = await a.send_message(here, "hello")
    await until(lambda: bool(seen))
    assert seen[0].text == "hello" and seen[0].id == sent.id + 1 and seen[0].sender_id == stage.alice.id
    answer = await b.send_message(there, "yes?", reply_to=seen[0].id)
    assert answer.reply_to_msg_id == seen[0].id
    got = (await a.get_messages(here, limit=1))[0]
    assert got.reply_to_msg_id == sent.id
    assert [x.text async for x in a.iter_messages(here, reverse=True) if not x.action] == ["hello", "yes?"]


async def test_edits_and_deletions_reach_every_copy(stage: Stage, group: Group) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    here, there = await stage.entity(a, "Friends"), await stage.entity(b, "Friends")
    sent = await a.send_message(here, "first")
    await a.edit_message(sent, "second")
    assert (await b.get_messages(there, limit=1))[0].text == "second"
    await a.delete_messages(here, [sent.id])
    assert (await b.get_messages(there, limit=1))[0].action is not None


async def test_forwards_into_and_out_of_a_group(stage: Stage, group: Group) -> None:
    stage.post(stage.src, stage.alice, 3)
    a = await stage.client(stage.alice)
    src, here = await a.get_input_entity("source"), await stage.entity(a, "Friends")
    first = await a(m.ForwardMessagesRequest(src, [2, 3], here, random_id=[1, 2]))
    again = await a(m.ForwardMessagesRequest(src, [2, 3], here, random_id=[1, 2]))
    ids = [[u.id for u in x.updates if isinstance(u, types.UpdateMessageID)] for x in (first, again)]
    assert ids[0] == ids[1] and len(ids[0]) == 2
    dst = await stage.entity(a, "Copy")
    await a.forward_messages(dst, ids[0], here)
    assert stage.texts(stage.dst) == ["post 0", "post 1"]


async def test_full_chat_and_members(stage: Stage, group: Group) -> None:
    a = await stage.client(stage.alice)
    carol = stage.world.add_user("Carol", username="carol")
    await a(m.AddChatUserRequest(group.id, await a.get_input_entity("carol"), 0))
    full = await a(m.GetFullChatRequest(group.id))
    assert {p.user_id for p in full.full_chat.participants.participants} == set(group.members)
    await a(m.DeleteChatUserRequest(group.id, await a.get_input_entity("carol")))
    assert carol.id not in group.members
    c = await stage.client(carol)
    with pytest.raises(errors.ChatWriteForbiddenError):
        await c.send_message(await stage.entity(c, "Friends"), "still here?")


async def test_made_over_the_wire(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    made = await a(m.CreateChatRequest([await a.get_input_entity("bob")], "New"))
    chat = made.updates.chats[0]
    assert stage.world.chats[chat.id].members == {stage.alice.id: "creator", stage.bob.id: "member"}
    assert isinstance(made.updates.updates[0].message.action, types.MessageActionChatCreate)
    await a(m.EditChatTitleRequest(chat.id, "Newer"))
    assert (await stage.entity(a, "Newer")).id == chat.id


async def test_migration(stage: Stage, group: Group) -> None:
    a = await stage.client(stage.alice)
    here = await stage.entity(a, "Friends")
    old = await a.send_message(here, "old")
    await a(m.MigrateChatRequest(group.id))
    dialogs = [d.entity for d in await a.get_dialogs() if d.name == "Friends"]
    new = next(e for e in dialogs if isinstance(e, types.Channel))
    gone = next(e for e in dialogs if isinstance(e, types.Chat))
    assert gone.deactivated and gone.migrated_to.channel_id == new.id
    full = (await a(functions.channels.GetFullChannelRequest(new))).full_chat
    assert (full.migrated_from_chat_id, full.migrated_from_max_id) == (group.id, old.id + 1)
    last, first = await a.get_messages(gone, limit=2)
    assert last.action.channel_id == new.id and first.text == "old"
    with pytest.raises(errors.ChatWriteForbiddenError):
        await a.send_message(here, "too late")
