"""A random id that was used before: nothing is sent twice, in any of the ways Telegram might answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import errors, functions, types, utils

from sandbox.world import Fault
from tests.sandbox.stage import Stage

STRICT = {"request_retries": 1, "raise_last_call_error": True}


def mapping(updates: Any) -> dict[int, int]:
    return {u.random_id: u.id for u in updates.updates if isinstance(u, types.UpdateMessageID)}


def carried(updates: Any) -> list[tuple[int, int]]:
    """(message id, pts_count) of every message in the answer."""
    kinds = (types.UpdateNewChannelMessage, types.UpdateNewMessage)
    return [(u.message.id, u.pts_count) for u in updates.updates if isinstance(u, kinds)]


def forward(src: Any, dst: Any, ids: list[int]) -> Any:
    """The random id of message n is 1000 + n."""
    return functions.messages.ForwardMessagesRequest(
        src, ids, dst, random_id=[1000 + i for i in ids], drop_author=True
    )


async def peers(stage: Stage, count: int = 6) -> tuple[Any, Any, Any]:
    stage.post(stage.src, stage.alice, count)
    a = await stage.client(stage.alice, **STRICT)
    return a, await a.get_input_entity("source"), utils.get_input_peer(await stage.entity(a, "Copy"))


async def test_repeated_forward_answers_with_what_is_there(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    first = await a(forward(src, dst, [2, 3, 4]))
    again = await a(forward(src, dst, [2, 3, 4]))
    assert mapping(again) == mapping(first) == {1002: 2, 1003: 3, 1004: 4}
    assert carried(first) == [(2, 1), (3, 1), (4, 1)]
    assert carried(again) == [(2, 0), (3, 0), (4, 0)]
    assert stage.texts(stage.dst) == ["post 0", "post 1", "post 2"]


async def test_partly_known_batch_sends_the_rest(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [3, 4]))
    answer = await a(forward(src, dst, [2, 3, 4, 5]))
    assert mapping(answer) == {1002: 4, 1003: 2, 1004: 3, 1005: 5}
    assert carried(answer) == [(4, 1), (2, 0), (3, 0), (5, 1)]
    assert stage.texts(stage.dst) == ["post 1", "post 2", "post 0", "post 3"]


async def test_other_account_and_other_target_are_other_keys(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [2]))
    await a(forward(src, types.InputPeerSelf(), [2]))
    stage.dst.members[stage.bob.id] = "admin"
    b = await stage.client(stage.bob)
    await b(forward(await b.get_input_entity("source"), await stage.entity(b, "Copy"), [2]))
    assert stage.texts(stage.dst) == ["post 0", "post 0"]
    assert len(stage.world.boxes["user", stage.alice.id].by_id) == 1


async def test_copy_deleted_since_is_mapped_without_a_message(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [2, 3]))
    await a.delete_messages(dst, [2])
    again = await a(forward(src, dst, [2, 3]))
    assert mapping(again) == {1002: 2, 1003: 3} and carried(again) == [(3, 0)]


async def test_source_deleted_since_is_still_mapped(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    first = await a(forward(src, dst, [2, 3]))
    await a.delete_messages(src, [2, 3])
    assert mapping(await a(forward(src, dst, [2, 3]))) == mapping(first)


async def test_every_sending_method_shares_the_memory(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    m = functions.messages
    photo = await a(
        m.UploadMediaRequest(dst, types.InputMediaUploadedPhoto(await a.upload_file(b"jpg" * 99)))
    )
    media = types.InputMediaPhoto(types.InputPhoto(photo.photo.id, 1, photo.photo.file_reference))
    album = [types.InputSingleMedia(media, f"part {i}", random_id=1100 + i) for i in range(3)]
    calls = [
        m.SendMessageRequest(dst, "text", random_id=1002),
        m.SendMediaRequest(dst, media, "photo", random_id=1003),
        m.SendMultiMediaRequest(dst, album),
    ]
    first = [mapping(await a(call)) for call in calls]
    assert [mapping(await a(call)) for call in calls] == first
    sent = await a(forward(src, dst, [2, 3, 4]))  # two of the ids were used by other methods
    assert mapping(sent) == {1002: 2, 1003: 3, 1004: 7}
    assert stage.texts(stage.dst) == ["text", "photo", "part 0", "part 1", "part 2", "post 2"]


async def test_repeat_in_a_private_chat_names_its_random_id(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    bob = await a.get_input_entity("bob")
    call = functions.messages.SendMessageRequest(bob, "hello", random_id=5)
    short = await a(call)
    assert isinstance(short, types.UpdateShortSentMessage)
    again = await a(call)
    assert mapping(again) == {5: short.id} and carried(again) == [(short.id, 0)]


async def test_uploaded_media_may_be_repeated(stage: Stage) -> None:
    a, _, dst = await peers(stage)
    media = types.InputMediaUploadedPhoto(await a.upload_file(b"jpg" * 99))
    call = functions.messages.SendMediaRequest(dst, media, "once", random_id=9)
    assert mapping(await a(call)) == mapping(await a(call))


async def test_one_id_twice_in_a_call(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    call = functions.messages.ForwardMessagesRequest(src, [2, 3], dst, random_id=[7, 7])
    with pytest.raises(errors.RandomIdDuplicateError):
        await once(a, call)
    assert stage.texts(stage.dst) == []


async def test_duplicate_while_the_first_call_runs(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    fault = Fault("messages.forwardMessages", "hold_before")
    stage.world.faults.append(fault)
    first = asyncio.create_task(a(forward(src, dst, [2, 3])))
    await fault.hit.wait()
    with pytest.raises(errors.RandomIdDuplicateError):
        await once(a, forward(src, dst, [3, 4]))
    assert stage.texts(stage.dst) == []
    fault.release()
    assert mapping(await first) == {1002: 2, 1003: 3}
    assert mapping(await a(forward(src, dst, [3, 4]))) == {1003: 3, 1004: 4}


async def test_lost_answer_is_found_again(stage: Stage) -> None:
    """Telethon re-sends the same bytes after a reconnect and gets the mapping of what is there."""
    a, src, dst = await peers(stage)
    stage.world.faults.append(Fault("messages.forwardMessages", "drop_after"))
    assert mapping(await a(forward(src, dst, [2, 3]))) == {1002: 2, 1003: 3}
    assert stage.texts(stage.dst) == ["post 0", "post 1"]


async def test_mode_duplicate_refuses_the_whole_call(stage: Stage) -> None:
    stage.world.random_id_mode = "duplicate"
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [2]))
    with pytest.raises(errors.RandomIdDuplicateError):
        await once(a, forward(src, dst, [2, 3]))
    assert stage.texts(stage.dst) == ["post 0"]


async def test_mode_mapping_only(stage: Stage) -> None:
    stage.world.random_id_mode = "mapping_only"
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [2]))
    again = await a(forward(src, dst, [2, 3]))
    assert mapping(again) == {1002: 2, 1003: 3} and carried(again) == [(3, 1)]


async def test_mode_forgotten_sends_again(stage: Stage) -> None:
    stage.world.random_id_mode = "forgotten"
    a, src, dst = await peers(stage)
    for _ in range(2):
        await a(forward(src, dst, [2]))
    assert stage.texts(stage.dst) == ["post 0", "post 0"]


def test_unknown_mode_is_refused(stage: Stage) -> None:
    with pytest.raises(ValueError, match="documented"):
        stage.world.random_id_mode = "sometimes"


async def once(client: Any, call: Any) -> Any:
    """Telethon retries a 500 every two seconds; one answer is enough here."""
    return await client._sender.send(call)


async def test_repeat_moves_no_pts(stage: Stage) -> None:
    a, src, dst = await peers(stage)
    await a(forward(src, dst, [2, 3]))
    pts = stage.world.boxes["channel", stage.dst.id].pts
    await a(forward(src, dst, [2, 3]))
    assert stage.world.boxes["channel", stage.dst.id].pts == pts
