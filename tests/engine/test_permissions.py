"""Groups that let members send only some kinds: the others are skips, and the preview says so beforehand."""

from __future__ import annotations

import pytest

from domain.asker import Asker
from domain.errors import NoPostRight
from domain.job import JobKind, JobStatus
from domain.message import SkipReason
from domain.refusals import CostsStars, DirectMessages, KindsForbidden, NoPreviews
from domain.typed import Typed
from sandbox.scenario.gallery import build_gallery
from sandbox.world import Channel, Fault, Group
from sandbox.world.permissions import WORDS
from tests.engine.conftest import Stage
from tests.engine.workbench import compared, mark

FORWARD = "messages.forwardMessages"
#: Of each missing right, what of the channel's gallery stays behind: the labels' kinds.
BARRED = {
    "send_photos": {"photo", "story"},
    "send_polls": {"poll", "todo"},
    "send_stickers": {"sticker", "dice"},
    "send_plain": {"", "contact", "geo", "venue", "geo_live", "unsupported"},
}


def guest_in(stage: Stage, **fields: object) -> Channel:
    """A group of somebody else's in which the owner is a member."""
    world = stage.rig.world
    group = world.add_channel("Their group", world.add_user("Host"), megagroup=True, **fields)
    group.members[stage.owner.id] = "member"
    return group


@pytest.mark.parametrize("right", BARRED)
async def test_what_may_not_be_sent_is_skipped_and_all_the_rest_is_copied(stage: Stage, right: str) -> None:
    world = stage.rig.world
    source = world.channels[build_gallery(world, stage.owner).channel.peer[1]]
    free, group = guest_in(stage), guest_in(stage, barred={right})
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        asker = Asker(stage.owner.id)
        told = await engine.service.preview(Typed(source=mark(source), target=mark(group)), asker=asker)
        engine.start()
        jobs = [await engine.order(stage.owner, source, chat) for chat in (free, group)]
        done = [await engine.until(job, JobStatus.COMPLETED) for job in jobs]
        without, skips = [{s.source_id: s for s in await engine.store.skips(job.id)} for job in done]
        forbidden = {n for n, skip in skips.items() if skip.reason is SkipReason.FORBIDDEN}
        messages = world.boxes["channel", source.id].by_id
        kinds = {n: m.media.shape if m.media else "" for n, m in messages.items() if not m.service}
        able = {n for n in kinds if n not in without or without[n].reason is SkipReason.REFUSED}  # too long
        assert forbidden == {n for n in able if kinds[n] in BARRED[right]}
        assert {skips[n].detail for n in forbidden} == {f"CHAT_SEND_{WORDS[right]}_FORBIDDEN"}
        assert set(skips) == set(without) | forbidden
        assert done[1].progress.copied == done[0].progress.copied - len(forbidden - set(without))
        counted = sum(s.count for s in told.skips if s.reason is SkipReason.FORBIDDEN)
        assert counted == sum(kinds[n] != "unsupported" for n in forbidden)  # nobody can know of that
        assert f"{KindsForbidden.text} {KindsForbidden.hint}" in {w.text for w in told.warnings}


async def test_no_call_is_wasted_on_what_may_not_be_sent(stage: Stage) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    photo = world.add_media("photo", b"x" * 99)
    world.send(stage.owner.id, peer, [{"media": photo}, {"text": "words"}] * 50)
    group = guest_in(stage, barred={"send_photos"})
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.COMPLETED)
        assert (job.progress.copied, job.progress.skipped) == (50, 51)
        assert [call for call, _ in world.calls].count(FORWARD) == 1


async def test_a_right_that_goes_in_mid_job_stops_nothing(stage: Stage) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    photo = world.add_media("photo", b"x" * 99)
    world.send(stage.owner.id, peer, [{"text": "words"}, *[{"media": photo}] * 30, {"text": "more"}] * 5)
    group = guest_in(stage)
    fault = Fault(FORWARD, "pass", skip=1, then=lambda: group.barred.add("send_photos"))
    world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.COMPLETED)
        skips = [s for s in await engine.store.skips(job.id) if s.reason is not SkipReason.SERVICE]
        assert {(s.reason, s.detail) for s in skips} == {(SkipReason.FORBIDDEN, "CHAT_SEND_PHOTOS_FORBIDDEN")}
        assert job.progress.copied == 160 - len(skips) and len(skips) > 20
        group.barred.clear()
        again = Typed(of_job=job.id, skipped=True)
        tried = await engine.service.order(again, asker=Asker(stage.owner.id))
        await engine.until(tried, JobStatus.COMPLETED)
        assert len([m for m in world.boxes["channel", group.id].by_id.values() if m.media]) == 150


