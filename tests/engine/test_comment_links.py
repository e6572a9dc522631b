"""Links between posts and comments lead to the copies; posts are edited once the comments have theirs."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from domain.job import Job, JobKind, JobStatus
from domain.message import BESIDE
from domain.typed import Typed
from engine.structure.mending import BEFORE_ALL
from sandbox.world import Channel, Fault, Message
from tests.engine.checking_stage import checks
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, add_job, chat_of, copied, inside, say
from tests.engine.talk_stage import talk_on
from tests.engine.workbench import mark

EDIT = "messages.editMessage"


def to_comments(channel: Channel, *places: tuple[int, int], **more: Any) -> dict[str, Any]:
    """A text with a link behind each of its words."""
    entities = [
        tl.MessageEntityTextUrl(5 * n, 4, f"https://t.me/c/{channel.id}/{post}?comment={comment}")
        for n, (post, comment) in enumerate(places)
    ]
    return {"text": " ".join(["here"] * len(places)), "entities": entities, **more}


def urls(message: Message) -> list[str]:
    return [entity.url for entity in message.entities]


class Linked:
    """A talk, and two posts that link to its comments: one to two of them, one to an album's."""

    def __init__(self, stage: Stage) -> None:
        self.talk = talk_on(stage)
        self.stage, first = stage, self.talk.posts[0]
        said = {m.text: m.id for m in inside(stage, self.talk.source) if m.top is not None}
        self.well, self.nice = said["well"], said["nice pictures"]
        both = to_comments(stage.source, (first, self.well), (first, said["an answer"]))
        album = to_comments(stage.source, (self.talk.posts[1], self.nice))
        self.posts = say(stage, stage.source, both, album)

    def copies(self) -> list[Message]:
        return [m for m in inside(self.stage, self.stage.target) if m.text.startswith("here")]

    def comments(self) -> list[tuple[int, int]]:
        """The copies of comments: id and how often they were changed."""
        return [(m.id, m.version) for m in inside(self.stage, self.talk.target) if not m.appeared]

    def edits(self) -> int:
        return [call for call, _ in self.stage.rig.world.calls].count(EDIT)

    def check(self) -> None:
        found = self.talk.compared()
        assert found.same and found.comments.same, found
        assert [len(urls(copy)) for copy in self.copies()] == [2, 1]
        assert all("?comment=" in url for copy in self.copies() for url in urls(copy))


@pytest.fixture
def linked(stage: Stage) -> Linked:
    return Linked(stage)


async def test_posts_are_edited_when_the_comments_are_there(linked: Linked) -> None:
    async with linked.stage.engine() as engine:
        await linked.talk.copied(engine)
        assert await engine.store.debts(linked.talk.job.id, after=BEFORE_ALL) == []
        assert await engine.findings.page(linked.talk.job.id) == []
    linked.check()
    assert linked.edits() == 2


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_while_a_post_is_edited(linked: Linked, skip: int, moment: str) -> None:
    fault = Fault(EDIT, moment, skip=skip, discard=True)
    linked.stage.rig.world.faults.append(fault)
    async with linked.stage.engine() as engine:
        job = await linked.talk.ordered(engine)
        engine.start()
        await fault.hit.wait()
        assert len(await engine.store.debts(job.id, after=BEFORE_ALL)) == 2 - skip
        await engine.die()
    fault.release()
    standing = linked.comments()
    async with linked.stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, *ENDED)
        assert await engine.store.debts(job.id, after=BEFORE_ALL) == []
    assert job.status is JobStatus.COMPLETED, job.failure
    linked.check()
    assert linked.comments() == standing
    assert linked.edits() == 2 + (moment == "hold_before")  # that call was not made


