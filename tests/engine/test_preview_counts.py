"""The preview's numbers are those of the copy: with headers, of some kinds, with a face, into a new chat."""

from __future__ import annotations

from collections import Counter

import pytest
from telethon.tl import types as tl

from domain.asker import Asker
from domain.job import JobStatus
from domain.message import SkipReason
from domain.preview import Preview
from domain.typed import Typed
from sandbox.scenario.gallery import build_gallery
from sandbox.world import Channel, World
from tests.engine.conftest import Stage
from tests.engine.workbench import mark

#: What only looks.
LOOKS = ("messages.get", "messages.search", "messages.check", "channels.get", "help.", "users.", "auth.")
PIN = "messages.updatePinnedMessage"


def changes(world: World, since: int) -> Counter[str]:
    return Counter(
        method
        for method, _ in world.calls[since:]
        if method.startswith(("messages.", "channels.")) and not method.startswith(LOOKS)
    )


async def both(stage: Stage, source: Channel, **said: object) -> tuple[Preview, Counter[str]]:
    """What a preview told, and what the copy then did."""
    world = stage.rig.world
    target = "" if said.get("new_target") else mark(world.add_channel("Copy", stage.owner))
    typed = Typed(source=mark(source), target=target, **said)  # type: ignore[arg-type]
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        told = await engine.service.preview(typed, asker=Asker(stage.owner.id))
        begun = len(world.calls)
        engine.start()
        job = await engine.service.order(typed, asker=Asker(stage.owner.id))
        job = await engine.until(job, JobStatus.COMPLETED)
        skips = Counter(skip.reason for skip in await engine.store.skips(job.id))
        expected: Counter[SkipReason] = Counter()
        for skipped in told.skips:
            expected[skipped.reason] += skipped.count
        assert (told.messages, expected) == (job.progress.copied, skips)
    return told, changes(world, begun)


@pytest.mark.parametrize("said", [{}, {"keep_author": True}, {"kinds": "photo,video"}, {"replies": False}])
async def test_of_every_kind(stage: Stage, said: dict[str, object]) -> None:
    """A text that is too long for the account goes with its author's header; a public poll then does not."""
    gallery = build_gallery(stage.rig.world, stage.owner)
    told, made = await both(stage, stage.rig.world.channels[gallery.channel.peer[1]], **said)
    assert told.pins == made[PIN] > 0
    if said.get("keep_author"):
        assert (told.replies, told.links) == (0, 0)
    assert told.calls <= made.total()


@pytest.mark.parametrize("new_target", [False, True])
async def test_with_a_face(stage: Stage, new_target: bool) -> None:
    world = stage.rig.world
    source = world.add_channel("Face", stage.owner, about="All about it")
    source.photo = world.add_media("photo", b"face")
    stage.rig.post(source, stage.owner, 3)
    told, made = await both(stage, source, profile=True, new_target=new_target)
    face = {"channels.createChannel"} if new_target else {"channels.editTitle"}
    assert made.keys() == face | {"messages.editChatAbout", "channels.editPhoto", "messages.forwardMessages"}
    assert told.calls == made.total() == 4


async def test_replies_and_links_that_lead_to_no_copy_are_not_promised(stage: Stage) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    stage.rig.post(stage.source, stage.owner, 3)  # 2, 3, 4
    home = f"https://t.me/c/{stage.source.id}"
    for number in (2, 4):
        address = f"{home}/{number}"
        link = tl.MessageEntityUrl(0, len(address))
        world.send(stage.owner.id, peer, [{"text": address, "entities": [link], "reply_to": number}])
    world.delete(stage.owner.id, peer, [2])
    told, _ = await both(stage, stage.source)
    assert (told.replies, told.links) == (1, 1)
    told, _ = await both(stage, stage.source, start="5")
    assert (told.replies, told.links) == (0, 0)


async def test_what_was_pinned_in_the_old_group_is_counted(stage: Stage) -> None:
    world = stage.rig.world
    group = world.add_group("Crew", stage.owner, [])
    ((_, message),) = world.send(stage.owner.id, ("chat", group.id), [{"text": "old"}])
    world.pin(stage.owner.id, ("chat", group.id), message.id)
    made = world.migrate(stage.owner.id, group)
    stage.rig.post(made, stage.owner, 2)
    told, calls = await both(stage, made)
    assert told.pins == calls[PIN] == 1
    told, calls = await both(stage, made, start="2")
    assert told.pins == calls[PIN] == 0
