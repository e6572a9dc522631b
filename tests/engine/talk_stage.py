"""Two channels with discussion groups, and comments on the posts of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.job import Job, JobKind, JobStatus
from sandbox.world import Channel, Message
from storage.message_map import Mapped
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, add_job, chat_of, inside, say
from tests.engine.workbench import Engine, compared


@dataclass
class Talk:
    """Both channels have a discussion group; the source's posts are commented on."""

    stage: Stage
    source: Channel
    target: Channel
    posts: list[int]

    def root(self, post: int) -> Message:
        (found,) = (m for m in inside(self.stage, self.source) if m.fwd and m.fwd["saved_from"][1] == post)
        return found

    def comment(self, under: int, *texts: str, **fields: Any) -> list[int]:
        return say(self.stage, self.source, *({"text": t, "reply_to": under, **fields} for t in texts))

    async def ordered(self, engine: Engine) -> Job:
        """The comments' job, after the channel's."""
        stage = self.stage
        first = await add_job(engine, stage, chat_of(stage, stage.source), chat_of(stage, stage.target))
        ends = chat_of(stage, self.source), chat_of(stage, self.target)
        return await add_job(engine, stage, *ends, kind=JobKind.COMMENTS, of_job=first.id, after=(first.id,))

    async def copied(self, engine: Engine) -> list[Mapped]:
        """Copies the channel, then the comments; the comments' map."""
        second = await self.ordered(engine)
        engine.start()
        self.job = await engine.until(second, *ENDED)
        assert self.job.status is JobStatus.COMPLETED, self.job.failure
        return await engine.store.map.page(second.id, after=0)

    def compared(self, **options: Any) -> Any:
        return compared(self.stage.rig, self.stage.source, self.stage.target, comments=True, **options)


def talk_on(stage: Stage) -> Talk:
    """A post, an album and a post, with five comments; something is said outside of all threads."""
    world = stage.rig.world
    groups = [world.add_channel(title, stage.owner, megagroup=True) for title in ("Talk", "Talk of copy")]
    for channel, group in zip((stage.source, stage.target), groups, strict=True):
        world.link(stage.owner.id, ("channel", channel.id), ("channel", group.id))
    photo, other = (world.add_media("photo", data) for data in (b"one", b"two"))
    album = world.new_group_id()
    posts = say(
        stage,
        stage.source,
        "news",
        {"text": "", "media": photo, "grouped_id": album},
        {"text": "", "media": other, "grouped_id": album},
        "more",
    )
    made = Talk(stage, *groups, posts)
    (first,) = made.comment(made.root(posts[0]).id, "well")
    made.comment(first, "an answer")
    made.comment(made.root(posts[1]).id, "nice pictures", "indeed")
    say(stage, groups[0], "in no thread at all")
    made.comment(made.root(posts[0]).id, "late to the party")
    return made
