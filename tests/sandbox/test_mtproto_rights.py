"""Making chats, running them, being kept out of them."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

ch, m = functions.channels, functions.messages


async def make(client: Any, title: str, **kw: Any) -> Any:
    return (await client(ch.CreateChannelRequest(title, "about it", **kw))).chats[0]


async def test_channel_made_renamed_described_and_ended(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    made = await make(a, "Made", broadcast=True)
    assert made.creator and made.broadcast and (await a.send_message(made, "first")).id == 2
    await a(ch.EditTitleRequest(made, "Renamed"))
    await a(m.EditChatAboutRequest(made, "token 123"))
    full = await a(ch.GetFullChannelRequest(made))
    assert full.full_chat.about == "token 123" and full.chats[0].title == "Renamed"
    await a(ch.DeleteChannelRequest(made))
    with pytest.raises(errors.ChannelPrivateError):
        await a.get_messages(made, limit=1)
    assert "Renamed" not in {d.name for d in await a.get_dialogs()}


async def test_forum_and_its_topics_made_over_the_wire(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    forum = await make(a, "Forum", megagroup=True, forum=True)
    call = m.CreateForumTopicRequest(forum, "News", random_id=5)
    first, again = await a(call), await a(call)
    ids = [u.id for x in (first, again) for u in x.updates if isinstance(u, types.UpdateMessageID)]
    assert ids[0] == ids[1]
    await a(m.EditForumTopicRequest(forum, ids[0], title="Old news"))
    listed = await a(m.GetForumTopicsRequest(forum, None, 0, 0, 10))
    assert [(x.id, x.title) for x in listed.topics] == [(ids[0], "Old news"), (1, "General")]


async def test_full_channel(stage: Stage) -> None:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, slowmode=30)
    stage.src.linked, stage.src.about = group.id, "news"
    a = await stage.client(stage.alice)
    stage.post(stage.src, stage.alice, 1)
    await a.pin_message("source", 2)
    full = (await a(ch.GetFullChannelRequest(await a.get_input_entity("source")))).full_chat
    assert (full.about, full.linked_chat_id, full.pinned_msg_id) == ("news", group.id, 2)
    talk = await stage.entity(a, "Talk")
    assert (await a(ch.GetFullChannelRequest(talk))).full_chat.slowmode_seconds == 30
    bob = await a(functions.users.GetFullUserRequest(await a.get_input_entity("bob")))
    assert bob.users[0].first_name == "Bob"


async def test_admins_and_banned(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    here, there = await stage.entity(a, "Copy"), await stage.entity(b, "Copy")
    with pytest.raises(errors.ChatWriteForbiddenError):
        await b.send_message(there, "not mine")
    await a.edit_admin(here, "bob", post_messages=True)
    rights = await b.get_permissions(there, "me")
    assert rights.is_admin and rights.post_messages
    await b.send_message(there, "now I may")
    admins = await a.get_participants(here, filter=types.ChannelParticipantsAdmins())
    assert {x.id for x in admins} == {stage.alice.id, stage.bob.id}
    await a.edit_admin(here, "bob", is_admin=False)
    await a.edit_permissions(here, "bob", view_messages=False)
    with pytest.raises(errors.ChannelPrivateError):
        await b.get_messages(there, limit=1)
    assert isinstance((await b(ch.GetChannelsRequest([there]))).chats[0], types.ChannelForbidden)


async def test_muted_in_a_group(stage: Stage) -> None:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    await b(ch.JoinChannelRequest("talk"))
    await b.send_message("talk", "hello")
    await a.edit_permissions("talk", "bob", send_messages=False)
    with pytest.raises(errors.UserBannedInChannelError):
        await b.send_message("talk", "hello?")
    assert [x.text async for x in b.iter_messages("talk", limit=1)] == ["hello"]
    assert stage.bob.id in group.muted


async def test_invitations(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    private = await make(a, "Private", broadcast=True)
    link = (await a(m.ExportChatInviteRequest(private))).link
    invite = link.removeprefix("https://t.me/+")
    seen = await b(m.CheckChatInviteRequest(invite))
    assert isinstance(seen, types.ChatInvite) and seen.title == "Private" and seen.broadcast
    await b(m.ImportChatInviteRequest(invite))
    assert (await b.get_entity(link)).id == private.id
    with pytest.raises(errors.UserAlreadyParticipantError):
        await b(m.ImportChatInviteRequest(invite))
    with pytest.raises(errors.InviteHashExpiredError):
        await b(m.CheckChatInviteRequest("0123456789abcdef"))
    await b(ch.LeaveChannelRequest(await stage.entity(b, "Private")))
    assert stage.bob.id not in stage.world.channels[private.id].members


async def test_protection_switched_on(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    sent = await a.send_file("source", b"data" * 99, attributes=[types.DocumentAttributeFilename("x.bin")])
    dst = await stage.entity(a, "Copy")
    await a(m.ToggleNoForwardsRequest("source", True))
    assert (await a.get_entity("source")).noforwards
    for attempt in (a.forward_messages(dst, [sent.id], "source"), a.send_file(dst, sent.media)):
        with pytest.raises(errors.ChatForwardsRestrictedError):
            await attempt


async def test_one_protected_message(stage: Stage) -> None:
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"text": "secret", "noforwards": True}])
    a = await stage.client(stage.alice)
    assert (await a.get_messages("source", ids=2)).noforwards
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await a.forward_messages(await stage.entity(a, "Copy"), [2], "source")


async def test_closed_and_deleted_topics(stage: Stage) -> None:
    forum = stage.world.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    forum.members[stage.bob.id] = "member"
    topic = stage.world.add_topic(forum, "News")
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    await b.send_message("forum", "open", reply_to=topic.id)
    await a(m.EditForumTopicRequest("forum", topic.id, closed=True))
    with pytest.raises(errors.AuthKeyError, match="TOPIC_CLOSED"):  # a 406, which Telethon calls so
        await b.send_message("forum", "closed", reply_to=topic.id)
    forum.members[stage.bob.id] = "admin"
    forum.denied[stage.bob.id] = {"manage_topics"}
    with pytest.raises(errors.AuthKeyError, match="TOPIC_CLOSED"):
        await b.send_message("forum", "closed", reply_to=topic.id)
    await a.send_message("forum", "admins still may", reply_to=topic.id)
    await a.delete_messages("forum", [topic.id])
    stage.post(stage.src, stage.alice, 1)
    gone = m.ForwardMessagesRequest("source", [2], "forum", top_msg_id=topic.id)
    with pytest.raises(errors.TopicDeletedError):
        await a(gone)
    assert stage.texts(forum) == ["open", "admins still may"]
