"""Killed in doubt, beside messages that look like the copies and are none, and copies that look otherwise."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, chat_of, inside, killed_and_copied, say
from tests.engine.talk_stage import Talk
from tests.engine.workbench import compared
from tests.sandbox.waiting import until

FORWARD, SEND = "messages.forwardMessages", "messages.sendMessage"


@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_a_comment_that_reads_like_a_post(stage: Stage, moment: str) -> None:
    """The posts' copies appear in the discussion group by themselves: nobody's comment."""
    world = stage.rig.world
    world.random_ids.mode = "forgotten"
    groups = [world.add_channel(title, stage.owner, megagroup=True) for title in ("Talk", "Talk of copy")]
    for channel, group in zip((stage.source, stage.target), groups, strict=True):
        world.link(stage.owner.id, ("channel", channel.id), ("channel", group.id))
    talk = Talk(stage, groups[0], groups[1], say(stage, stage.source, "ok", "ok", "two"))
    talk.comment(talk.root(talk.posts[0]).id, "ok", "two")
    fault = Fault(SEND, moment, discard=True)
    world.faults.append(fault)
    async with stage.engine() as engine:
        job = await talk.ordered(engine)
        engine.start()
        await fault.hit.wait()
        await engine.die()
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
    found = talk.compared()
    assert found.same, found


@pytest.mark.parametrize("mode", ["documented", "forgotten"])
async def test_somebody_else_says_the_same_in_a_group(stage: Stage, mode: str) -> None:
    """Nothing of the step has arrived, but a guest has said it word for word."""
    world = stage.rig.world
    world.random_ids.mode = mode
    group = world.add_channel("Group", stage.owner, megagroup=True)
    guest = world.add_user("Ada")
    group.members[guest.id] = "member"
    say(stage, stage.source, "ok", {"text": "me too", "reply_to": 2}, "the end")
    fault = Fault(SEND, "hold_before", discard=True)
    fault.then = lambda: world.send(guest.id, ("channel", group.id), [{"text": "me too"}])
    await killed_and_copied(stage, chat_of(stage, stage.source), chat_of(stage, group), fault)
    copies = [m for m in inside(stage, group) if m.sender == stage.owner.id and not m.service]
    assert [m.text for m in copies] == ["ok", "me too", "the end"]
    assert copies[1].reply_to == copies[0].id


@pytest.mark.parametrize(("posts", "mode"), [(150, "forgotten"), (101, "forgotten"), (150, "documented")])
async def test_edited_between_planning_and_forwarding(stage: Stage, posts: int, mode: str) -> None:
    """A forward takes what stands there now; some are edited before it, some after it."""
    world, source = stage.rig.world, ("channel", stage.source.id)
    world.random_ids.mode = mode
    stage.rig.post(stage.source, stage.owner, posts)

    def edit(number: int, text: str) -> None:
        world.edit(stage.owner.id, source, number, text=text)

    first, second = Fault(FORWARD, "hold_before"), Fault(FORWARD, "hold_after")
    second.then = lambda: edit(posts, "edited when it was copied already")
    world.faults += [first, second]
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await first.hit.wait()
        await until(lambda: [call for call, _ in world.calls].count("messages.getHistory") >= 3)
        edit(posts + 1, "edited when it was planned already")
        first.release()
        await second.hit.wait()
        await engine.die()
    second.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, JobStatus.COMPLETED)
        assert job.progress.copied == posts
    edit(posts, f"post {posts - 2}")
    found = compared(stage.rig, stage.source, stage.target)
    assert found.same, found
