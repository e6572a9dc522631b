"""Building and spoiling from another process: every kind of message, topics, comments, profiles."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import types
from telethon.tl import functions

from sandbox.control import ControlError
from sandbox.world import Peer
from tests.sandbox.control_stage import Running

m, ch = functions.messages, functions.channels


async def channel(running: Running, name: str, **fields: Any) -> Peer:
    return await running.control.add_channel(name.title(), running.person, username=name, **fields)


async def test_messages_with_all_that_survives_json(running: Running) -> None:
    c, news = running.control, await channel(running, "news_room")
    (first,) = await c.post(news, running.person, ["plain"])
    bold = {"type": "bold", "offset": 0, "length": 4}
    link = {"type": "text_url", "offset": 5, "length": 4, "url": "https://t.me/news_room/2"}
    rich: dict[str, Any] = {
        "text": "bold link",
        "entities": [bold, link],
        "reply_to": first,
        "quote": {"text": "plain", "offset": 0},
        "fwd": {"date": 1_600_000_000, "from": ["channel", 7], "post": 3},
        "signature": "Ed",
    }
    pictures = [{"text": "one", "media": {"kind": "photo", "data": "a"}}, {"media": {"kind": "photo"}}]
    (styled,) = await c.post(news, running.person, [rich])
    album = await c.post(news, running.person, pictures, album=True)
    async with running.client() as client:
        seen = await client.get_messages("news_room", ids=[styled, *album])
    assert [type(e) for e in seen[0].entities] == [types.MessageEntityBold, types.MessageEntityTextUrl]
    assert seen[0].reply_to.quote_text == "plain" and seen[0].fwd_from.channel_post == 3
    assert seen[1].grouped_id == seen[2].grouped_id and seen[1].photo and seen[1].message == "one"
    for wrong in ({"id": 5}, {"text": "x", "entities": [{"type": "loud", "offset": 0, "length": 1}]}):
        with pytest.raises(ControlError):
            await c.post(news, running.person, [wrong])


async def test_a_forum(running: Running) -> None:
    c, forum = running.control, await channel(running, "the_forum", megagroup=True, forum=True)
    topic = await c.add_topic(forum, "Ideas", color=0xFFD67E, emoji=77)
    await c.set_topic(forum, topic, title="Plans", icon=78, closed=True, pinned=True)
    await c.set_topic(forum, 1, hidden=True)
    said = await c.post(forum, running.person, [{"text": "inside", "topic": topic}])
    plans, general = await c.topics(forum)
    assert (plans.title, plans.color, plans.emoji, plans.closed, plans.pinned) == (
        "Plans",
        0xFFD67E,
        78,
        True,
        True,
    )
    assert general.hidden and [x.topic for x in await c.messages(forum, running.person, limit=1)] == [topic]
    await c.pin(forum, said[0])
    assert await c.pinned(forum) == said
    await c.pin(forum, said[0], pinned=False)
    assert await c.pinned(forum) == []
    assert await c.delete_topic(forum, topic) == 5  # made, renamed, closed, said, pinned
    with pytest.raises(ControlError, match="TOPIC_ID_INVALID"):
        await c.set_topic(forum, topic, title="Late")


async def test_comments(running: Running) -> None:
    c = running.control
    news, group = await channel(running, "news_room"), await channel(running, "talk_room", megagroup=True)
    await c.link_discussion(news, group)
    pictures = [{"text": "one", "media": {"kind": "photo"}}, {"media": {"kind": "photo"}}]
    album = await c.post(news, running.person, pictures, album=True)
    roots = await c.roots(news, album[1])
    (said,) = await c.comment(news, album[1], running.person, ["nice"])
    (below,) = await c.comment(news, album[0], running.person, [{"text": "indeed"}], reply_to=said)
    views = await c.messages(group, running.person, limit=2)
    assert [(v.reply_to, v.top) for v in views] == [(roots[0], roots[0]), (said, roots[0])]
    assert [v.id for v in views] == [said, below] and len(roots) == 2
    await c.set_appear_delay(3600)
    (late,) = await c.post(news, running.person, ["late"])
    with pytest.raises(ControlError, match="not appeared"):
        await c.comment(news, late, running.person, ["where?"])
    await c.link_discussion(news, None)
    with pytest.raises(ControlError):
        await c.roots(news, album[0])


async def test_profiles_rights_and_growth(running: Running) -> None:
    c = running.control
    news = await channel(running, "news_room")
    number = await c.set_photo(news, "a face")
    await c.change_channel(news, about="all of it", usernames=["bought_name"])
    other = await c.add_user("Other")
    await c.set_rights(news, other.id, ["pin_messages"])
    await c.change_user(other.id, premium=True)
    async with running.client() as client:
        full = (await client(ch.GetFullChannelRequest("bought_name"))).full_chat
        assert (full.chat_photo.id, full.about) == (number, "all of it")
        admins = await client.get_participants("news_room", filter=types.ChannelParticipantsAdmins())
        lacking = next(x for x in admins if x.id == other.id)
        rights = lacking.participant.admin_rights
        assert rights.post_messages and not rights.pin_messages and lacking.premium
        group = await c.add_group("Small", running.person, [other.id])
        await c.say(other.id, group, "before")
        new = await c.migrate(group)
        await client.get_dialogs()
        found = await client(ch.GetFullChannelRequest(await client.get_entity(types.PeerChannel(new[1]))))
        assert found.full_chat.migrated_from_chat_id == group[1]
    assert await c.set_photo(news, None) is None


async def test_damage(running: Running) -> None:
    c, news = running.control, await channel(running, "news_room")
    pictures = [{"text": "one", "media": {"kind": "photo"}}, {"media": {"kind": "photo"}}]
    album = await c.post(news, running.person, pictures, album=True)
    plain, other = await c.post(news, running.person, ["plain", "other"])
    await c.edit_message(news, plain, "edited")
    await c.alter(news, other, text="altered", reply_to=plain, pinned=True)
    again = await c.repost(news, album)
    await c.alter(news, album[1], media=None, grouped_id=None, text="no picture")
    views = {v.id: v for v in await c.messages(news, running.person)}
    assert views[plain].text == "edited" and views[plain].edit_date
    assert (views[other].text, views[other].edit_date, views[other].reply_to) == ("altered", None, plain)
    assert await c.pinned(news) == [other]
    assert views[again[0]].media == views[album[0]].media and views[again[1]].kind == "photo"
    assert (views[album[1]].kind, views[album[1]].grouped_id) == ("text", None)
    assert views[again[0]].grouped_id == views[again[1]].grouped_id != views[album[0]].grouped_id
    async with running.client() as client:
        assert (await client.get_messages("news_room", ids=other)).message == "altered"
    with pytest.raises(ControlError, match="no message 999"):
        await c.alter(news, 999, text="x")


async def test_damage_moves_a_message_to_another_topic(running: Running) -> None:
    c, forum = running.control, await channel(running, "the_forum", megagroup=True, forum=True)
    one, two = await c.add_topic(forum, "One"), await c.add_topic(forum, "Two")
    (said,) = await c.post(forum, running.person, [{"text": "inside", "topic": one}])
    await c.alter(forum, said, topic=two)
    assert {t.id: t.messages for t in await c.topics(forum)} == {1: 1, one: 0, two: 1}


async def test_damage_when_a_call_is_met(running: Running) -> None:
    c, news = running.control, await channel(running, "news_room")
    (plain,) = await c.post(news, running.person, ["plain"])
    then = ["alter", {"chat": news, "message": plain, "text": "changed meanwhile"}]
    await c.set_fault("messages.getHistory", "pass", then=then)
    async with running.client() as client:
        assert (await client.get_messages("news_room", limit=1))[0].message == "changed meanwhile"
