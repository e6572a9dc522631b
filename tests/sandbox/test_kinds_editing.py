"""What can be changed of a message that was sent, by whom and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Message
from tests.sandbox.stage import Stage

m = functions.messages
LINK = "https://a.example/page"


def put(stage: Stage, **spec: Any) -> Message:
    ((_, made),) = stage.world.send(stage.alice.id, ("channel", stage.src.id), [spec])
    return made


async def edit(client: Any, number: int, text: str | None = None, where: str = "source", **kw: Any) -> Any:
    peer = await client.get_input_entity(where)
    await client(m.EditMessageRequest(peer, number, message=text, **kw))
    return await client.get_messages(where, ids=number)


async def test_texts_with_entities_and_previews(stage: Stage) -> None:
    stage.world.previews[LINK] = {"title": "A page"}
    put(stage, text="before")
    a = await stage.client(stage.alice)
    link = [types.MessageEntityTextUrl(1, 4, LINK)]
    seen = await edit(a, 2, " link ", entities=link)
    assert seen.message == "link" and seen.media.webpage.title == "A page" and seen.edit_date
    assert (seen.entities[0].offset, seen.entities[0].url) == (0, LINK)
    with pytest.raises(errors.MessageNotModifiedError):
        await edit(a, 2, "link", entities=[types.MessageEntityTextUrl(0, 4, LINK)])
    link[0].offset = 0
    assert (await edit(a, 2, "link", entities=link, no_webpage=True)).media is None
    page = types.InputMediaWebPage(LINK, force_small_media=True)
    seen = await edit(a, 2, "link", entities=link, media=page, invert_media=True)
    assert seen.media.force_small_media and seen.invert_media
    with pytest.raises(errors.MessageEmptyError):
        await edit(a, 2, " ")


async def test_captions_and_media(stage: Stage) -> None:
    put(stage, text="caption", media=stage.world.add_media("photo", b"one"), look={"spoiler": True})
    put(stage, media=stage.world.add_media("video", b"two"))
    put(stage, media=stage.world.add_media("voice", b"three"))
    a = await stage.client(stage.alice)
    assert (await edit(a, 2, "other")).media.spoiler
    assert (await edit(a, 2, "")).message == ""
    video = (await a.get_messages("source", ids=3)).document
    new = types.InputMediaDocument(types.InputDocument(video.id, video.access_hash, video.file_reference))
    seen = await edit(a, 2, media=new)
    assert seen.video and not seen.media.spoiler
    with pytest.raises(errors.MediaPrevInvalidError):
        await edit(a, 4, media=new)
    with pytest.raises(errors.MediaNewInvalidError):
        await edit(a, 2, media=types.InputMediaDice("🎲"))
    with pytest.raises(errors.MediaCaptionTooLongError):
        await edit(a, 2, "x" * 1025)


async def test_an_album_keeps_its_family(stage: Stage) -> None:
    group = stage.world.new_group_id()
    put(stage, media=stage.world.add_media("photo", b"one"), grouped_id=group)
    put(stage, media=stage.world.add_media("document", b"two", name="f"))
    a = await stage.client(stage.alice)
    file = (await a.get_messages("source", ids=3)).document
    new = types.InputMediaDocument(types.InputDocument(file.id, file.access_hash, file.file_reference))
    with pytest.raises(errors.MediaGroupedInvalidError):
        await edit(a, 2, media=new)


async def test_what_has_no_caption(stage: Stage) -> None:
    put(stage, media=stage.world.add_media("sticker", b"x"))
    put(stage, media=stage.world.add_media("poll", poll={"question": "?", "answers": ["a", "b"]}))
    a = await stage.client(stage.alice)
    for number in (2, 3):
        with pytest.raises(errors.MessageIdInvalidError):
            await edit(a, number, "caption")


async def test_forwards_with_their_header_stay_as_they_are(stage: Stage) -> None:
    put(stage, text="x", fwd={"date": 5, "from": ("user", stage.bob.id), "post": None})
    a = await stage.client(stage.alice)
    with pytest.raises(errors.MessageAuthorRequiredError):
        await edit(a, 2, "y")


async def test_how_long_messages_can_be_edited(stage: Stage) -> None:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    group.members[stage.bob.id] = "member"
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    for author, client in ((stage.alice, a), (stage.bob, b)):
        sent = await client.send_message("talk", f"of {author.first_name}")
        stage.world.boxes["channel", group.id].by_id[sent.id].date -= 172_801
    assert (await edit(a, 2, "an admin's", "talk")).message == "an admin's"
    with pytest.raises(errors.MessageEditTimeExpiredError):
        await edit(b, 3, "a member's", "talk")


async def test_others_messages(stage: Stage) -> None:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk")
    group.members[stage.bob.id] = "member"
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    sent = await b.send_message("talk", "mine")
    with pytest.raises(errors.MessageAuthorRequiredError):
        await edit(a, sent.id, "yours", "talk")
    with pytest.raises(errors.MessageIdInvalidError):
        await edit(a, 77, "nobody's", "talk")
