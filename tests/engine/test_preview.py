"""A preview says what the copy then does, and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from telethon.tl.types import MessageEntityCustomEmoji

from domain.asker import Asker
from domain.errors import NoPostRight, ProtectedSource
from domain.job import JobKind, JobStatus
from domain.kind import Kind
from domain.message import SkipReason
from domain.preview import Preview, Tally
from domain.refusals import (
    CommentsStay,
    HeaderForbidsChange,
    MayNotChangeProfile,
    MayNotPin,
    SomeIdsMissing,
    TopicsMerge,
)
from domain.typed import Typed
from domain.wishes import NewChatKind
from sandbox.scenario.gallery import Exhibit, Gallery, build_gallery
from sandbox.world import Channel, Fault, World
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

EXHIBITS: dict[str, Callable[[Gallery], Exhibit]] = {
    "channel": lambda gallery: gallery.channel,
    "forum": lambda gallery: gallery.forum,
    "migrated": lambda gallery: gallery.migrated,
    "crowd": lambda gallery: gallery.crowd,
}
#: What only looks begins with get, and search.
LOOKS = ("messages.get", "messages.search")


def changes(world: World, since: int = 0) -> list[str]:
    calls = [method for method, _ in world.calls[since:] if method.startswith("messages.")]
    return [method for method in calls if not method.startswith(LOOKS)]


async def preview(engine: Engine, stage: Stage, **said: object) -> Preview:
    target = "" if said.get("new_target") else mark(stage.target)
    typed = Typed(**{"source": mark(stage.source), "target": target, **said})  # type: ignore[arg-type]
    return await engine.service.preview(typed, asker=Asker(stage.owner.id))


@pytest.mark.parametrize("name", EXHIBITS)
async def test_it_tells_what_the_copy_then_does(stage: Stage, name: str) -> None:
    world = stage.rig.world
    source = world.channels[EXHIBITS[name](build_gallery(world, stage.owner)).peer[1]]
    target = world.add_channel("Copy", stage.owner, megagroup=source.megagroup, forum=source.forum)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        told = await preview(engine, stage, source=mark(source), target=mark(target))
        assert changes(world) == []
        assert await engine.jobs.list() == []
        engine.start()
        job = await engine.order(stage.owner, source, target)
        job = await engine.until(job, JobStatus.COMPLETED)
        assert told.messages == job.progress.copied
        assert sum(tally.messages for tally in told.kinds.values()) == told.messages
        skips = Counter(skip.reason for skip in await engine.store.skips(job.id))
        assert Counter({skip.reason: 0 for skip in told.skips}) | _counted(told) == skips
        made = len(changes(world))
        if name == "channel":  # batches that are refused for one message's sake are halved
            assert told.calls < made
            assert any(skip.detail.startswith("too long") for skip in told.skips)
        else:
            assert told.calls == made


def _counted(told: Preview) -> Counter[SkipReason]:
    found: Counter[SkipReason] = Counter()
    for skip in told.skips:
        found[skip.reason] += skip.count
    return found


async def test_kinds_sizes_and_skips_of_what_was_chosen(stage: Stage) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    photo = world.add_media("photo", b"x" * 1000)
    album = [{"media": photo, "grouped_id": 7}] * 3
    world.send(
        stage.owner.id,
        peer,
        [{"text": "one"}, *album, {"media": photo, "look": {"ttl": 10}}, {"text": "two", "reply_to": 2}],
    )
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        all_of_it = await preview(engine, stage)
        assert all_of_it.kinds[Kind.TEXT] == Tally(2, 0)
        assert all_of_it.kinds[Kind.PHOTO].messages == 3
        assert all_of_it.kinds[Kind.PHOTO].bytes > 0
        assert (all_of_it.forwarded, all_of_it.by_reference, all_of_it.albums) == (4, 1, 1)
        assert (all_of_it.replies, all_of_it.calls) == (1, 2)
        assert [(s.reason, s.ids) for s in all_of_it.skips] == [
            (SkipReason.SERVICE, [1]),
            (SkipReason.UNSUPPORTED, [6]),
        ]
        photos = await preview(engine, stage, kinds="photo")
        assert set(photos.kinds) == {Kind.PHOTO}
        assert [skip.ids for skip in photos.skips] == [[6]]
        without = await preview(engine, stage, start="2", replies=False)
        assert (without.forwarded, without.by_reference, without.replies) == (5, 0, 0)


async def test_missing_rights_and_losses_are_named(stage: Stage) -> None:
    world = stage.rig.world
    other = world.add_user("Other")
    target = world.add_channel("Poor", other, username="poor_copy")
    target.members[stage.owner.id] = "admin"
    target.denied[stage.owner.id] = {"edit_messages", "change_info"}
    forum = world.add_channel("Forum", stage.owner, megagroup=True, forum=True)
    group = world.add_channel("Talk", stage.owner, megagroup=True)
    stage.source.linked, group.linked = group.id, stage.source.id
    stage.rig.post(stage.source, stage.owner, 3)
    world.send(stage.owner.id, ("channel", stage.source.id), [{"text": "r", "reply_to": 2}])
    world.pin(stage.owner.id, ("channel", stage.source.id), 2)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)

        async def warned(**said: object) -> set[str]:
            return {warning.text for warning in (await preview(engine, stage, **said)).warnings}

        def pattern(*errors: type) -> set[str]:
            return {f"{error.text} {error.hint}" for error in errors}  # type: ignore[attr-defined]

        assert await warned(target="@poor_copy", profile=True) == pattern(
            MayNotPin, MayNotChangeProfile, CommentsStay
        )
        assert await warned(target="@poor_copy", pins=False) == pattern(CommentsStay)
        assert await warned(ids="2,3,400") == pattern(SomeIdsMissing)
        assert await warned(keep_author=True, start="2") == pattern(HeaderForbidsChange)
        assert await warned(source=mark(forum)) == pattern(TopicsMerge)
        assert await warned(source=mark(forum), new_target=True) == set()
        grouped = {"new_target": True, "new_kind": NewChatKind.GROUP}
        assert await warned(source=mark(forum), **grouped) == pattern(TopicsMerge)


async def test_custom_emoji_that_become_plain_are_named(stage: Stage) -> None:
    stage.owner.username = "captain_wei"
    emoji = {"text": "🛶", "entities": [MessageEntityCustomEmoji(0, 2, 77)]}
    stage.rig.world.send(stage.owner.id, ("channel", stage.source.id), [emoji, {"text": "plain"}, emoji])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        [warning] = (await preview(engine, stage)).warnings
        assert str(warning).startswith("The account Wei has no Premium: in 2 messages")
        assert (await preview(engine, stage, keep_author=True)).warnings == []
        assert (await preview(engine, stage, target="@captain_wei")).warnings == []
    stage.owner.premium = True
    async with stage.engine() as engine:
        assert (await preview(engine, stage)).warnings == []


async def test_what_was_copied_before_is_named(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        assert (await preview(engine, stage)).warnings == []
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await engine.until(job, JobStatus.COMPLETED)
        verify = Typed(kind=JobKind.VERIFY, of_job=job.id)
        verified = await engine.service.order(verify, asker=Asker(stage.owner.id))
        await engine.until(verified, JobStatus.COMPLETED)
        [warning] = (await preview(engine, stage, start="2")).warnings
        assert str(warning).startswith(f"Job {job.id} has copied")
        assert (await preview(engine, stage, new_target=True)).warnings == []


async def test_what_an_order_would_be_refused_for_is_refused(stage: Stage) -> None:
    other: Channel = stage.rig.world.add_channel(
        "Theirs", stage.rig.world.add_user("Other"), username="theirs"
    )
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(NoPostRight):
            await preview(engine, stage, target=f"@{other.username}")
        stage.source.noforwards = True
        with pytest.raises(ProtectedSource):
            await preview(engine, stage)


async def test_how_long_it_takes_at_the_accounts_pace(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    async with stage.engine(pace=1500) as engine:
        await engine.log_in(stage.owner)
        told = await preview(engine, stage)
        assert told.per_hour == pytest.approx(1500)
        assert told.seconds == pytest.approx(150 / 1500 * 3600)
        assert (told.forwarded, told.calls) == (150, 2)


async def test_an_order_to_wait_is_waited_for(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        flood = Fault("messages.getHistory", "flood", seconds=1, times=1, skip=3)
        stage.rig.world.faults.append(flood)
        assert (await preview(engine, stage)).messages == 250
        assert flood.hit.is_set()


async def test_slow_mode_is_told_and_counted(stage: Stage) -> None:
    world = stage.rig.world
    theirs = world.add_channel("Slow", world.add_user("Other"), megagroup=True, username="slow_group")
    theirs.slowmode = 30
    theirs.members[stage.owner.id] = "member"
    stage.rig.post(stage.source, stage.owner, 5)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        told = await preview(engine, stage, target="@slow_group")
        assert (told.messages, told.calls) == (5, 5)
        assert told.seconds == 4 * 30
        assert "every 30 s" in str(told.warnings[0])
        theirs.members[stage.owner.id] = "admin"
        told = await preview(engine, stage, target="@slow_group")
        assert (told.calls, told.warnings) == (1, [])
