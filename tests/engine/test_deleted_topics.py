"""A topic of the target is deleted or closed in mid-job: nothing goes elsewhere, nothing is lost for good."""

from __future__ import annotations

from typing import Any

import pytest

from domain.asker import Asker
from domain.finding import FindingKind
from domain.job import Job, JobStatus
from domain.peer import Chat
from domain.typed import Typed
from engine.telegram.forum import GENERAL
from sandbox.world import Channel, Fault, Message
from tests.engine.checking_stage import checks
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, add_job, chat_of, forum, inside, say
from tests.engine.workbench import Engine, mark

FORWARD, SEND = "messages.forwardMessages", "messages.sendMessage"
IN_TOPIC = ["one", "two", "three"]


def talked(stage: Stage, *, answers: bool = False) -> tuple[Channel, Channel]:
    """A forum and an empty one. In its topic somebody speaks, then in General, then in the topic again."""
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    topic = stage.rig.world.add_topic(source, "News", stage.owner).id
    (first,) = say(stage, source, {"text": IN_TOPIC[0], "topic": topic})
    say(stage, source, "in General")
    more: dict[str, Any] = {"topic": topic, "reply_to": first} if answers else {"topic": topic}
    say(stage, source, *({"text": text, **more} for text in IN_TOPIC[1:]), "in General, too")
    return source, target


def delete(stage: Stage, target: Channel) -> None:
    stage.rig.world.delete_topic(stage.owner.id, ("channel", target.id), max(target.topics))


def said(stage: Stage, target: Channel) -> list[Message]:
    return [m for m in inside(stage, target) if not m.service]


async def failed(engine: Engine, stage: Stage, source: Chat, target: Chat) -> Job:
    job = await add_job(engine, stage, source, target)
    engine.start()
    job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.FAILED
    return job


async def resumed(engine: Engine, job: Job) -> Job:
    await engine.service.resume(job.id, asker=Asker(job.owner_id))
    return await engine.until(job, JobStatus.COMPLETED)


@pytest.mark.parametrize(
    ("mode", "answers"),
    [("documented", False), ("documented", True), ("mapping_only", False), ("forgotten", False)],
)
async def test_a_deleted_topic_is_made_anew(stage: Stage, mode: str, answers: bool) -> None:
    """Also where Telegram gives back the first one for its random_id. What was in it, a repair brings."""
    stage.rig.world.random_ids.mode = mode
    source, target = talked(stage, answers=answers)
    call = Fault(SEND if answers else FORWARD, "pass", skip=0 if answers else 2)
    call.then = lambda: delete(stage, target)
    stage.rig.world.faults.append(call)
    async with checks(stage) as bench:
        order = Typed(source=mark(source), target=mark(target))
        job = await bench.engine.service.order(order, asker=bench.asker)
        job = await bench.engine.until(job, *ENDED)
        assert f"/resume {job.id} makes it anew" in str(job.failure)
        await resumed(bench.engine, job)
        assert [m.text for m in said(stage, target) if m.topic != GENERAL] == IN_TOPIC[1:]
        assert len(target.topics) == 2
        assert await bench.found(job) == {(FindingKind.MISSING, 3, 3)}
        await bench.repair(job)
    there = {m.text: m.topic for m in said(stage, target)}
    made = max(target.topics)
    assert there == {"in General": GENERAL, "in General, too": GENERAL} | dict.fromkeys(IN_TOPIC, made)


@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
@pytest.mark.parametrize("mode", ["documented", "forgotten"])
async def test_killed_while_it_is_made_anew(stage: Stage, moment: str, mode: str) -> None:
    stage.rig.world.random_ids.mode = mode
    source, target = talked(stage)
    stage.rig.world.faults.append(Fault(FORWARD, "pass", skip=2, then=lambda: delete(stage, target)))
    killing = Fault("messages.createForumTopic", moment, skip=1, discard=True)
    stage.rig.world.faults.append(killing)
    async with stage.engine() as engine:
        job = await failed(engine, stage, chat_of(stage, source), chat_of(stage, target))
        await engine.service.resume(job.id, asker=Asker(job.owner_id))
        await killing.hit.wait()
        await engine.die()
    killing.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
    assert len(target.topics) == 2
    assert [m.text for m in said(stage, target) if m.topic == max(target.topics)] == IN_TOPIC[1:]


async def test_a_closed_topic_waits_for_who_opens_it(stage: Stage) -> None:
    world = stage.rig.world
    somebody = world.add_user("Ada")
    target = world.add_channel("Copy of it", somebody, megagroup=True, forum=True)
    target.members[stage.owner.id] = "member"
    topic = world.add_topic(target, "Here", somebody)
    stage.rig.post(stage.source, stage.owner, 150)

    def close() -> None:
        topic.closed = True

    world.faults.append(Fault(FORWARD, "pass", then=close))
    async with stage.engine() as engine:
        job = await failed(engine, stage, chat_of(stage, stage.source), chat_of(stage, target, topic.id))
        assert "“Copy of it”" in str(job.failure) and "TOPIC_CLOSED" in str(job.failure)
        topic.closed = False
        assert (await resumed(engine, job)).progress.copied == 150
    assert [m.text for m in said(stage, target)] == [f"post {n}" for n in range(150)]


async def test_a_topic_that_somebody_chose_is_not_made_anew(stage: Stage) -> None:
    target = forum(stage, "Copy of it")
    topic = stage.rig.world.add_topic(target, "Here", stage.owner).id
    stage.rig.post(stage.source, stage.owner, 150)
    stage.rig.world.faults.append(Fault(FORWARD, "pass", skip=1, then=lambda: delete(stage, target)))
    async with stage.engine() as engine:
        job = await failed(engine, stage, chat_of(stage, stage.source), chat_of(stage, target, topic))
    assert "Order a copy to another one" in str(job.failure)
    assert said(stage, target) == []
