"""Topics: each message in the copy of its own, made once whatever happens."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind
from domain.job import JobStatus
from sandbox.world import Channel, Fault
from sandbox.world.topics import COLORS, FREE_ICONS
from storage.findings import FindingStore
from tests.engine.conftest import Stage
from tests.engine.structure_stage import (
    ENDED,
    MODES,
    add_job,
    chat_of,
    copied,
    forum,
    inside,
    killed_and_copied,
    notices,
    say,
)
from tests.engine.workbench import compared


@pytest.fixture
def source(stage: Stage) -> Channel:
    """A forum with three topics, two of them with the same title."""
    made = forum(stage, "Forum")
    world = stage.rig.world
    chat, twin, news = (
        world.add_topic(made, title, stage.owner, color=COLORS[n], emoji=FREE_ICONS[n])
        for n, title in enumerate(["Chat", "Chat", "News"])
    )
    for n in range(12):
        topic = (None, chat.id, twin.id, news.id)[n % 4]
        say(stage, made, *({"text": f"post {n} {part}", "topic": topic} for part in "ab"))
    return made


async def test_each_message_stays_in_its_topic(stage: Stage, source: Channel) -> None:
    target = forum(stage, "Copy of it")
    peer = ("channel", source.id)
    chat, twin, news = [number for number in source.topics if number != 1]
    world = stage.rig.world
    world.edit_topic(stage.owner.id, peer, chat, closed=True)
    world.edit_topic(stage.owner.id, peer, 1, title="Hall")
    world.edit_topic(stage.owner.id, peer, 1, hidden=True)
    for number in (chat, twin, news):
        world.pin_topic(stage.owner.id, peer, number, True)
    await copied(stage, source, target)
    comparison = compared(stage.rig, source, target)
    assert comparison.same, comparison
    assert len(target.topics) == len(target.pinned_topics) + 1 == 4
    assert target.topics[1].hidden and target.topics[1].title == "Hall"
    assert [target.topics[number].title for number in target.pinned_topics] == ["News", "Chat", "Chat"]


async def test_topics_of_the_target_stay_where_they_are(stage: Stage, source: Channel) -> None:
    target = forum(stage, "Copy of it")
    own = stage.rig.world.add_topic(target, "News", stage.owner)
    stage.rig.world.pin_topic(stage.owner.id, ("channel", target.id), own.id, True)
    news = list(source.topics)[-1]
    stage.rig.world.pin_topic(stage.owner.id, ("channel", source.id), news, True)
    await copied(stage, source, target, newest=own.id)
    assert len(target.topics) == 5 and target.pinned_topics[1:] == [own.id]
    assert not [m for m in inside(stage, target) if m.topic == own.id]


async def test_more_topics_than_one_page(stage: Stage) -> None:
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    topics = [stage.rig.world.add_topic(source, f"topic {n}", stage.owner) for n in range(105)]
    for topic in topics:
        say(stage, source, {"text": f"in {topic.title}", "topic": topic.id})
    await copied(stage, source, target)
    assert compared(stage.rig, source, target).same
    calls = [call for call, _ in stage.rig.world.calls]
    assert calls.count("messages.createForumTopic") == 105
    assert calls.count("messages.getForumTopicsByID") == 0


async def test_one_topic_gets_one_of_its_own(stage: Stage, source: Channel) -> None:
    target = forum(stage, "Copy of it")
    news = list(source.topics)[-1]
    stage.rig.world.edit_topic(stage.owner.id, ("channel", source.id), news, closed=True)
    stage.rig.world.edit_topic(stage.owner.id, ("channel", source.id), 1, title="Hall")
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, source, news), chat_of(stage, target))
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
    (made,) = (number for number in target.topics if number != 1)
    assert (target.topics[made].title, target.topics[made].closed) == ("News", True)
    assert target.topics[1].title == "General"
    assert compared(stage.rig, source, target, source_topic=news, target_topic=made).same


async def test_a_forum_and_a_channel(stage: Stage, source: Channel) -> None:
    await copied(stage, source, stage.target)
    assert compared(stage.rig, source, stage.target).same


async def test_a_channel_and_a_forum(stage: Stage) -> None:
    target = forum(stage, "Copy of it")
    stage.rig.post(stage.source, stage.owner, 5)
    await copied(stage, stage.source, target)
    assert compared(stage.rig, stage.source, target).same


@pytest.mark.parametrize(
    ("mode", "action"),
    [*((mode, "drop_after") for mode in MODES), ("forgotten", "drop_before"), ("forgotten", "error_after")],
)
async def test_a_topic_in_doubt(stage: Stage, source: Channel, mode: str, action: str) -> None:
    stage.rig.world.random_ids.mode = mode
    target = forum(stage, "Copy of it")
    trouble = {"code": 500, "message": "RPC_CALL_FAIL"} if action == "error_after" else {}
    stage.rig.world.faults.append(Fault("messages.createForumTopic", action, skip=1, **trouble))
    await copied(stage, source, target)
    assert len(target.topics) == 4 and compared(stage.rig, source, target).same
    assert stage.rig.world.faults[0].hits == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_while_a_topic_is_made(stage: Stage, source: Channel, mode: str, moment: str) -> None:
    """The source's topic gets another title meanwhile: it is known by the one that was journalled."""
    stage.rig.world.random_ids.mode = mode
    target = forum(stage, "Copy of it")
    twin = list(source.topics)[2]
    fault = Fault("messages.createForumTopic", moment, skip=1, discard=True)
    fault.then = lambda: stage.rig.world.edit_topic(
        stage.owner.id, ("channel", source.id), twin, title="Talk"
    )
    await killed_and_copied(stage, chat_of(stage, source), chat_of(stage, target), fault)
    assert sorted(topic.title for topic in target.topics.values()) == ["Chat", "General", "News", "Talk"]
    assert len(notices(stage, target, "topic")) == 3
    assert compared(stage.rig, source, target).same


