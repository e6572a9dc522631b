"""Which media share an album, and how albums go on."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

m = functions.messages


async def album(stage: Stage, client: Any, *kinds: str, **kw: Any) -> Any:
    """An album of media that stood alone before, by reference; what the caller is answered."""
    specs = [
        {"media": stage.world.add_media(k, b"data", name="f" if k == "document" else None)} for k in kinds
    ]
    made = stage.world.send(stage.alice.id, ("channel", stage.src.id), specs)
    seen = await client.get_messages("source", ids=[x.id for _, x in made])
    items = []
    for n, x in enumerate(seen):
        if x.photo:
            media: Any = types.InputPhoto(x.photo.id, x.photo.access_hash, x.photo.file_reference)
            media = types.InputMediaPhoto(media, spoiler=True)
        else:
            media = types.InputDocument(x.document.id, x.document.access_hash, x.document.file_reference)
            media = types.InputMediaDocument(media)
        items.append(types.InputSingleMedia(media, f"caption {n}"))
    return await client(m.SendMultiMediaRequest(await client.get_input_entity("source"), items, **kw))


@pytest.mark.parametrize(
    "kinds", [("photo", "video"), ("document", "document", "document"), ("audio", "audio")]
)
async def test_albums_by_reference(stage: Stage, kinds: tuple[str, ...]) -> None:
    a = await stage.client(stage.alice)
    await album(stage, a, *kinds, invert_media=True)
    seen = list(reversed(await a.get_messages("source", limit=len(kinds))))
    assert len({x.grouped_id for x in seen}) == 1 and seen[0].grouped_id
    assert [x.message for x in seen] == [f"caption {n}" for n in range(len(kinds))]
    assert all(x.invert_media for x in seen) and bool(seen[0].photo and seen[0].media.spoiler) is (
        kinds[0] == "photo"
    )


@pytest.mark.parametrize(
    ("kinds", "error"),
    [
        (("photo", "document"), errors.MediaGroupedInvalidError),
        (("audio", "video"), errors.MediaGroupedInvalidError),
        (("document", "audio"), errors.MediaGroupedInvalidError),
        (("photo", "sticker"), errors.MediaInvalidError),
        (("voice", "voice"), errors.MediaInvalidError),
        (("animation", "video"), errors.MediaInvalidError),
        (("photo",), errors.MediaInvalidError),
        (("photo",) * 11, errors.MultiMediaTooLongError),
    ],
)
async def test_what_makes_no_album(stage: Stage, kinds: tuple[str, ...], error: type[Exception]) -> None:
    a = await stage.client(stage.alice)
    with pytest.raises(error):
        await album(stage, a, *kinds)
    assert all(x.grouped_id is None for x in stage.world.boxes["channel", stage.src.id].by_id.values())


async def test_uploads_go_through_upload_media_first(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    file = await a.upload_file(b"\xff\xd8\xff\xe0" + b"x" * 99, file_name="a.jpg")
    items = [types.InputSingleMedia(types.InputMediaUploadedPhoto(file), "") for _ in range(2)]
    with pytest.raises(errors.MediaInvalidError):
        await a(m.SendMultiMediaRequest(await a.get_input_entity("source"), items))


async def test_a_repeated_album_is_the_album_that_is_there(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    await album(stage, a, "photo", "photo")
    there = await a.get_messages("source", limit=2)
    again = [types.InputSingleMedia(types.InputMediaPhoto(types.InputPhotoEmpty()), "", n) for n in (8, 9)]
    for item, x in zip(again, there, strict=True):
        item.media = types.InputMediaPhoto(
            types.InputPhoto(x.photo.id, x.photo.access_hash, x.photo.file_reference)
        )
    call = m.SendMultiMediaRequest(await a.get_input_entity("source"), again)
    first = [u.id for u in (await a(call)).updates if isinstance(u, types.UpdateMessageID)]
    for x in there:  # the references are old by now, and nobody asks
        stage.world.files[x.photo.id].reference += 1
    second = [u.id for u in (await a(call)).updates if isinstance(u, types.UpdateMessageID)]
    assert first == second and len(first) == 2