async def test_without_a_job_for_the_comments_posts_lead_to_posts(linked: Linked) -> None:
    stage = linked.stage
    job = await copied(stage, stage.source, stage.target)
    assert linked.talk.compared().different == 0
    led = [url for copy in linked.copies() for url in urls(copy)]
    assert len(led) == 3 and not any("comment" in url or str(stage.source.id) in url for url in led)
    async with stage.engine() as engine:
        assert await engine.store.debts(job.id, after=BEFORE_ALL) == []
    assert linked.edits() == 0


async def test_the_debt_is_the_comments_jobs(linked: Linked) -> None:
    async with linked.stage.engine() as engine:
        job = await linked.talk.ordered(engine)
        await engine.jobs.set_after(job.id, [*job.after, (await _never(engine, linked)).id], who=None)
        engine.start()
        assert job.of_job is not None
        posts = await engine.jobs.get(job.of_job)
        assert posts is not None
        await engine.until(posts, JobStatus.COMPLETED)
        assert await engine.store.debts(posts.id, after=BEFORE_ALL) == []
        owed = await engine.store.debts(job.id, after=BEFORE_ALL)
    assert owed == [number + BESIDE for number in linked.posts]
    assert all(str(linked.stage.target.id) in url for copy in linked.copies() for url in urls(copy))


async def _never(engine: Any, linked: Linked) -> Job:
    """A job that never starts."""
    stage = linked.stage
    ends = chat_of(stage, stage.source), chat_of(stage, stage.target)
    job = await add_job(engine, stage, *ends)
    return await engine.jobs.move(job.id, JobStatus.CANCELLED, who=None)


async def test_a_post_that_was_changed_meanwhile_is_told(linked: Linked) -> None:
    stage = linked.stage
    peer = "channel", stage.target.id
    fault = Fault("messages.sendMessage", "hold_before", skip=2)  # after the two posts: a comment
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        job = await linked.talk.ordered(engine)
        engine.start()
        await fault.hit.wait()
        stage.rig.world.edit(stage.owner.id, peer, linked.copies()[0].id, text="gone", entities=[])
        fault.release()
        job = await engine.until(job, *ENDED)
        (found,) = await engine.findings.page(job.id)
    assert job.status is JobStatus.COMPLETED
    assert (found.source_id, found.target_id) == (0, 0)
    assert found.detail == f"links of post {linked.posts[0]}: it was changed after it was copied"
    assert linked.edits() == 1


async def test_comments_that_link_to_posts_and_to_comments_on_them(linked: Linked) -> None:
    talk, source = linked.talk, linked.stage.source
    below = talk.root(talk.posts[3]).id
    last = max(m.id for m in inside(linked.stage, talk.source))
    links = (talk.posts[0], linked.well), (talk.posts[3], last + 2)
    say(linked.stage, talk.source, to_comments(source, *links, reply_to=below))
    talk.comment(below, "the last word")
    async with linked.stage.engine() as engine:
        await talk.copied(engine)
    linked.check()
    assert linked.edits() == 3  # one to a later comment


async def test_a_repair_puts_comments_into_their_threads(linked: Linked) -> None:
    """And leads what it sends to comments at once."""
    stage, talk = linked.stage, linked.talk
    below = talk.root(talk.posts[3]).id
    say(stage, talk.source, to_comments(stage.source, (talk.posts[0], linked.well), reply_to=below))
    async with checks(stage) as bench:
        first = await bench.ended(Typed(source=mark(stage.source), target=mark(stage.target)))
        (second,) = (j for j in await bench.engine.jobs.list() if j.kind is JobKind.COMMENTS)
        await bench.engine.until(second, JobStatus.COMPLETED)
        for job, chat, words in ((first, stage.target, 1), (second, talk.target, 0)):
            lost = [m.id for m in inside(stage, chat) if m.text.startswith("here") and not m.appeared][words:]
            assert len(lost) == 1
            stage.rig.world.delete(stage.owner.id, ("channel", chat.id), lost)
            assert len(await bench.found(job)) == 1
            await bench.repair(job)
            assert await bench.found(job) == set()
    found = talk.compared()
    assert found.same and found.comments.same, found
