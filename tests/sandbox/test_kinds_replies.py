"""What a message answers and quotes, in which chat and thread; and what is no answer at all."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

m = functions.messages
Reply = types.InputReplyToMessage


async def answer(client: Any, where: Any, reply: Any) -> Any:
    peer = await client.get_input_entity(where)
    await client(m.SendMessageRequest(peer, "answer", reply_to=reply))
    return (await client.get_messages(where, limit=1))[0].reply_to


async def test_only_what_is_there_can_be_answered(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    a = await stage.client(stage.alice)
    assert (await answer(a, "source", Reply(2))).reply_to_msg_id == 2
    with pytest.raises(errors.BadRequestError, match="REPLY_MESSAGE_ID_INVALID"):
        await answer(a, "source", Reply(77))
    assert stage.texts(stage.src) == ["post 0", "answer"]


async def test_a_repeated_send_does_not_ask_again_what_it_answers(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    a = await stage.client(stage.alice)
    src = await a.get_input_entity("source")
    call = m.SendMessageRequest(src, "answer", reply_to=Reply(2), random_id=9)
    first = await a(call)
    await a.delete_messages("source", [2])
    assert (await a(call)).updates[0].id == first.updates[0].id


async def test_quotes_stand_in_what_they_quote(stage: Stage) -> None:
    text = "🙂 to be or not to be"
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"text": text}])
    a = await stage.client(stage.alice)
    formatted = [types.MessageEntityBold(0, 2), types.MessageEntityTextUrl(0, 2, "https://a.example")]
    quote = Reply(2, quote_text="to be", quote_entities=formatted, quote_offset=15)
    seen = await answer(a, "source", quote)
    assert seen.quote and (seen.quote_text, seen.quote_offset) == ("to be", 16)
    assert [type(e) for e in seen.quote_entities] == [types.MessageEntityBold]
    assert (await answer(a, "source", Reply(2, quote_text="to be"))).quote_offset == 3
    with pytest.raises(errors.BadRequestError, match="QUOTE_TEXT_INVALID"):
        await answer(a, "source", Reply(2, quote_text="to see"))


async def test_answers_to_another_chat(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    a = await stage.client(stage.alice)
    copy = await stage.entity(a, "Copy")
    source = await a.get_input_entity("source")
    seen = await answer(a, copy, Reply(2, reply_to_peer_id=source, quote_text="post"))
    assert seen.reply_to_peer_id.channel_id == stage.src.id
    assert (seen.reply_to_msg_id, seen.quote_text) == (2, "post")
    stage.src.noforwards = True
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await answer(a, copy, Reply(2, reply_to_peer_id=source))


async def test_an_answer_to_another_chat_is_the_same_for_both_sides(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    await a.send_message("bob", "number two of both")
    source = await a.get_input_entity("source")
    await a(m.SendMessageRequest("bob", "look", reply_to=Reply(2, reply_to_peer_id=source)))
    seen = (await b.get_messages("alice", limit=1))[0].reply_to
    assert (seen.reply_to_msg_id, seen.reply_to_peer_id.channel_id) == (2, stage.src.id)


async def test_answers_in_topics(stage: Stage) -> None:
    forum = stage.world.add_channel("Forum", stage.alice, megagroup=True, forum=True, username="forum")
    topic = stage.world.add_topic(forum, "News")
    a = await stage.client(stage.alice)
    first = await answer(a, "forum", Reply(topic.id))
    assert first.forum_topic and (first.reply_to_msg_id, first.reply_to_top_id) == (topic.id, None)
    number = (await a.get_messages("forum", limit=1))[0].id
    second = await answer(a, "forum", Reply(number, top_msg_id=topic.id))
    assert (second.reply_to_msg_id, second.reply_to_top_id) == (number, topic.id)
    general = await answer(a, "forum", Reply(number))  # without its topic's number it is in General
    assert not general.forum_topic and general.reply_to_msg_id == number


async def test_comments_know_their_thread(stage: Stage) -> None:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    stage.src.linked, group.linked = group.id, stage.src.id
    stage.post(stage.src, stage.alice, 1)
    a = await stage.client(stage.alice)
    root = (await a.get_messages("talk", limit=1))[0]
    assert root.from_id == types.PeerChannel(stage.src.id) and root.fwd_from.saved_from_msg_id == 2
    first = await answer(a, "talk", Reply(root.id))
    assert (first.reply_to_msg_id, first.reply_to_top_id) == (root.id, None)
    number = (await a.get_messages("talk", limit=1))[0].id
    below = await answer(a, "talk", Reply(number))
    assert (below.reply_to_msg_id, below.reply_to_top_id) == (number, root.id)


async def test_albums_and_media_answer_too(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    files = [stage.world.add_media("photo", b"jpg") for _ in range(2)]
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": x} for x in files])
    a = await stage.client(stage.alice)
    src = await a.get_input_entity("source")
    seen = [x.photo for x in await a.get_messages("source", ids=[3, 4])]
    media = [types.InputMediaPhoto(types.InputPhoto(x.id, x.access_hash, x.file_reference)) for x in seen]
    album = [types.InputSingleMedia(x, "") for x in media]
    await a(m.SendMultiMediaRequest(src, album, reply_to=Reply(2, quote_text="post")))
    await a(m.SendMediaRequest(src, media[0], "", reply_to=Reply(2)))
    one, two, three = await a.get_messages("source", ids=[5, 6, 7])
    assert one.reply_to.quote_text == two.reply_to.quote_text == "post"
    assert three.reply_to.reply_to_msg_id == 2 and one.grouped_id == two.grouped_id != three.grouped_id
