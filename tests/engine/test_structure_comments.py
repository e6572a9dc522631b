"""Comments hang on the copies of the posts that they were written under."""

from __future__ import annotations

import pytest

from domain.job import JobStatus
from domain.message import SkipReason
from engine.telegram.discussion import linked_group, old_group
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, MODES, chat_of
from tests.engine.talk_stage import Talk, talk_on


@pytest.fixture
def talk(stage: Stage) -> Talk:
    return talk_on(stage)


async def test_each_comment_goes_below_its_post(talk: Talk) -> None:
    async with talk.stage.engine() as engine:
        mapped = await talk.copied(engine)
    comparison = talk.compared()
    assert comparison.same and comparison.comments.same, comparison
    assert len(mapped) == 5
    calls = [call for call, _ in talk.stage.rig.world.calls]
    assert calls.count("messages.getDiscussionMessage") == 2  # a thread is looked for once


async def test_posts_of_a_channel_that_was_linked_before(talk: Talk) -> None:
    """Their numbers are those of other posts, too."""
    root = talk.root(talk.posts[0])
    assert root.fwd is not None
    root.fwd["saved_from"] = (("channel", talk.stage.target.id), talk.posts[0])
    root.touch()
    async with talk.stage.engine() as engine:
        mapped = await talk.copied(engine)
        skips = await engine.store.skips(talk.job.id)
    assert len(mapped) == 2  # below the album
    assert [s.reason for s in skips].count(SkipReason.NO_POST) == 3


async def test_posts_take_a_moment_to_appear(talk: Talk) -> None:
    talk.stage.rig.world.appear_delay = 1.0
    async with talk.stage.engine() as engine:
        await talk.copied(engine)
        assert [s for s in await engine.store.skips(talk.job.id) if s.reason is not SkipReason.SERVICE] == []
    assert talk.compared().same and talk.compared().comments.same


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_while_a_comment_is_sent(talk: Talk, mode: str, moment: str) -> None:
    talk.stage.rig.world.random_ids.mode = mode
    fault = Fault("messages.sendMessage", moment, skip=2, discard=True)
    talk.stage.rig.world.faults.append(fault)
    async with talk.stage.engine() as engine:
        job = await talk.ordered(engine)
        engine.start()
        await fault.hit.wait()
        await engine.die()
    fault.release()
    async with talk.stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.COMPLETED, job.failure
    assert talk.compared().same and talk.compared().comments.same


async def test_which_group_belongs_to_which_channel(talk: Talk) -> None:
    stage = talk.stage
    plain = stage.rig.world.add_channel("Plain", stage.owner)
    async with stage.engine() as engine:
        account = await engine.pool.get((await engine.log_in(stage.owner)).id)
        group = await linked_group(account, chat_of(stage, stage.source))
        assert group is not None and group == chat_of(stage, talk.source)
        assert await linked_group(account, group) == chat_of(stage, stage.source)
        assert await linked_group(account, chat_of(stage, plain)) is None
        assert await old_group(account, chat_of(stage, plain)) is None


async def test_which_group_a_supergroup_was(stage: Stage) -> None:
    world = stage.rig.world
    small = world.add_group("Small", stage.owner)
    world.send(stage.owner.id, ("chat", small.id), [{"text": "hello"}])
    last = world.box_for(stage.owner.id, ("chat", small.id)).last(("chat", small.id))
    large = world.migrate(stage.owner.id, small)
    async with stage.engine() as engine:
        account = await engine.pool.get((await engine.log_in(stage.owner)).id)
        found = await old_group(account, chat_of(stage, large))
    assert found is not None and found[0] == small.id and found[1] >= last.id
