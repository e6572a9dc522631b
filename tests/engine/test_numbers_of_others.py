"""A list of numbers never reaches into another chat or another topic, though Telegram would answer."""

from __future__ import annotations

from domain.asker import Asker
from domain.job import JobStatus
from domain.message import SkipReason
from domain.typed import Typed
from sandbox.world import Channel
from tests.engine.conftest import Stage
from tests.engine.workbench import mark


async def copied(stage: Stage, source: str, ids: list[int]) -> tuple[list[str], dict[int, SkipReason]]:
    """The texts that a copy of these ids put into the target, and what it skipped."""
    numbers = ",".join(map(str, ids))
    typed = Typed(source=source, target=mark(stage.target), ids=numbers)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        told = await engine.service.preview(typed, asker=Asker(stage.owner.id))
        job = await engine.service.order(typed, asker=Asker(stage.owner.id))
        job = await engine.until(job, JobStatus.COMPLETED)
        assert told.messages == job.progress.copied
        skips = {skip.source_id: skip.reason for skip in await engine.store.skips(job.id)}
    box = stage.rig.world.boxes["channel", stage.target.id].by_id
    return [message.text for _, message in sorted(box.items()) if not message.service], skips


async def test_of_another_chat(stage: Stage) -> None:
    """Basic groups and people share one sequence of numbers."""
    world, owner = stage.rig.world, stage.owner
    groups = [world.add_group(title, owner, []) for title in ("Ours", "Secret")]
    ours, secret = (
        [m.id for _, m in world.send(owner.id, ("chat", group.id), [{"text": f"in {group.title}"}])]
        for group in groups
    )
    texts, skips = await copied(stage, str(-groups[0].id), [*ours, *secret])
    assert texts == ["in Ours"]
    assert skips == {secret[0]: SkipReason.DELETED}


async def test_of_another_topic(stage: Stage) -> None:
    world, owner = stage.rig.world, stage.owner
    forum: Channel = world.add_channel("Forum", owner, megagroup=True, forum=True)
    topics = [world.add_topic(forum, title).id for title in ("Ours", "Theirs")]
    peer = ("channel", forum.id)
    ours, theirs = (
        [m.id for _, m in world.send(owner.id, peer, [{"text": f"in {topic}", "topic": topic}])]
        for topic in topics
    )
    texts, skips = await copied(stage, f"t.me/c/{forum.id}/{topics[0]}", [*ours, *theirs])
    assert texts == [f"in {topics[0]}"]
    assert skips == {theirs[0]: SkipReason.DELETED}
