"""What a client writes: forwards, files, albums, edits; and what others see of it."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, events, types

from sandbox.world import Fault
from tests.sandbox.stage import Stage
from tests.sandbox.waiting import until


async def test_forward_and_push(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 120)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    await b.get_dialogs()
    seen: list[Any] = []
    b.add_event_handler(lambda ev: seen.append(ev.message), events.NewMessage)
    src, dst = await a.get_entity("source"), await stage.entity(a, "Copy")
    sent = await a.forward_messages(dst, list(range(2, 102)), src)
    assert len(sent) == 100 and all(m.fwd_from.channel_post for m in sent)
    await until(lambda: len(seen) == 100)
    assert [m.id for m in seen] == [m.id for m in sent]
    m = await a.send_message(dst, "**hi**")
    await a.edit_message(m, "there")
    await a.delete_messages(dst, [m.id])
    assert "there" not in stage.texts(stage.dst)


async def test_protected_source(stage: Stage) -> None:
    stage.post(stage.src, stage.alice, 1)
    stage.src.noforwards = True
    a = await stage.client(stage.alice)
    src, dst = await a.get_entity("source"), await stage.entity(a, "Copy")
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await a.forward_messages(dst, [2], src)


async def test_files_by_upload_and_by_reference(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    src, dst = await a.get_entity("source"), await stage.entity(a, "Copy")
    blob = bytes(range(256)) * 4000  # two upload parts
    m = await a.send_file(src, blob, caption="doc", attributes=[types.DocumentAttributeFilename("x.bin")])
    assert await a.download_media(m, bytes) == blob
    copy = await a.send_file(dst, m.media, caption="again")  # InputMediaDocument, no upload
    assert copy.document.id == m.document.id
    stage.world.files[m.document.id].reference += 1
    with pytest.raises(errors.FileReferenceExpiredError):
        await a.send_file(dst, m.media)


async def test_album_and_poll(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    src, dst = await a.get_entity("source"), await stage.entity(a, "Copy")
    jpg = b"\xff\xd8\xff\xe0" + b"x" * 2000
    parts = [await a.upload_file(jpg, file_name=f"{n}.jpg") for n in "ab"]
    album = await a.send_file(src, parts, caption=["one", "two"])
    assert len({x.grouped_id for x in album}) == 1 and album[0].photo
    fwd = await a.forward_messages(dst, [x.id for x in album], src)
    assert fwd[0].grouped_id and fwd[0].grouped_id != album[0].grouped_id
    answers = [types.PollAnswer(types.TextWithEntities(x, []), x.encode()) for x in "ab"]
    poll = types.Poll(0, types.TextWithEntities("?", []), answers, hash=0)
    sent = await a.send_message(src, file=types.InputMediaPoll(poll))
    assert sent.poll.poll.answers[1].text.text == "b"


async def test_flood_wait(stage: Stage) -> None:
    a = await stage.client(stage.alice, flood_sleep_threshold=0)
    stage.world.faults.append(Fault("messages.sendMessage", "flood", seconds=42))
    with pytest.raises(errors.FloodWaitError) as e:
        await a.send_message("source", "x")
    assert e.value.seconds == 42