async def test_told_to_wait_before_a_topic_is_made(stage: Stage, source: Channel) -> None:
    target = forum(stage, "Copy of it")
    stage.rig.world.faults.append(Fault("messages.createForumTopic", "flood", seconds=1, skip=1))
    await copied(stage, source, target)
    assert len(target.topics) == 4 and compared(stage.rig, source, target).same


async def test_more_pinned_topics_than_telegram_takes(stage: Stage, source: Channel) -> None:
    """What is pinned in the target stays pinned; what could not be pinned is told."""
    target = forum(stage, "Copy of it")
    own = [stage.rig.world.add_topic(target, f"own {n}", stage.owner).id for n in range(5)]
    target.pinned_topics = list(own)
    stage.rig.world.pin_topic(stage.owner.id, ("channel", source.id), max(source.topics), True)
    async with stage.engine() as engine:
        ends = chat_of(stage, source), chat_of(stage, target)
        job = await add_job(engine, stage, *ends, newest=own[-1])
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        (found,) = await FindingStore(engine.database).page(job.id)
    assert (found.kind, found.detail) == (FindingKind.NOT_APPLIED, "pinned topics: PINNED_TOO_MUCH")
    assert target.pinned_topics == own


async def test_without_the_right_to_make_topics(stage: Stage, source: Channel) -> None:
    target = forum(stage, "Copy of it")
    target.members[stage.owner.id] = "admin"
    target.denied[stage.owner.id] = {"manage_topics"}
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, source), chat_of(stage, target))
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.FAILED
    assert "may not make topics in “Copy of it” (CHAT_ADMIN_REQUIRED)" in str(job.failure)
    assert f"/resume {job.id}" in str(job.failure)


async def test_an_icon_that_the_account_may_not_use(stage: Stage, source: Channel) -> None:
    """It is asked for once; the topic is made without it, and that is told."""
    target = forum(stage, "Copy of it")
    chat, twin, _ = [number for number in source.topics if number != 1]
    source.topics[chat].icon_emoji = source.topics[twin].icon_emoji = 77
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, source), chat_of(stage, target))
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        found = await FindingStore(engine.database).page(job.id)
    assert [(f.kind, f.source_id, f.detail) for f in found] == [
        (FindingKind.NOT_APPLIED, number, "icon: DOCUMENT_INVALID") for number in (chat, twin)
    ]
    calls = [call for call, _ in stage.rig.world.calls]
    assert calls.count("messages.createForumTopic") == 4 and "messages.editForumTopic" not in calls
