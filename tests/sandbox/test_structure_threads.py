"""Comments: a channel's posts in its discussion group, and what is said below them."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Channel, Message
from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until

m, ch = functions.messages, functions.channels


@pytest.fixture
def talk(stage: Stage) -> Channel:
    """The source's discussion group; Bob is in it."""
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    group.members[stage.bob.id] = "member"
    stage.world.link(stage.alice.id, ("channel", stage.src.id), ("channel", group.id))
    return group


def inside(stage: Stage, chat: Channel) -> list[Message]:
    return [x for x in stage.world.boxes["channel", chat.id].by_id.values() if not x.service]


async def album(client: Any, caption: str = "album") -> list[int]:
    sent = await client.send_file(
        "source", [b"\xff\xd8\xff" + bytes([i]) * 60 for i in range(3)], caption=caption
    )
    return [x.id for x in sent]


async def test_posts_appear_in_the_group(stage: Stage, talk: Channel) -> None:
    a = await stage.client(stage.alice)
    post = await a.send_message("source", "news")
    (shown,) = await a.get_messages("talk", limit=1)
    source = types.PeerChannel(stage.src.id)
    assert (shown.text, shown.from_id, shown.post) == ("news", source, False)
    header = shown.fwd_from
    assert (header.from_id, header.channel_post) == (source, post.id)
    assert (header.saved_from_peer, header.saved_from_msg_id) == (source, post.id)
    assert shown.replies.replies == 0 and not shown.replies.comments


async def test_a_forwarded_post_keeps_its_first_author(stage: Stage, talk: Channel) -> None:
    other = stage.world.add_channel("Other", stage.alice, username="other")
    stage.post(other, stage.alice, 1)
    a = await stage.client(stage.alice)
    copy = await a.forward_messages("source", [2], "other")
    (shown,) = await a.get_messages("talk", limit=1)
    assert shown.from_id == types.PeerChannel(stage.src.id)
    assert shown.fwd_from.from_id == types.PeerChannel(other.id) and shown.fwd_from.channel_post == 2
    assert shown.fwd_from.saved_from_msg_id == copy[0].id


async def test_an_album_appears_whole_and_its_comments_hang_on_the_first(stage: Stage, talk: Channel) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    ids = await album(a)
    roots = inside(stage, talk)
    assert len({x.grouped_id for x in roots}) == 1 and len(roots) == 3
    for post in ids:
        found = await a(m.GetDiscussionMessageRequest("source", post))
        assert [x.id for x in found.messages] == [x.id for x in reversed(roots)]
    said = await b.send_message("source", "on the second", comment_to=ids[1])
    below = await b.send_message("talk", "a reply to that", reply_to=said.id)
    on_third = await b.send_message("talk", "on the third", reply_to=roots[2].id)
    thread = [x.id async for x in b.iter_messages("source", reply_to=ids[2], reverse=True)]
    assert thread == [said.id, below.id, on_third.id]
    assert below.reply_to.reply_to_msg_id == said.id and below.reply_to.reply_to_top_id == roots[0].id


async def test_counted_on_post_and_root(stage: Stage, talk: Channel) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    post, other = await a.send_message("source", "news"), await a.send_message("source", "nothing said")
    said = [await b.send_message("source", f"comment {i}", comment_to=post.id) for i in range(3)]
    await b.send_message("talk", "to nobody")
    seen, quiet = await a.get_messages("source", ids=[post.id, other.id])
    assert (seen.replies.comments, seen.replies.channel_id, seen.replies.replies) == (True, talk.id, 3)
    assert seen.replies.max_id == said[-1].id and quiet.replies.replies == 0
    root = next(x for x in inside(stage, talk) if x.text == "news")
    assert (await a.get_messages("talk", ids=root.id)).replies.replies == 3
    await b.delete_messages("talk", [said[1].id])
    assert (await a.get_messages("source", ids=post.id)).replies.replies == 2


