"""Forum topics: made, found page by page, changed, pinned, deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Channel, Fault
from sandbox.world.topics import FREE_ICONS
from tests.sandbox.stage import Stage

m = functions.messages
ICON = FREE_ICONS[3]


@pytest.fixture
def forum(stage: Stage) -> Channel:
    made = stage.world.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    made.members[stage.bob.id] = "member"
    return made


async def listed(client: Any, **asked: Any) -> Any:
    values = {"offset_date": None, "offset_id": 0, "offset_topic": 0, "limit": 100} | asked
    return await client(m.GetForumTopicsRequest("forum", **values))


def ids_of(answer: Any) -> list[int]:
    return [u.id for u in answer.updates if isinstance(u, types.UpdateMessageID)]


async def test_general_is_there_from_the_beginning(stage: Stage, forum: Channel) -> None:
    a = await stage.client(stage.alice)
    (general,) = (await listed(a)).topics
    assert (general.id, general.title, general.top_message) == (1, "General", 1)
    talk = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    with pytest.raises(errors.ChannelForumMissingError):
        await a(m.GetForumTopicsRequest("talk", None, 0, 0, 1))
    await a(functions.channels.ToggleForumRequest("talk", True, False))
    assert [x.title for x in (await a(m.GetForumTopicsRequest("talk", None, 0, 0, 1))).topics] == ["General"]
    assert talk.forum


async def test_made_with_its_icon(stage: Stage, forum: Channel) -> None:
    a = await stage.client(stage.alice)
    call = m.CreateForumTopicRequest("forum", "News", icon_color=0xFFD67E, icon_emoji_id=ICON, random_id=5)
    made = await a(call)
    action = next(u for u in made.updates if isinstance(u, types.UpdateNewChannelMessage)).message.action
    assert (action.title, action.icon_color, action.icon_emoji_id) == ("News", 0xFFD67E, ICON)
    (topic, unknown) = (await a(m.GetForumTopicsByIDRequest("forum", [*ids_of(made), 99]))).topics
    assert (topic.title, topic.icon_color, topic.icon_emoji_id, topic.my) == ("News", 0xFFD67E, ICON, True)
    assert isinstance(unknown, types.ForumTopicDeleted)


async def test_what_makes_no_topic(stage: Stage, forum: Channel) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    for title, name in (("  ", "TOPIC_TITLE_EMPTY"), ("x" * 129, "TOPIC_TITLE_TOO_LONG")):
        with pytest.raises(errors.BadRequestError, match=name):
            await a(m.CreateForumTopicRequest("forum", title, random_id=1))
    with pytest.raises(errors.ChatAdminRequiredError):
        await b(m.CreateForumTopicRequest("forum", "Mine", random_id=1))
    call = m.CreateForumTopicRequest("forum", "Gold", icon_emoji_id=7, random_id=1)
    with pytest.raises(errors.DocumentInvalidError):
        await a(call)
    stage.alice.premium = True
    assert ids_of(await a(call))


@pytest.mark.parametrize(("mode", "there"), [("documented", 1), ("mapping_only", 0)])
async def test_a_repeat_makes_nothing(stage: Stage, forum: Channel, mode: str, there: int) -> None:
    stage.world.random_id_mode = mode
    a = await stage.client(stage.alice)
    call = m.CreateForumTopicRequest("forum", "News", random_id=5)
    first, again = await a(call), await a(call)
    assert ids_of(first) == ids_of(again) and len(forum.topics) == 2
    assert sum(isinstance(u, types.UpdateNewChannelMessage) for u in again.updates) == there


async def test_a_repeat_in_harsher_modes(stage: Stage, forum: Channel) -> None:
    a = await stage.client(stage.alice, request_retries=0, raise_last_call_error=True)
    call = m.CreateForumTopicRequest("forum", "News", random_id=5)
    await a(call)
    stage.world.random_id_mode = "duplicate"
    with pytest.raises(errors.RandomIdDuplicateError):
        await a(call)
    stage.world.random_id_mode = "forgotten"
    await a(call)
    assert [x.title for x in forum.topics.values()] == ["General", "News", "News"]


async def test_nobody_else_may_use_its_random_id_meanwhile(stage: Stage, forum: Channel) -> None:
    fault = Fault("messages.createForumTopic", "hold_before")
    stage.world.faults.append(fault)
    a = await stage.client(stage.alice, request_retries=0, raise_last_call_error=True)
    call = m.CreateForumTopicRequest("forum", "News", random_id=5)
    first = asyncio.create_task(a(call))
    await asyncio.wait_for(fault.hit.wait(), 8)
    with pytest.raises(errors.RandomIdDuplicateError):
        await a(call)
    fault.release()
    assert ids_of(await first) and len(forum.topics) == 2


async def test_pages(stage: Stage, forum: Channel) -> None:
    topics = [stage.world.add_topic(forum, f"Topic {i}").id for i in range(25)]
    stage.world.send(stage.alice.id, ("channel", forum.id), [{"text": "newest", "topic": topics[4]}])
    forum.pinned_topics = [topics[7], topics[2]]
    a = await stage.client(stage.alice)
    found: list[Any] = []
    offset: dict[str, Any] = {}
    while True:
        page = await listed(a, limit=10, **offset)
        if not page.topics:
            break
        found += page.topics
        last = page.topics[-1]
        date = next(x.date for x in page.messages if x.id == last.top_message)
        offset = {"offset_date": date, "offset_id": last.top_message, "offset_topic": last.id}
    rest = [i for i in reversed(topics) if i not in (topics[7], topics[2], topics[4])]
    assert [x.id for x in found] == [topics[7], topics[2], topics[4], *rest, 1]
    assert [x.id for x in found if x.pinned] == [topics[7], topics[2]] and page.count == 26
    again = await listed(a, limit=1, offset_topic=topics[3])
    assert again.topics[0].id == topics[7]  # a topic's number alone is no offset
    assert [x.title for x in (await listed(a, q="topic 1", limit=3)).topics] == [
        "Topic 19",
        "Topic 18",
        "Topic 17",
    ]


async def test_changed(stage: Stage, forum: Channel) -> None:
    topic = stage.world.add_topic(forum, "News", emoji=ICON)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)

    async def edit(who: Any = a, topic_id: int = topic.id, **changes: Any) -> Any:
        return (await who(m.EditForumTopicRequest("forum", topic_id, **changes))).updates[0].message

    said = await edit(title="Old", icon_emoji_id=0)
    assert (said.action.title, said.action.icon_emoji_id, said.action.closed) == ("Old", 0, None)
    assert said.reply_to.reply_to_msg_id == topic.id and topic.icon_emoji is None
    assert (await edit(closed=True)).action.closed and topic.closed
    refused = [
        ("TOPIC_NOT_MODIFIED", topic.id, {"closed": True}),
        ("TOPIC_NOT_MODIFIED", topic.id, {"title": "Old", "icon_emoji_id": 0}),
        ("TOPIC_CLOSE_SEPARATELY", topic.id, {"closed": False, "title": "x"}),
        ("TOPIC_HIDE_SEPARATELY", 1, {"hidden": True, "title": "x"}),
        ("GENERAL_MODIFY_ICON_FORBIDDEN", 1, {"icon_emoji_id": ICON}),
        ("TOPIC_ID_INVALID", topic.id, {"hidden": True}),
        ("TOPIC_ID_INVALID", 99, {"title": "x"}),
    ]
    for name, number, changes in refused:
        with pytest.raises(errors.BadRequestError, match=name):
            await edit(topic_id=number, **changes)
    with pytest.raises(errors.ChatAdminRequiredError):
        await edit(b, title="Bob's")


async def test_general_renamed_and_hidden(stage: Stage, forum: Channel) -> None:
    a = await stage.client(stage.alice)
    await a(m.EditForumTopicRequest("forum", 1, title="Lobby"))
    await a(m.EditForumTopicRequest("forum", 1, hidden=True))
    (general,) = (await listed(a)).topics
    assert (general.title, general.hidden, general.closed) == ("Lobby", True, True)
    await a(m.EditForumTopicRequest("forum", 1, closed=False))
    (general,) = (await listed(a)).topics
    assert not general.hidden and not general.closed


async def test_pinned(stage: Stage, forum: Channel) -> None:
    topics = [stage.world.add_topic(forum, f"Topic {i}").id for i in range(6)]
    a = await stage.client(stage.alice)
    for i in topics[:5]:
        await a(m.UpdatePinnedForumTopicRequest("forum", i, True))
    assert forum.pinned_topics == topics[4::-1]
    for number, name in ((topics[5], "PINNED_TOO_MUCH"), (topics[0], "PINNED_TOPIC_NOT_MODIFIED")):
        with pytest.raises(errors.BadRequestError, match=name):
            await a(m.UpdatePinnedForumTopicRequest("forum", number, True))
    await a(m.ReorderPinnedForumTopicsRequest("forum", [topics[0], topics[5]]))
    assert forum.pinned_topics == [topics[0], *topics[4:0:-1]]
    await a(m.ReorderPinnedForumTopicsRequest("forum", [topics[5], topics[0]], force=True))
    assert forum.pinned_topics == [topics[5], topics[0]]
    with pytest.raises(errors.BadRequestError, match="PINNED_TOO_MUCH"):
        await a(m.ReorderPinnedForumTopicsRequest("forum", topics, force=True))
    await a(m.UpdatePinnedForumTopicRequest("forum", topics[5], False))
    assert forum.pinned_topics == [topics[0]]


async def test_deleted_with_all_that_is_in_it(stage: Stage, forum: Channel) -> None:
    topic = stage.world.add_topic(forum, "News")
    forum.pinned_topics = [topic.id]
    a = await stage.client(stage.alice)
    inside = [await a.send_message("forum", f"in it {i}", reply_to=topic.id) for i in range(3)]
    await a.send_message("forum", "in General")
    gone = await a(m.DeleteTopicHistoryRequest("forum", topic.id))
    assert gone.pts_count == 4 and list(forum.topics) == [1] and not forum.pinned_topics
    assert stage.texts(forum) == ["in General"]
    with pytest.raises(errors.TopicDeletedError):
        late = types.InputReplyToMessage(inside[0].id, topic.id)
        await a(m.SendMessageRequest("forum", "late", reply_to=late))
    with pytest.raises(errors.BadRequestError, match="TOPIC_ID_INVALID"):
        await a(m.DeleteTopicHistoryRequest("forum", 1))


async def test_read_topic_by_topic(stage: Stage, forum: Channel) -> None:
    topic = stage.world.add_topic(forum, "News")
    a = await stage.client(stage.alice)
    inside = [(await a.send_message("forum", f"in it {i}", reply_to=topic.id)).id for i in range(3)]
    outside = [(await a.send_message("forum", f"outside {i}")).id for i in range(2)]
    assert [x.id async for x in a.iter_messages("forum", reply_to=topic.id, limit=2)] == inside[:0:-1]
    assert [x.id async for x in a.iter_messages("forum", reply_to=1)][:2] == outside[::-1]
    found = m.SearchRequest("forum", "", types.InputMessagesFilterEmpty(), None, None, 0, 0, 9, 0, 0, 0)
    found.top_msg_id = topic.id
    assert [x.id for x in (await a(found)).messages] == inside[::-1]
    with pytest.raises(errors.MsgIdInvalidError):
        await a(m.GetRepliesRequest("forum", 999, 0, None, 0, 10, 0, 0, 0))
