"""What a client reads: chat lists, histories both ways, topics, lost updates."""

from __future__ import annotations

import pytest
from telethon import errors, events, functions, types

from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until


async def test_history_both_ways(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 250)
    c = await stage.client(stage.alice)
    names = {d.name for d in await c.get_dialogs()}
    assert {"Source", "Copy"} <= names
    e = await c.get_entity("source")
    new = [m.id async for m in c.iter_messages(e, wait_time=0)]
    old = [m.id async for m in c.iter_messages(e, reverse=True, wait_time=0)]
    assert new == old[::-1] and len(new) == 251
    after = [m.id async for m in c.iter_messages(e, min_id=100, reverse=True, wait_time=0)]
    assert after == list(range(101, 252))
    assert [m.id async for m in c.iter_messages(e, max_id=100, limit=5)] == [99, 98, 97, 96, 95]
    there, missing = await c.get_messages(e, ids=[2, 9999])
    assert there.text == "post 0" and missing is None
    found = [m.text async for m in c.iter_messages(e, search="post 24", limit=3)]
    assert found == ["post 249", "post 248", "post 247"]


async def test_access_hashes_belong_to_one_account(stage: Stage) -> None:
    alice, bob = await stage.client(stage.alice), await stage.client(stage.bob)
    e = await alice.get_entity("source")
    with pytest.raises(errors.ChannelInvalidError):
        await bob(functions.channels.GetChannelsRequest([types.InputChannel(e.id, e.access_hash)]))


async def test_lost_update_is_fetched(stage: Stage) -> None:
    w = stage.world
    b = await stage.client(stage.bob, catch_up=True)
    await b.get_dialogs()
    seen: list[str] = []
    b.add_event_handler(lambda ev: seen.append(ev.message.text), events.NewMessage)
    target = ("channel", stage.dst.id)
    w.send(stage.alice.id, target, [{"text": "live"}])
    await until(lambda: seen == ["live"])
    for s in stage.mtproto.sessions(stage.bob.id):
        s.wants_updates = False
    w.send(stage.alice.id, target, [{"text": "lost"}])
    for s in stage.mtproto.sessions(stage.bob.id):
        s.wants_updates = True
    w.send(stage.alice.id, target, [{"text": "after"}])
    await until(lambda: len(seen) == 3)
    assert seen == ["live", "lost", "after"]
    assert ("updates.getChannelDifference", stage.bob.id) in w.calls


async def test_topics(stage: Stage) -> None:
    w = stage.world
    forum = w.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    top = w.add_topic(forum, "One")
    a = await stage.client(stage.alice)
    e = await a.get_entity("forum")
    listed = await a(functions.messages.GetForumTopicsRequest(e, None, 0, 0, 100))
    assert [x.title for x in listed.topics] == ["One", "General"]
    m = await a.send_message(e, "in topic", reply_to=top.id)
    assert m.reply_to.forum_topic and m.reply_to.reply_to_msg_id == top.id
    await a.send_message(e, "general")
    assert [x.id async for x in a.iter_messages(e, reply_to=top.id)] == [m.id]
    stage.post(stage.src, stage.alice, 3)
    src = await a.get_entity("source")
    await a(functions.messages.ForwardMessagesRequest(src, [2, 3], e, top_msg_id=top.id))
    assert len([1 async for _ in a.iter_messages(e, reply_to=top.id)]) == 3


async def test_authors_who_are_not_in_this_world(stage: Stage) -> None:
    for origin in (("user", 5), ("channel", 6), ("chat", 7)):
        header = {"date": 1_600_000_000, "from": origin, "post": None}
        stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"text": "old", "fwd": header}])
    a = await stage.client(stage.alice)
    found = await a.get_messages("source", ids=[2, 3, 4])
    assert [m.fwd_from.from_id.to_dict()["_"] for m in found] == ["PeerUser", "PeerChannel", "PeerChat"]
