"""What somebody chose becomes ids: dates, links, the last N, a topic; and what can't be chosen is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.asker import Asker
from domain.errors import AlreadyCopied, AlreadyOrdered, FerryError
from domain.job import Job, JobKind, JobStatus
from domain.kind import Kind
from domain.message import OLD_GROUP
from domain.refusals import (
    LinkElsewhere,
    MayNotMakeTopics,
    NoForum,
    NoneOfTheIds,
    NothingChosen,
    TopicElsewhere,
    TopicHasNoProfile,
    UpsideDown,
)
from domain.typed import Typed
from domain.wishes import NewChatKind
from sandbox.world import Channel
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

HOUR = 3600
FIRST = 2  # 1 is the message that the channel was made


@pytest.fixture
def began(stage: Stage) -> int:
    """Ten posts, numbers 2 to 11, an hour apart; 5, 6 and 7 are an album. When the first one was posted."""
    began = int(stage.rig.world.clock()) + HOUR
    photo = stage.rig.world.add_media("photo", b"x")
    for i in range(10):
        album = {"grouped_id": 77, "media": photo} if 3 <= i <= 5 else {}
        spec = {"text": f"post {i}", "date": began + i * HOUR, **album}
        stage.rig.world.send(stage.owner.id, ("channel", stage.source.id), [spec])
    return began


async def ordered(engine: Engine, stage: Stage, **said: object) -> Job:
    target = "" if said.get("new_target") else mark(stage.target)
    typed = Typed(**{"source": mark(stage.source), "target": target, **said})  # type: ignore[arg-type]
    return await engine.service.order(typed, asker=Asker(stage.owner.id))


def link(chat: Channel, *numbers: int) -> str:
    return "/".join(map(str, ("https://t.me/c", chat.id, *numbers)))


def moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@pytest.mark.parametrize(
    ("said", "ids", "total"),
    [
        ({}, (None, None), 11),
        ({"start": "4"}, (4, None), 8),
        ({"start": "6"}, (5, None), 7),  # an album is never cut
        ({"end": "5"}, (None, 7), 7),
        ({"start": "3", "end": "4"}, (3, 4), 2),
        ({"end": "500"}, (None, 500), 11),
        ({"last": 3}, (9, None), 3),
        ({"last": 6}, (5, None), 7),
        ({"last": 500}, (None, None), 11),
        ({"last": 10**20}, (None, None), 11),  # more than Telegram can count
        ({"end": str(2**31 - 1)}, (None, 2**31 - 1), 11),
        ({"since": "0001-01-01"}, (None, None), 11),
        ({"kinds": "photo"}, (None, None), 11),
    ],
)
async def test_a_choice_becomes_ids(
    stage: Stage, began: int, said: dict[str, object], ids: tuple[int | None, int | None], total: int
) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await ordered(engine, stage, **said)
        chosen = job.wishes.selection
        assert (chosen.from_id, chosen.to_id) == ids
        assert job.progress.total == total
        assert job.progress.offset_id == (ids[0] - 1 if ids[0] else 0)
        assert chosen.kinds == ({Kind.PHOTO} if "kinds" in said else set())


async def test_dates_and_links_become_ids(stage: Stage, began: int) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await ordered(
            engine, stage, since=moment(began + HOUR), until=moment(began + 6 * HOUR), replies=False
        )
        assert (job.wishes.selection.from_id, job.wishes.selection.to_id) == (3, 7)
        assert job.wishes.selection.asked.startswith("since=")
        job = await ordered(engine, stage, start=link(stage.source, 4), end=link(stage.source, 9))
        assert (job.wishes.selection.from_id, job.wishes.selection.to_id) == (4, 9)
        job = await ordered(engine, stage, ids="3,8-9,300")
        assert job.wishes.selection.ids == (3, 8, 9, 300)
        assert (job.progress.total, job.progress.offset_id) == (4, 2)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"start": "9", "end": "4"}, UpsideDown),
        ({"start": "300"}, NothingChosen),
        ({"since": "2200-01-01"}, NothingChosen),
        ({"until": "1999-01-01"}, NothingChosen),
        ({"ids": "300,400"}, NoneOfTheIds),
        ({"start": "https://t.me/some_other_chat/5"}, LinkElsewhere),
        ({"end": "https://t.me/c/999/5"}, LinkElsewhere),
        ({"topic": "5"}, NoForum),
    ],
)
async def test_what_cannot_be_chosen_leaves_no_job(
    stage: Stage, began: int, said: dict[str, object], error: type[FerryError]
) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(error):
            await ordered(engine, stage, **said)
        assert await engine.jobs.list() == []


async def test_a_topic_of_the_source(stage: Stage) -> None:
    world = stage.rig.world
    forum = world.add_channel("Forum", stage.owner, megagroup=True, forum=True)
    topic = world.add_topic(forum, "Ideas")
    peer = ("channel", forum.id)
    sent = world.send(stage.owner.id, peer, [{"text": f"idea {i}", "topic": topic.id} for i in range(5)])
    world.send(stage.owner.id, peer, [{"text": "not here"}])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await ordered(engine, stage, source=mark(forum), topic=str(topic.id), last=2)
        assert job.source.topic_id == topic.id
        assert job.wishes.selection.from_id == sent[3][1].id
        assert job.progress.total == 2
        job = await ordered(engine, stage, source=mark(forum), topic=link(forum, topic.id, sent[0][1].id))
        assert job.source.topic_id == topic.id
        with pytest.raises(TopicElsewhere):
            await ordered(engine, stage, source=mark(forum), topic=link(stage.source, 5))
        with pytest.raises(NoForum):
            await ordered(engine, stage, target=link(stage.target, 5, 6))


async def test_an_old_group_is_where_it_begins_unless_something_later_is_chosen(stage: Stage) -> None:
    world = stage.rig.world
    group = world.add_group("Crew", stage.owner)
    began = int(world.clock()) - 100 * HOUR
    specs = [{"text": f"old {i}", "date": began + i * HOUR} for i in range(4)]
    old = [m.id for _, m in world.send(stage.owner.id, ("chat", group.id), specs)]
    channel = world.migrate(stage.owner.id, group)
    specs = [{"text": f"new {i}"} for i in range(3)]
    new = [m.id for _, m in world.send(stage.owner.id, ("channel", channel.id), specs)]
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        everything = await ordered(engine, stage, source=mark(channel))
        assert everything.progress.offset_id == OLD_GROUP
        later = await ordered(engine, stage, source=mark(channel), start=str(new[0]))
        assert later.progress.offset_id == new[0] - 1
        since = await ordered(engine, stage, source=mark(channel), since=moment(began + 2 * HOUR))
        assert since.wishes.selection.from_id == old[1] + 1 + OLD_GROUP
        assert since.progress.offset_id == old[1] + OLD_GROUP
        last = await ordered(engine, stage, source=mark(channel), last=6)
        assert last.wishes.selection.from_id is not None and last.wishes.selection.from_id < 0
        assert last.progress.total == 6
        until = await ordered(engine, stage, source=mark(channel), until=moment(began + 2 * HOUR))
        assert until.wishes.selection.to_id == old[1] + OLD_GROUP


async def test_a_right_that_the_order_cannot_do_without(stage: Stage) -> None:
    world = stage.rig.world
    other = world.add_user("Other")
    forum = world.add_channel("Forum", stage.owner, megagroup=True, forum=True)
    copy = world.add_channel("Copy forum", other, megagroup=True, forum=True, username="copy_forum")
    copy.members[stage.owner.id] = "admin"
    copy.denied[stage.owner.id] = {"manage_topics"}
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(MayNotMakeTopics):
            await ordered(engine, stage, source=mark(forum), target="@copy_forum")
        copy.denied.clear()
        assert await ordered(engine, stage, source=mark(forum), target="@copy_forum")
        with pytest.raises(TopicHasNoProfile):  # the whole forum would get the source's face
            await ordered(engine, stage, target=f"https://t.me/c/{copy.id}/1", profile=True)
        assert await ordered(engine, stage, target=f"https://t.me/c/{copy.id}/1")


async def test_another_choice_or_manner_is_another_order(stage: Stage, began: int) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        first = await ordered(engine, stage, last=3)
        for other in ({}, {"last": 2}, {"last": 3, "pins": False}, {"last": 3, "kinds": "photo"}):
            assert (await ordered(engine, stage, **other)).id != first.id
        stage.rig.post(stage.source, stage.owner, 2)
        with pytest.raises(AlreadyOrdered, match=f"Job {first.id} "):  # asked for in the same words
            await ordered(engine, stage, last=3)
        await engine.service.cancel(first.id, asker=Asker(stage.owner.id))
        again = await ordered(engine, stage, last=3)
        assert again.wishes.selection.from_id == 11
        with pytest.raises(AlreadyOrdered):
            await ordered(engine, stage, start="11")  # the same in other words


async def test_what_was_copied_is_not_copied_again_by_mistake(stage: Stage, began: int) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await ordered(engine, stage, ids="3,9")
        assert (await engine.until(job, JobStatus.COMPLETED)).progress.copied == 2
        with pytest.raises(AlreadyCopied):
            await ordered(engine, stage, ids="9,3")
        with pytest.raises(AlreadyCopied):
            await ordered(engine, stage, ids="9,3", kind=JobKind.ADOPT)
        assert await ordered(engine, stage, ids="9,3", again=True)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ({}, NewChatKind.CHANNEL),
        ({"megagroup": True}, NewChatKind.GROUP),
        ({"megagroup": True, "forum": True}, NewChatKind.FORUM),
    ],
)
async def test_a_new_target_is_like_the_source(
    stage: Stage, source: dict[str, bool], kind: NewChatKind
) -> None:
    channel = stage.rig.world.add_channel("Original", stage.owner, **source)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await ordered(engine, stage, source=mark(channel), new_target=True)
        assert not job.target.is_made
        assert job.wishes.new_chat is not None
        assert (job.wishes.new_chat.kind, job.wishes.new_chat.title) == (kind, "Original")
        with pytest.raises(AlreadyOrdered):
            await ordered(engine, stage, source=mark(channel), new_target=True)
        named = await ordered(
            engine,
            stage,
            source=mark(channel),
            new_target=True,
            new_title="Mine",
            new_kind=NewChatKind.GROUP,
        )
        assert named.wishes.new_chat is not None
        assert (named.wishes.new_chat.kind, named.target.title) == (NewChatKind.GROUP, "Mine")


async def test_comments_are_a_job_of_their_own(stage: Stage) -> None:
    world = stage.rig.world
    groups = [world.add_channel(f"Talk {n}", stage.owner, megagroup=True) for n in range(2)]
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        for channel, group in ((stage.source, groups[0]), (stage.target, groups[1])):
            alone = await ordered(engine, stage, replies=channel is stage.source)
            assert await engine.jobs.about(alone.id, JobKind.COMMENTS) == []
            channel.linked, group.linked = group.id, channel.id
        part = await ordered(engine, stage, start="2")
        assert await engine.jobs.about(part.id, JobKind.COMMENTS) == []
        whole = await ordered(engine, stage, pins=False)
        [comments] = await engine.jobs.about(whole.id, JobKind.COMMENTS)
        assert (comments.source.peer.id, comments.target.peer.id) == (groups[0].id, groups[1].id)
        assert comments.after == (whole.id,)
