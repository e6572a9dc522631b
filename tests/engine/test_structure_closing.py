"""What comes when all messages are copied: links forward in time, pins, topics' states. Each once."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from domain.finding import FindingKind
from domain.job import JobStatus
from domain.message import OLD_GROUP
from domain.wishes import Wishes
from engine.copies import Copies
from engine.structure.changes import Changes
from engine.structure.closing import Closing
from engine.structure.topics import Topics
from engine.telegram.chats import look_at
from sandbox.world import Channel, Fault
from storage.findings import FindingStore
from tests.engine.conftest import Stage
from tests.engine.structure_stage import (
    ENDED,
    add_job,
    chat_of,
    copied,
    forum,
    inside,
    killed_and_copied,
    link_to,
    notices,
    say,
)
from tests.engine.workbench import compared

BROKEN: list[dict[str, Any]] = [
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "error_after", "code": 500, "message": "RPC_CALL_FAIL"},
]


def linked(stage: Stage) -> list[int]:
    """Posts that lead to later ones: in words, behind words, to an album; and one to what is never copied."""
    source = stage.source
    world = stage.rig.world
    first = world.boxes["channel", source.id].last(("channel", source.id)).id + 1
    visible = f"t.me/c/{source.id}/{first + 4}"
    photo = world.add_media("photo", b"picture")
    sent = say(
        stage,
        source,
        link_to(source, first + 3),
        {"text": f"read {visible} and https://t.me/c/{source.id}/1", "entities": _urls("read ", visible)},
        {"text": "a caption: see 9", "media": photo, "entities": [_behind(11, source, first + 4)]},
        "the end",
        "after the end",
        link_to(source, first),
    )
    assert sent[0] == first
    return sent


def _urls(before: str, visible: str) -> list[Any]:
    return [tl.MessageEntityUrl(len(before), len(visible))]


def _behind(offset: int, chat: Channel, number: int) -> Any:
    return tl.MessageEntityTextUrl(offset, 3, f"https://t.me/c/{chat.id}/{number}")


async def test_links_forward_in_time_are_mended(stage: Stage) -> None:
    linked(stage)
    job = await copied(stage, stage.source, stage.target)
    comparison = compared(stage.rig, stage.source, stage.target)
    assert comparison.same, comparison
    assert [call for call, _ in stage.rig.world.calls].count("messages.editMessage") == 3
    async with stage.engine() as engine:
        assert await engine.store.debts(job.id, after=-(2**62)) == []


async def test_a_link_to_what_is_not_copied_costs_no_call(stage: Stage) -> None:
    say(stage, stage.source, link_to(stage.source, 4), "a", "b", "c")
    (protected,) = (m for m in inside(stage, stage.source) if m.id == 4)
    protected.noforwards = True
    job = await copied(stage, stage.source, stage.target)
    assert "messages.editMessage" not in [call for call, _ in stage.rig.world.calls]
    async with stage.engine() as engine:
        assert await engine.store.debts(job.id, after=-(2**62)) == []
        assert await FindingStore(engine.database).page(job.id) == []


@pytest.mark.parametrize("trouble", BROKEN)
async def test_an_edit_in_doubt(stage: Stage, trouble: dict[str, Any]) -> None:
    linked(stage)
    stage.rig.world.faults.append(Fault("messages.editMessage", skip=1, **trouble))
    await copied(stage, stage.source, stage.target)
    assert compared(stage.rig, stage.source, stage.target).same
    assert stage.rig.world.faults[0].hits == 1


async def test_killed_between_two_edits(stage: Stage) -> None:
    linked(stage)
    fault = Fault("messages.editMessage", "hold_after", skip=1)
    await killed_and_copied(stage, chat_of(stage, stage.source), chat_of(stage, stage.target), fault)
    assert compared(stage.rig, stage.source, stage.target).same


async def test_a_refused_edit_is_told_and_not_tried_for_ever(stage: Stage) -> None:
    sent = linked(stage)
    refused = Fault("messages.editMessage", "error", code=400, message="MESSAGE_EDIT_TIME_EXPIRED")
    stage.rig.world.faults.append(refused)
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, stage.source), chat_of(stage, stage.target))
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        (found,) = await FindingStore(engine.database).page(job.id)
        copies = await engine.store.map.targets(job.id, sent)
    assert (found.kind, found.source_id, found.detail) == (
        FindingKind.NOT_APPLIED,
        sent[0],
        "links: MESSAGE_EDIT_TIME_EXPIRED",
    )
    assert found.target_id == copies[sent[0]]


async def test_links_to_topics_and_into_them(stage: Stage) -> None:
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    one = stage.rig.world.add_topic(source, "One", stage.owner)
    two = one.id + 3  # made behind the links to it
    urls = [f"https://t.me/c/{source.id}/{two}", f"https://t.me/c/{source.id}/{two}/{two + 1}"]
    for url in urls:
        say(stage, source, {"text": "see", "entities": [tl.MessageEntityTextUrl(0, 3, url)], "topic": one.id})
    assert stage.rig.world.add_topic(source, "Two", stage.owner).id == two
    say(stage, source, {"text": "in it", "topic": two})
    await copied(stage, source, target)
    comparison = compared(stage.rig, source, target)
    assert comparison.same, comparison
    made = max(target.topics)
    (text,) = [m for m in inside(stage, target) if m.topic == made]
    shown = [m.entities[0].url for m in inside(stage, target) if m.entities]
    assert shown == [f"https://t.me/c/{target.id}/{made}", f"https://t.me/c/{target.id}/{made}/{text.id}"]


def pinned(stage: Stage, count: int) -> None:
    sent = say(stage, stage.source, *(f"post {n}" for n in range(count)))
    for number in reversed(sent):
        stage.rig.world.pin(stage.owner.id, ("channel", stage.source.id), number)


async def test_pins_of_several_pages(stage: Stage) -> None:
    pinned(stage, 130)
    await copied(stage, stage.source, stage.target)
    assert compared(stage.rig, stage.source, stage.target).same
    assert len(notices(stage, stage.target, "pin")) == 130


async def test_pins_of_the_group_that_the_source_was(stage: Stage) -> None:
    world = stage.rig.world
    small = world.add_group("Small", stage.owner)
    peer = ("chat", small.id)
    ((*_, old),) = world.send(stage.owner.id, peer, [{"text": "long ago"}])
    world.pin(stage.owner.id, peer, old.id)
    large = world.migrate(stage.owner.id, small)
    (new,) = say(stage, large, "today")
    world.pin(stage.owner.id, ("channel", large.id), new)
    await copied(stage, large, stage.target, offset_id=OLD_GROUP)
    copies = [(m.text, m.pinned) for m in inside(stage, stage.target) if not m.service]
    assert copies == [("long ago", True), ("today", True)]
    assert [m.reply_to for m in notices(stage, stage.target, "pin")] == [2, 3]


async def test_no_pins_if_none_are_wanted(stage: Stage) -> None:
    pinned(stage, 3)
    await copied(stage, stage.source, stage.target, wishes=Wishes(pins=False))
    assert not notices(stage, stage.target, "pin")


@pytest.mark.parametrize("trouble", BROKEN)
async def test_a_pin_in_doubt(stage: Stage, trouble: dict[str, Any]) -> None:
    pinned(stage, 3)
    stage.rig.world.faults.append(Fault("messages.updatePinnedMessage", skip=1, **trouble))
    await copied(stage, stage.source, stage.target)
    assert compared(stage.rig, stage.source, stage.target).same
    assert len(notices(stage, stage.target, "pin")) == 3 and stage.rig.world.faults[0].hits == 1


@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_between_two_pins(stage: Stage, moment: str) -> None:
    pinned(stage, 3)
    fault = Fault("messages.updatePinnedMessage", moment, skip=1, discard=True)
    await killed_and_copied(stage, chat_of(stage, stage.source), chat_of(stage, stage.target), fault)
    assert compared(stage.rig, stage.source, stage.target).same
    assert len(notices(stage, stage.target, "pin")) == 3


async def test_without_the_right_to_pin(stage: Stage) -> None:
    """Asked once; one finding for all of them."""
    pinned(stage, 3)
    stage.target.members[stage.owner.id] = "admin"
    stage.target.denied[stage.owner.id] = {"edit_messages"}
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, stage.source), chat_of(stage, stage.target))
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        (found,) = await FindingStore(engine.database).page(job.id)
    assert (found.kind, found.source_id, found.target_id) == (FindingKind.NOT_APPLIED, 0, 0)
    assert found.detail == "pins: CHAT_ADMIN_REQUIRED"
    assert [call for call, _ in stage.rig.world.calls].count("messages.updatePinnedMessage") == 1


async def test_nothing_is_left_to_do_once_all_is_done(stage: Stage) -> None:
    """A run that begins when the last change is made, but the job not yet completed, changes nothing."""
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    source.about, source.photo = "Talk", stage.rig.world.add_media("photo", b"\xff\xd8\xff" + b"p" * 90)
    topic = stage.rig.world.add_topic(source, "One", stage.owner)
    (number,) = say(stage, source, {"text": "in it", "topic": topic.id})
    stage.rig.world.pin(stage.owner.id, ("channel", source.id), number)
    stage.rig.world.pin_topic(stage.owner.id, ("channel", source.id), topic.id, True)
    job = await copied(stage, source, target, wishes=Wishes(profile=True))
    comparison = compared(stage.rig, source, target, profile=True)
    assert comparison.same, comparison
    async with stage.engine() as engine:
        ends: dict[str, Any] = {"job": job, "pool": engine.pool, "store": engine.store}
        topics = Topics(**ends)
        await topics.load()
        account = await engine.pool.get(job.account_id)
        chats = [await look_at(account, chat_of(stage, chat)) for chat in (source, target)]
        copies = Copies(job=job, map=engine.store.map)
        changes = Changes(**ends, topics=topics, copies=copies, source=chats[0], target=chats[1])
        assert await Closing(changes=changes).next() is None


@pytest.mark.parametrize("skip", range(4))
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_while_topics_get_their_states(stage: Stage, skip: int, moment: str) -> None:
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    peer, owner = ("channel", source.id), stage.owner.id
    topics = [stage.rig.world.add_topic(source, title, stage.owner) for title in ("One", "Two")]
    stage.rig.world.edit_topic(owner, peer, topics[0].id, closed=True)
    stage.rig.world.edit_topic(owner, peer, 1, title="Hall")
    stage.rig.world.edit_topic(owner, peer, 1, hidden=True)
    for topic in topics:
        stage.rig.world.pin_topic(owner, peer, topic.id, True)
    method = "messages.reorderPinnedForumTopics" if skip == 3 else "messages.editForumTopic"
    fault = Fault(method, moment, skip=skip % 3, discard=True)
    await killed_and_copied(stage, chat_of(stage, source), chat_of(stage, target), fault)
    assert compared(stage.rig, source, target).same
    assert len(notices(stage, target, "topic_edit")) == 3
