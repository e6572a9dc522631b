"""Copies that go into one topic of somebody's forum: General, and topics that are closed."""

from __future__ import annotations

import pytest

from domain.asker import Asker
from domain.job import Job, JobStatus
from domain.refusals import TopicClosed
from sandbox.world import Channel, Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

FORWARD = "messages.forwardMessages"


def their_forum(stage: Stage) -> Channel:
    world = stage.rig.world
    forum = world.add_channel("Forum", world.add_user("Host"), megagroup=True, forum=True)
    forum.members[stage.owner.id] = "admin"
    forum.denied[stage.owner.id] = {"manage_topics"}
    return forum


async def order(engine: Engine, stage: Stage, forum: Channel, topic: int) -> Job:
    await engine.log_in(stage.owner)
    return await engine.service.create(
        asker=Asker(stage.owner.id), source=mark(stage.source), target=f"https://t.me/c/{forum.id}/{topic}"
    )


async def test_copies_into_general(stage: Stage) -> None:
    """Forwards, answers and albums alike; who names General as a topic is told that there is none."""
    forum, world, peer = their_forum(stage), stage.rig.world, ("channel", stage.source.id)
    photo = world.add_media("photo", b"x" * 99)
    stage.rig.post(stage.source, stage.owner, 2)
    world.send(stage.owner.id, peer, [{"text": "answer", "reply_to": 2}])
    world.send(stage.owner.id, peer, [{"media": photo, "grouped_id": 7, "reply_to": 2}] * 2)
    async with stage.engine() as engine:
        engine.start()
        job = await engine.until(await order(engine, stage, forum, 1), JobStatus.COMPLETED)
        assert (job.progress.copied, job.progress.skipped) == (5, 1)
        copies = [m for m in world.boxes["channel", forum.id].by_id.values() if not m.service]
        assert {m.topic for m in copies} == {1}
        assert [m.reply_to is not None for m in copies] == [False, False, True, True, True]


async def test_a_closed_topic_is_refused_unless_the_account_may_manage_topics(stage: Stage) -> None:
    forum = their_forum(stage)
    topic = stage.rig.world.add_topic(forum, "News")
    topic.closed = True
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        with pytest.raises(TopicClosed, match="“News” of “Forum” is closed"):
            await order(engine, stage, forum, topic.id)
        forum.denied.clear()
        engine.start()
        await engine.until(await order(engine, stage, forum, topic.id), JobStatus.COMPLETED)


async def test_a_topic_that_is_closed_in_mid_job_ends_it_with_its_reason_and_no_login_is_lost(
    stage: Stage,
) -> None:
    forum = their_forum(stage)
    topic = stage.rig.world.add_topic(forum, "News")
    stage.rig.post(stage.source, stage.owner, 150)
    fault = Fault(FORWARD, "pass", skip=1, then=lambda: setattr(topic, "closed", True))
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        engine.start()
        job = await engine.until(await order(engine, stage, forum, topic.id), JobStatus.FAILED)
        assert "“Forum” any more (TOPIC_CLOSED)" in str(job.failure)
        topic.closed = False
        await engine.service.resume(job.id, asker=Asker(stage.owner.id))
        job = await engine.until(job, JobStatus.COMPLETED)
        assert (job.progress.copied, job.progress.skipped) == (150, 1)
