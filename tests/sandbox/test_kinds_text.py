"""Texts as they are kept: what Telegram cuts off, which entities it takes, which links it shows."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Message
from tests.sandbox.stage import Stage

m = functions.messages
LINK = "https://a.example/page"


def last(stage: Stage) -> Message:
    found = stage.world.boxes["channel", stage.src.id].last(("channel", stage.src.id))
    assert found is not None
    return found


async def send(client: Any, text: str, entities: list[Any] | None = None, **kw: Any) -> Any:
    peer = await client.get_input_entity("source")
    return await client(m.SendMessageRequest(peer, text, entities=entities, **kw))


async def test_a_hundred_entities_are_taken_and_no_more(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    given = [types.MessageEntityBold(2 * n, 1) for n in range(101)]
    await send(a, "x " * 101, given[:100])
    assert len(last(stage).entities) == 100
    with pytest.raises(errors.EntitiesTooLongError):
        await send(a, "x " * 101, given)


async def test_entities_of_every_kind_come_back(stage: Stage) -> None:
    stage.alice.premium = True
    a = await stage.client(stage.alice)
    bob = types.InputUser(stage.bob.id, stage.world.access_hash(stage.alice.id, "user", stage.bob.id))
    given = [
        types.MessageEntityBlockquote(0, 6, collapsed=True),
        types.MessageEntityCustomEmoji(0, 2, 77),
        types.MessageEntitySpoiler(3, 2),
        types.MessageEntityPre(7, 3, "python"),
        types.InputMessageEntityMentionName(11, 3, bob),
        types.MessageEntityTextUrl(15, 2, LINK),
    ]
    await send(a, "🙂 spo pre bob url", given)
    seen = (await a.get_messages("source", limit=1))[0]
    assert [type(e).__name__.removeprefix("MessageEntity") for e in seen.entities] == [
        "Blockquote",
        "CustomEmoji",
        "Spoiler",
        "Pre",
        "MentionName",
        "TextUrl",
    ]
    assert seen.entities[0].collapsed and seen.entities[3].language == "python"
    assert seen.entities[4].user_id == stage.bob.id


async def test_whitespace_around_a_text_is_cut_off(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    await send(a, "\n  bold tail  \n", [types.MessageEntityBold(3, 4), types.MessageEntityItalic(8, 7)])
    kept = last(stage)
    assert kept.text == "bold tail"
    assert [(e.offset, e.length) for e in kept.entities] == [(0, 4), (5, 4)]
    with pytest.raises(errors.MessageEmptyError):
        await send(a, " \n ")


async def test_entities_that_say_nothing_are_left_out(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    given = [
        types.MessageEntityBold(0, 0),
        types.MessageEntityBold(0, 4),
        types.MessageEntityItalic(2, 4),  # crosses the border of the one before
        types.MessageEntityCode(7, 4),
        types.MessageEntityBold(8, 2),  # within code
        types.MessageEntityMentionName(0, 2, stage.bob.id),  # what clients are shown, not what they may say
    ]
    await send(a, "plain  code", given)
    assert [(type(e), e.offset) for e in last(stage).entities] == [
        (types.MessageEntityBold, 0),
        (types.MessageEntityCode, 7),
    ]
    with pytest.raises(errors.EntityBoundsInvalidError):
        await send(a, "short", [types.MessageEntityBold(0, 9)])


async def test_custom_emoji_are_for_premium_accounts(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    emoji = [types.MessageEntityCustomEmoji(0, 2, 77)]
    await send(a, "🙂", emoji)
    assert last(stage).entities == []
    stage.alice.premium = True
    await send(a, "🙂", emoji)
    assert last(stage).entities[0].document_id == 77
    assert (await a.get_me()).premium


async def test_nobody_unknown_is_mentioned(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    wrong = types.InputMessageEntityMentionName(0, 3, types.InputUser(stage.bob.id, 1))
    with pytest.raises(errors.EntityMentionUserInvalidError):
        await send(a, "bob", [wrong])


async def test_who_is_mentioned_can_be_mentioned_again(stage: Stage) -> None:
    """The answer that shows a mention by name also tells the access hash that repeating it needs."""
    carol = stage.world.add_user("Carol")
    mention = types.MessageEntityMentionName(0, 5, carol.id)
    spec = {"text": "Carol", "entities": [mention]}
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [spec])
    a = await stage.client(stage.alice)
    await a.get_messages("source", limit=1)
    known = await a.get_input_entity(carol.id)
    again = types.InputMessageEntityMentionName(0, 5, types.InputUser(known.user_id, known.access_hash))
    await send(a, "Carol", [again])
    assert last(stage).entities == [mention]


async def test_previews_of_links_that_have_one(stage: Stage) -> None:
    stage.world.previews[LINK] = {"title": "A page"}
    a = await stage.client(stage.alice)
    await send(a, f"see https://b.example and {LINK}")
    assert (await a.get_messages("source", limit=1))[0].media.webpage.title == "A page"
    await send(a, "see this", [types.MessageEntityTextUrl(4, 4, LINK)])
    assert last(stage).webpage == {"url": LINK, "title": "A page"}
    await send(a, LINK, no_webpage=True)
    assert last(stage).webpage is None
    await send(a, "see https://b.example")
    assert last(stage).webpage is None


async def test_previews_as_they_are_asked_for(stage: Stage) -> None:
    stage.world.previews[LINK] = {"title": "A page"}
    a = await stage.client(stage.alice)
    src = await a.get_input_entity("source")
    page = types.InputMediaWebPage(LINK, force_large_media=True)
    await a(m.SendMediaRequest(src, page, f"read {LINK} " + "x" * 2000, invert_media=True))
    seen = (await a.get_messages("source", limit=1))[0]
    assert seen.media.force_large_media and not seen.media.manual and seen.invert_media
    await a(m.SendMediaRequest(src, types.InputMediaWebPage(LINK, force_small_media=True), "no link here"))
    seen = (await a.get_messages("source", limit=1))[0]
    assert seen.media.force_small_media and seen.media.manual
    other = "https://b.example"
    with pytest.raises(errors.WebpageCurlFailedError):
        await a(m.SendMediaRequest(src, types.InputMediaWebPage(other), "x"))
    await a(m.SendMediaRequest(src, types.InputMediaWebPage(other, optional=True), "x"))
    assert last(stage).webpage is None and last(stage).text == "x"


async def test_previews_of_messages_in_public_chats(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    a = await stage.client(stage.alice)
    await send(a, "as said in t.me/source/2, and here")
    assert last(stage).webpage == {"url": "https://t.me/source/2", "title": "Source"}
    for gone in ("t.me/source/77", "t.me/nobody/2", f"t.me/c/{stage.src.id}/2"):
        await send(a, f"as said in https://{gone}")
        assert last(stage).webpage is None


async def test_how_long_texts_may_be(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    config = (await a(functions.help.GetAppConfigRequest(0))).config
    limits = {x.key: x.value.value for x in config.value}
    assert limits["caption_length_limit_default"] == 1024 < limits["caption_length_limit_premium"]
    photo = stage.world.add_media("photo", b"jpg")
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": photo}])
    seen = (await a.get_messages("source", limit=1))[0]
    long = "x" * 1025
    with pytest.raises(errors.MediaCaptionTooLongError):
        await a.send_file("source", seen.media, caption=long)
    stage.alice.premium = True
    await a.send_file("source", seen.media, caption=long)
    with pytest.raises(errors.MessageTooLongError):
        await send(a, "x" * 4097)


async def test_rich_messages(stage: Stage) -> None:
    photo = stage.world.add_media("photo", b"jpg")
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": photo}])
    a = await stage.client(stage.alice)
    seen = (await a.get_messages("source", limit=1))[0].photo
    shown = types.InputPhoto(seen.id, seen.access_hash, seen.file_reference)
    blocks = [types.PageBlockHeading1(types.TextPlain("Big"))]
    await send(a, "", rich_message=types.InputRichMessage(blocks, photos=[shown]))
    rich = (await a.get_messages("source", limit=1))[0].rich_message
    assert rich.blocks[0].text.text == "Big" and rich.photos[0].id == photo.id
