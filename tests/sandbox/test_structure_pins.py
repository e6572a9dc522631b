"""Pinned messages: found page by page, announced, refused; and admins who lack a right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Channel
from tests.sandbox.stage import Stage

m, ch = functions.messages, functions.channels
PINNED = types.InputMessagesFilterPinned()


@pytest.fixture
def talk(stage: Stage) -> Channel:
    """A group that Alice owns and Bob runs with her."""
    made = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    made.members[stage.bob.id] = "admin"
    return made


async def test_found_page_by_page(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 250)
    for i in range(2, 252, 2):
        stage.world.pin(stage.alice.id, ("channel", stage.src.id), i)
    a = await stage.client(stage.alice)
    found = [x.id async for x in a.iter_messages("source", filter=PINNED)]
    assert found == list(range(250, 1, -2))
    assert [x.id async for x in a.iter_messages("source", filter=PINNED, reverse=True, limit=3)] == [2, 4, 6]
    full = await a(ch.GetFullChannelRequest("source"))
    assert full.full_chat.pinned_msg_id == 250
    await a.delete_messages("source", [250])
    assert (await a(ch.GetFullChannelRequest("source"))).full_chat.pinned_msg_id == 248


async def test_found_since_a_date(stage: Stage) -> None:
    peer = ("channel", stage.src.id)
    sent = stage.world.send(stage.alice.id, peer, [{"text": "old", "date": 1_600_000_000}, {"text": "new"}])
    for _, x in sent:
        stage.world.pin(stage.alice.id, peer, x.id)
    a = await stage.client(stage.alice)
    since = datetime(2021, 1, 1, tzinfo=UTC)
    call = m.SearchRequest("source", "", PINNED, since, None, 0, 0, 10, 0, 0, 0)
    assert [x.message for x in (await a(call)).messages] == ["new"]


async def test_found_topic_by_topic(stage: Stage) -> None:
    forum = stage.world.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    topic = stage.world.add_topic(forum, "News")
    a = await stage.client(stage.alice)
    inside = await a.send_message("forum", "inside", reply_to=topic.id)
    outside = await a.send_message("forum", "outside")
    for x in (inside, outside):
        await a.pin_message("forum", x)
    for number, wanted in ((topic.id, inside.id), (1, outside.id)):
        call = m.SearchRequest("forum", "", PINNED, None, None, 0, 0, 10, 0, 0, 0, top_msg_id=number)
        assert [x.id for x in (await a(call)).messages] == [wanted]


@pytest.mark.parametrize("silent", [True, False])
async def test_announced_however_silently(stage: Stage, talk: Channel, silent: bool) -> None:
    a = await stage.client(stage.alice)
    said = await a.send_message("talk", "important")
    await a.pin_message("talk", said, notify=not silent)
    (newest,) = await a.get_messages("talk", limit=1)
    assert isinstance(newest.action, types.MessageActionPinMessage) and newest.reply_to_msg_id == said.id
    for number, error in ((said.id, errors.ChatNotModifiedError), (newest.id, errors.MessageIdInvalidError)):
        with pytest.raises(error):
            await a(m.UpdatePinnedMessageRequest("talk", number, silent=silent))


Attempt = Callable[[Any], Awaitable[Any]]
LACKED: list[tuple[str, Attempt]] = [
    ("pin_messages", lambda c: c.pin_message("talk", 2)),
    ("pin_messages", lambda c: c.unpin_message("talk")),
    ("delete_messages", lambda c: c.delete_messages("talk", [2])),
    ("change_info", lambda c: c(ch.EditTitleRequest("talk", "New"))),
    ("change_info", lambda c: c(m.EditChatAboutRequest("talk", "New"))),
    ("change_info", lambda c: c(ch.EditPhotoRequest("talk", types.InputChatPhotoEmpty()))),
    ("change_info", lambda c: c(ch.ToggleForumRequest("talk", True, False))),
    ("invite_users", lambda c: c(m.ExportChatInviteRequest("talk"))),
    ("ban_users", lambda c: c.edit_permissions("talk", "carol", view_messages=False)),
    ("add_admins", lambda c: c.edit_admin("talk", "carol", is_admin=True)),
]


@pytest.mark.parametrize(("right", "attempt"), LACKED)
async def test_an_admin_without_a_right(stage: Stage, talk: Channel, right: str, attempt: Attempt) -> None:
    carol = stage.world.add_user("Carol", username="carol")
    talk.members[carol.id] = "member"
    stage.post(talk, stage.alice, 1)
    talk.denied[stage.bob.id] = {right}
    b = await stage.client(stage.bob)
    rights = (await b.get_entity("talk")).admin_rights
    assert not getattr(rights, right) and rights.other
    with pytest.raises((errors.ChatAdminRequiredError, errors.MessageDeleteForbiddenError)):
        await attempt(b)
    talk.denied.clear()
    if right == "change_info":
        talk.photo = stage.world.add_media("photo", b"x")
    await attempt(b)


async def test_rights_given_over_the_wire(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    here, there = await stage.entity(a, "Copy"), await stage.entity(b, "Copy")
    await a.edit_admin(here, "bob", post_messages=True)
    sent = await b.send_message(there, "mine")
    stage.world.send(stage.alice.id, ("channel", stage.dst.id), [{"text": "hers"}])
    await b.edit_message(there, sent.id, "mine, mended")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await b.edit_message(there, sent.id + 1, "hers, mended")
    with pytest.raises(errors.ChatAdminRequiredError):
        await b.pin_message(there, sent)  # in channels that goes with editing
    await a.edit_admin(here, "bob", edit_messages=True)
    await b.pin_message(there, sent)
    with pytest.raises(errors.ChatWriteForbiddenError):
        await b.send_message(there, "no more")


async def test_topics_need_their_own_right(stage: Stage) -> None:
    forum = stage.world.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    forum.members[stage.bob.id] = "admin"
    forum.denied[stage.bob.id] = {"manage_topics"}
    b = await stage.client(stage.bob)
    for call in (
        m.CreateForumTopicRequest("forum", "News", random_id=1),
        m.EditForumTopicRequest("forum", 1, title="Lobby"),
        m.UpdatePinnedForumTopicRequest("forum", 1, True),
        m.ReorderPinnedForumTopicsRequest("forum", [1], force=True),
    ):
        with pytest.raises(errors.ChatAdminRequiredError):
            await b(call)
        forum.denied.clear()
        await b(call)
        forum.denied[stage.bob.id] = {"manage_topics"}
