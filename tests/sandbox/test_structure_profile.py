"""What a chat shows of itself, and what becomes of it when a basic group grows."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

m, ch = functions.messages, functions.channels
JPEG = b"\xff\xd8\xff" + b"p" * 500


async def photo_of(client: Any, name: str) -> Any:
    return (await client(ch.GetFullChannelRequest(name))).full_chat.chat_photo


def as_input(photo: Any, **other: Any) -> Any:
    fields = {"id": photo.id, "access_hash": photo.access_hash, "file_reference": photo.file_reference}
    return types.InputChatPhoto(types.InputPhoto(**fields | other))


async def test_photo_uploaded_and_taken_over_by_reference(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    copy = await stage.entity(a, "Copy")
    uploaded = types.InputChatUploadedPhoto(file=await a.upload_file(JPEG))
    answer = await a(ch.EditPhotoRequest("source", uploaded))
    said = next(u.message for u in answer.updates if isinstance(u, types.UpdateNewChannelMessage))
    assert isinstance(said.action, types.MessageActionChatEditPhoto)
    photo = await photo_of(a, "source")
    assert (await a.get_entity("source")).photo.photo_id == photo.id == said.action.photo.id
    assert await a.download_profile_photo("source", bytes) == JPEG
    await a(ch.EditPhotoRequest(copy, as_input(photo)))
    mine = await photo_of(a, copy)
    assert mine.id != photo.id and stage.dst.photo is not None and stage.dst.photo.data == JPEG


async def test_photos_that_are_none(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    stage.src.photo = stage.world.add_media("photo", JPEG)
    photo = await photo_of(a, "source")
    for wrong in ({"id": 7}, {"access_hash": 7}):
        with pytest.raises(errors.PhotoInvalidError):
            await a(ch.EditPhotoRequest("source", as_input(photo, **wrong)))
    stage.src.photo.reference += 1
    with pytest.raises(errors.FileReferenceExpiredError):
        await a(ch.EditPhotoRequest("source", as_input(photo)))
    fresh = as_input(await photo_of(a, "source"))
    with pytest.raises(errors.ChatAdminRequiredError):
        await b(ch.EditPhotoRequest(await stage.entity(b, "Copy"), fresh))
    await a(ch.EditPhotoRequest("source", types.InputChatPhotoEmpty()))
    assert isinstance(await photo_of(a, "source"), types.PhotoEmpty)
    with pytest.raises(errors.ChatNotModifiedError):
        await a(ch.EditPhotoRequest("source", types.InputChatPhotoEmpty()))


async def test_made_with_description_and_as_a_forum(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    made = (await a(ch.CreateChannelRequest("New", "token 7", forum=True))).chats[0]
    full = await a(ch.GetFullChannelRequest(made))
    assert full.full_chat.about == "token 7" and made.forum and made.megagroup
    with pytest.raises(errors.ChatAboutNotModifiedError):
        await a(m.EditChatAboutRequest(made, "token 7"))
    for title, about, error in (
        (" ", "", errors.ChatTitleEmptyError),
        ("x", "y" * 256, errors.ChatAboutTooLongError),
    ):
        with pytest.raises(error):
            await a(ch.CreateChannelRequest(title, about, broadcast=True))


async def test_several_usernames(stage: Stage) -> None:
    stage.src.usernames = ["bought"]
    a = await stage.client(stage.alice)
    by_first, by_second = await a.get_entity("source"), await a.get_entity("bought")
    assert by_first.id == by_second.id == stage.src.id and by_first.username is None
    assert [(x.username, x.editable) for x in by_first.usernames] == [("source", True), ("bought", False)]


async def test_a_group_that_grew_keeps_its_past(stage: Stage) -> None:
    group = stage.world.add_group("Friends", stage.alice, [stage.bob], about="old friends")
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    here = await stage.entity(a, "Friends")
    await a(m.EditChatPhotoRequest(group.id, types.InputChatUploadedPhoto(file=await a.upload_file(JPEG))))
    assert (await a(m.GetFullChatRequest(group.id))).full_chat.chat_photo.id == group.photo.id  # type: ignore[union-attr]
    said = [await a.send_message(here, f"old {i}") for i in range(3)]
    await a.pin_message(here, said[1].id)
    await a(m.MigrateChatRequest(group.id))
    assert group.migrated_to is not None
    new = await a.get_entity(types.PeerChannel(group.migrated_to))
    full = (await a(ch.GetFullChannelRequest(new))).full_chat
    assert full.about == "old friends" and full.chat_photo.id == group.photo.id  # type: ignore[union-attr]
    for client in (a, b):
        old = types.InputPeerChat(group.id)
        texts = [x.text async for x in client.iter_messages(old, reverse=True) if not x.action]
        assert texts == ["old 0", "old 1", "old 2"]
        (last,) = await client.get_messages(old, limit=1)
        assert last.action == types.MessageActionChatMigrateTo(new.id)
        mine = (await client(ch.GetFullChannelRequest(await stage.entity(client, "Friends")))).full_chat
        assert (mine.migrated_from_chat_id, mine.migrated_from_max_id) == (group.id, last.id)
        (pinned,) = await client.get_messages(old, limit=9, filter=types.InputMessagesFilterPinned())
        assert pinned.text == "old 1"
    first = (await a.get_messages(new, limit=1))[0]
    assert (first.id, first.action) == (1, types.MessageActionChannelMigrateFrom("Friends", group.id))
    with pytest.raises(errors.ChatIdInvalidError):
        await a(m.MigrateChatRequest(group.id))