async def test_threads_are_read_page_by_page_from_both_sides(stage: Stage, talk: Channel) -> None:
    a = await stage.client(stage.alice)
    post = await a.send_message("source", "news")
    root = inside(stage, talk)[0].id
    peer = ("channel", talk.id)
    specs = [{"text": f"comment {i}", "reply_to": root} for i in range(130)]
    said = [x.id for _, x in stage.world.send(stage.bob.id, peer, specs)]
    for chat, number in (("source", post.id), ("talk", root)):
        assert [x.id async for x in a.iter_messages(chat, reply_to=number)] == said[::-1]
        after = [x.id async for x in a.iter_messages(chat, reply_to=number, reverse=True, min_id=said[99])]
        assert after == said[100:]


async def test_a_post_may_take_a_moment_to_appear(stage: Stage, talk: Channel) -> None:
    stage.world.appear_delay = 0.05
    a = await stage.client(stage.alice)
    post, gone = await a.send_message("source", "news"), await a.send_message("source", "gone")
    with pytest.raises(errors.MsgIdInvalidError):
        await a(m.GetDiscussionMessageRequest("source", post.id))
    await a.delete_messages("source", [gone.id])
    await a.edit_message("source", post.id, "news, mended")
    await until(lambda: bool(inside(stage, talk)))
    stage.world.appear_delay = 0
    await a.send_message("source", "later")
    assert [x.text for x in inside(stage, talk)] == ["news, mended", "later"]


async def test_a_signed_post(stage: Stage, talk: Channel) -> None:
    spec = {"text": "signed", "signature": "Ed"}
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [spec])
    a = await stage.client(stage.alice)
    assert (await a.get_messages("talk", limit=1))[0].fwd_from.post_author == "Ed"


async def test_posts_without_comments(stage: Stage, talk: Channel) -> None:
    stage.post(stage.dst, stage.alice, 1)
    a = await stage.client(stage.alice)
    copy = await stage.entity(a, "Copy")
    for chat, number in ((copy, 2), ("source", 1), ("source", 999)):
        with pytest.raises(errors.MsgIdInvalidError):
            await a(m.GetDiscussionMessageRequest(chat, number))
        with pytest.raises(errors.MsgIdInvalidError):
            await a(m.GetRepliesRequest(chat, number, 0, None, 0, 10, 0, 0, 0))
    assert (await a.get_messages(copy, ids=2)).replies is None


async def test_edits_and_deletions_reach_the_group(stage: Stage, talk: Channel) -> None:
    a = await stage.client(stage.alice)
    first, second = await a.send_message("source", "first"), await a.send_message("source", "second")
    await a.edit_message("source", first.id, "first, mended")
    await a.delete_messages("source", [second.id])
    (root,) = inside(stage, talk)
    assert root.text == "first, mended" and root.edit_date
    with pytest.raises(errors.MessageAuthorRequiredError):
        await a.edit_message("talk", root.id, "not there")


async def test_ordinary_answers_in_the_group_are_no_comments(stage: Stage, talk: Channel) -> None:
    b = await stage.client(stage.bob)
    question = await b.send_message("talk", "question")
    answer = await b.send_message("talk", "answer", reply_to=question.id)
    assert answer.reply_to.reply_to_top_id is None
    assert [x.id async for x in b.iter_messages("talk", reply_to=question.id)] == [answer.id]


async def test_linked_over_the_wire(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    await a.send_message("source", "before")
    await a(ch.SetDiscussionGroupRequest("source", "talk"))
    for name, other in (("source", group.id), ("talk", stage.src.id)):
        full = await a(ch.GetFullChannelRequest(name))
        assert full.full_chat.linked_chat_id == other and (await a.get_entity(name)).has_link
        assert other in {c.id for c in full.chats}
    assert (await a.get_messages("source", ids=2)).replies is None  # earlier posts do not appear
    with pytest.raises(errors.LinkNotModifiedError):
        await a(ch.SetDiscussionGroupRequest("source", "talk"))
    with pytest.raises(errors.ChatDiscussionUnallowedError):
        await a(ch.ToggleForumRequest("talk", True, False))
    with pytest.raises(errors.MegagroupIdInvalidError):
        await a(ch.SetDiscussionGroupRequest(await stage.entity(a, "Copy"), "source"))
    await a(ch.SetDiscussionGroupRequest("source", types.InputChannelEmpty()))
    assert stage.src.linked is None and group.linked is None