async def test_a_basic_group_has_such_rights_too(stage: Stage) -> None:
    world = stage.rig.world
    host = world.add_user("Host")
    group: Group = world.add_group("Small", host, [stage.owner])
    group.barred = {"send_photos"}
    photo = world.add_media("photo", b"x" * 99)
    world.send(stage.owner.id, ("channel", stage.source.id), [{"media": photo}, {"text": "words"}])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.service.create(
            asker=Asker(stage.owner.id), source=mark(stage.source), target=str(-group.id)
        )
        job = await engine.until(job, JobStatus.COMPLETED)
        assert (job.progress.copied, job.progress.skipped) == (1, 2)


async def test_a_group_that_wants_stars_is_refused_with_its_price(stage: Stage) -> None:
    group = guest_in(stage, stars=25)
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(CostsStars, match="25 stars"):
            await engine.order(stage.owner, stage.source, group)
        group.members[stage.owner.id] = "admin"
        engine.start()
        await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, group).same


async def test_a_broadcast_group_takes_messages_of_admins_alone(stage: Stage) -> None:
    group = guest_in(stage, gigagroup=True)
    stage.rig.post(stage.source, stage.owner, 3)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        with pytest.raises(NoPostRight):
            await engine.order(stage.owner, stage.source, group)
        group.members[stage.owner.id] = "admin"
        engine.start()
        await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.COMPLETED)


async def test_a_channels_direct_messages_are_no_source_and_no_target(stage: Stage) -> None:
    letters = guest_in(stage, monoforum=True)
    letters.members[stage.owner.id] = "admin"
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        for source, target in ((stage.source, letters), (letters, stage.target)):
            with pytest.raises(DirectMessages):
                await engine.order(stage.owner, source, target)


async def test_a_price_that_comes_up_in_mid_job_ends_it_with_its_reason(stage: Stage) -> None:
    group = guest_in(stage)
    stage.rig.post(stage.source, stage.owner, 150)
    fault = Fault(FORWARD, "pass", skip=1, then=lambda: setattr(group, "stars", 25))
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.FAILED)
        assert "“Their group”" in str(job.failure) and "ALLOW_PAYMENT_REQUIRED_25" in str(job.failure)
        assert (job.progress.copied, job.progress.skipped) == (100, 1)


async def test_what_came_via_a_bot_is_sent_again_where_none_may_be_used(stage: Stage) -> None:
    world, group = stage.rig.world, guest_in(stage, barred={"send_inline"})
    photo = world.add_media("photo", b"x" * 99)
    bot = world.add_user("Bot", bot=True)
    via = [{"text": "via", "via_bot": bot.id}, {"text": "look", "media": photo, "via_bot": bot.id}]
    world.send(stage.owner.id, ("channel", stage.source.id), [{"text": "first"}, *via, {"text": "end"}])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.until(await engine.order(stage.owner, stage.source, group), JobStatus.COMPLETED)
        assert job.progress.copied == 4
        assert compared(stage.rig, stage.source, group).same


@pytest.mark.parametrize("keep_author", [False, True])
async def test_links_go_without_their_previews_where_the_target_takes_none(
    stage: Stage, keep_author: bool
) -> None:
    """Told beforehand; a header forbids to leave the preview out."""
    world, group = stage.rig.world, guest_in(stage, barred={"embed_links"})
    page = {"url": "https://example.org/", "title": "Example"}
    shown = [{"text": f"https://example.org/ {n}", "webpage": page} for n in range(30)]
    world.send(stage.owner.id, ("channel", stage.source.id), [{"text": "first"}, *shown, {"text": "end"}])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        asker = Asker(stage.owner.id)
        order = Typed(source=mark(stage.source), target=mark(group), keep_author=keep_author)
        told = await engine.service.preview(order, asker=asker)
        assert f"{NoPreviews.text} {NoPreviews.hint}" in {w.text for w in told.warnings}
        engine.start()
        job = await engine.until(await engine.service.order(order, asker=asker), JobStatus.COMPLETED)
        assert told.messages == job.progress.copied == (2 if keep_author else 32)
        skips = [s for s in await engine.store.skips(job.id) if s.reason is not SkipReason.SERVICE]
        assert {s.detail for s in skips} == ({"CHAT_SEND_WEBPAGE_FORBIDDEN"} if keep_author else set())
        if keep_author:
            return
        declared = {number: ["preview"] for number in range(3, 33)}
        assert compared(stage.rig, stage.source, group, declared=declared, strict=True).same
        check = await engine.service.order(Typed(kind=JobKind.VERIFY, of_job=job.id), asker=asker)
        await engine.until(check, JobStatus.COMPLETED)
        assert await engine.findings.page(check.id) == []
