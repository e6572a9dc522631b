"""Orders are checked before anything is written: one sentence each, and no half-made job."""

from __future__ import annotations

import pytest

from domain.asker import AT_THE_TERMINAL, Asker
from domain.errors import (
    AlreadyCopied,
    AlreadyOrdered,
    BadReference,
    ChatNotFound,
    FerryError,
    NoAccount,
    NoPostRight,
    NoReadRight,
    NoSuchAccount,
    ProtectedSource,
    SameChat,
    TopicNotFound,
)
from domain.job import JobStatus
from tests.engine.conftest import Stage
from tests.engine.workbench import mark


async def test_every_way_of_naming_a_chat_finds_it(stage: Stage) -> None:
    world = stage.rig.world
    public = world.add_channel("Public", stage.owner, username="public_news")
    forum = world.add_channel("Forum", stage.owner, username="the_forum", megagroup=True, forum=True)
    topic = world.add_topic(forum, "Ideas")
    names = {
        "@public_news": public,
        "https://t.me/public_news": public,
        "t.me/public_news/17": public,
        mark(public): public,
        str(public.id): public,
        f"https://t.me/c/{public.id}/5": public,
        f"t.me/the_forum/{topic.id}": forum,
        f"https://t.me/c/{forum.id}/{topic.id}/99": forum,
    }
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        for typed, chat in names.items():
            job = await engine.service.create(
                asker=Asker(stage.owner.id), source=mark(stage.source), target=typed
            )
            assert job.target.peer.id == chat.id, typed
            assert job.target.topic_id == (topic.id if chat is forum else None), typed
            await engine.service.cancel(job.id, asker=Asker(stage.owner.id))


async def refused(stage: Stage, error: type[FerryError], source: str, target: str, **options: object) -> str:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(error) as raised:
            await engine.service.create(asker=Asker(stage.owner.id), source=source, target=target, **options)
        assert await engine.jobs.list() == []
        return str(raised.value)


@pytest.mark.parametrize("typed", ["", "news", "https://example.com/x", "@a b", "0", "t.me/"])
async def test_what_is_no_reference(stage: Stage, typed: str) -> None:
    await refused(stage, BadReference, mark(stage.source), typed)
    await refused(stage, BadReference, typed, mark(stage.target))


@pytest.mark.parametrize("typed", ["@nobody_has_this", "-1009999999999", "t.me/+aaaaaaaaaaaaaaaa", "42"])
async def test_what_does_not_exist_is_named(stage: Stage, typed: str) -> None:
    assert typed in await refused(stage, ChatNotFound, typed, mark(stage.target))


async def test_a_topic_that_does_not_exist(stage: Stage) -> None:
    forum = stage.rig.world.add_channel("Forum", stage.owner, megagroup=True, forum=True)
    told = await refused(stage, TopicNotFound, mark(stage.source), f"t.me/c/{forum.id}/77")
    assert "77" in told


async def test_source_and_target_must_differ(stage: Stage) -> None:
    await refused(stage, SameChat, mark(stage.target), mark(stage.target))
    forum = stage.rig.world.add_channel("Forum", stage.owner, megagroup=True, forum=True)
    topic = stage.rig.world.add_topic(forum, "Ideas")
    inside = f"t.me/c/{forum.id}/{topic.id}"
    await refused(stage, SameChat, mark(forum), inside)  # it would read what it writes, for ever


async def test_a_protected_source_says_what_its_owner_can_do(stage: Stage) -> None:
    stage.source.noforwards = True
    told = await refused(stage, ProtectedSource, mark(stage.source), mark(stage.target))
    assert "Restrict saving content" in told


async def test_rights_are_checked_before_the_order_is_taken(stage: Stage) -> None:
    world = stage.rig.world
    other = world.add_user("Other")
    readable = world.add_channel("Readable", other, username="readable")
    private = world.add_channel("Private", other)
    readable.members[stage.owner.id] = "member"
    private.members[stage.owner.id] = "banned"
    await refused(stage, NoPostRight, mark(stage.source), "@readable")
    await refused(stage, ChatNotFound, mark(private), mark(stage.target))
    readable.members[stage.owner.id] = "banned"
    await refused(stage, NoReadRight, "@readable", mark(stage.target))


async def test_who_has_no_account_is_told_how_to_get_one(stage: Stage) -> None:
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(NoAccount, match="account add --owner 4711"):
            await engine.service.create(
                asker=Asker(4711), source=mark(stage.source), target=mark(stage.target)
            )


async def test_nobody_copies_with_somebody_elses_account(stage: Stage) -> None:
    async with stage.engine() as engine:
        account = await engine.log_in(stage.owner)
        with pytest.raises(NoSuchAccount):
            await engine.service.create(
                asker=Asker(4711),
                source=mark(stage.source),
                target=mark(stage.target),
                account_id=account.id,
            )


async def test_an_account_without_owner_is_the_operators(stage: Stage) -> None:
    async with stage.engine() as engine:
        account = await engine.log_in(stage.owner)
        await engine.accounts.remove(account.id)
        await engine.accounts.add(
            owner_id=None, user_id=stage.owner.id, name="Wei", sealed_session=account.sealed_session
        )
        names = {"source": mark(stage.source), "target": mark(stage.target)}
        with pytest.raises(NoAccount):
            await engine.service.create(asker=Asker(stage.owner.id), **names)
        job = await engine.service.create(asker=AT_THE_TERMINAL, **names)
        assert job.owner_id == 0


async def test_a_second_account_is_tried_when_the_first_may_not(stage: Stage) -> None:
    poor = stage.rig.world.add_user("Poor")
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(poor, owner_id=stage.owner.id)
        able = await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        assert job.account_id == able.id


async def test_the_same_order_twice_makes_one_job(stage: Stage) -> None:
    """Also what aiogram delivers again after a kill."""
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        job = await engine.order(stage.owner, stage.source, stage.target)
        with pytest.raises(AlreadyOrdered, match=f"Job {job.id} "):
            await engine.order(stage.owner, stage.source, stage.target)
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
        with pytest.raises(AlreadyCopied, match="again"):
            await engine.order(stage.owner, stage.source, stage.target)
        second = await engine.order(stage.owner, stage.source, stage.target, again=True)
        await engine.until(second, JobStatus.COMPLETED)
        assert len(stage.rig.world.boxes["channel", stage.target.id].by_id) == 1 + 2 * 3
