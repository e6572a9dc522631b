"""What is sent again and refused: albums in slow mode, answers to what was taken away from the target."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind
from domain.job import JobStatus
from domain.message import SkipReason
from domain.typed import Typed
from sandbox.world import Fault
from tests.engine.checking_stage import checks
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, chat_of, inside, killed_and_copied, say
from tests.engine.talk_stage import Talk, talk_on
from tests.engine.workbench import compared, mark

FORWARD, ALBUM, SEND = "messages.forwardMessages", "messages.sendMultiMedia", "messages.sendMessage"
ONE = "SLOWMODE_MULTI_MSGS_DISABLED"


async def test_slow_mode_gets_an_album_at_a_time(stage: Stage) -> None:
    """Forwarded it would be several messages, sent again it is one; and the copies wait for each other."""
    group = stage.rig.world.add_channel("Group", stage.rig.world.add_user("Ada"), megagroup=True)
    group.members[stage.owner.id], group.slowmode = "member", 1
    async with checks(stage) as bench:
        (first,) = bench.post(stage.source, {"text": "first"})
        answering = [photo | {"reply_to": first} for photo in bench.album(2)]
        bench.post(stage.source, *bench.album(2), *answering)
        job = await bench.ended(Typed(source=mark(stage.source), target=mark(group)))
        assert job.progress.copied == 5
    found = compared(stage.rig, stage.source, group)
    assert found.same, found


@pytest.mark.parametrize("method", [FORWARD, ALBUM])
async def test_an_album_that_slow_mode_never_takes_is_a_skip(stage: Stage, method: str) -> None:
    """Nobody asks for ever."""
    async with checks(stage) as bench:
        (first,) = bench.post(stage.source, {"text": "first"})
        album = bench.album(2)
        if method == ALBUM:
            album = [photo | {"reply_to": first} for photo in album]
        ids = bench.post(stage.source, *album)
        refusals = [Fault(ALBUM, "error", message=ONE, times=1000)]
        if method == FORWARD:  # all of them together, then the album alone
            refusals.append(Fault(FORWARD, "error", message=ONE))
            refusals.append(Fault(FORWARD, "error", message=ONE, skip=1))
        stage.rig.world.faults += refusals
        job = await bench.clone()
        skipped = [s.source_id for s in await bench.engine.store.skips(job.id) if s.detail == ONE]
        assert skipped == ids
        assert list(await bench.copies(job)) == [first]
        assert [fault.hits for fault in refusals] == [1] * len(refusals)


@pytest.mark.parametrize("reason", ["", "MESSAGE_ID_INVALID", "MSG_ID_INVALID", "REPLY_TO_INVALID"])
async def test_what_it_answers_is_gone_from_the_target(stage: Stage, reason: str) -> None:
    """`reason`: Telegram's word for it, if not the sandbox's own. It is forwarded, and that is told."""
    async with checks(stage) as bench:
        first, answer, end = bench.post(
            stage.source, {"text": "first"}, {"text": "answer", "reply_to": 2}, {"text": "the end"}
        )
        fault = Fault(SEND, "pass", then=lambda: bench.delete(stage.target, 2))
        if reason:
            fault = Fault(SEND, "error", message=reason)
        stage.rig.world.faults.append(fault)
        job = await bench.clone()
        assert bench.texts(stage.target)[-2:] == ["answer", "the end"]
        assert list(await bench.copies(job)) == [first, answer, end]
        (told,) = await bench.listed(job)
        assert (told.kind, told.source_id) == (FindingKind.NOT_APPLIED, answer)
        assert told.detail == f"reply: {reason or 'REPLY_MESSAGE_ID_INVALID'}"


@pytest.mark.parametrize("mode", ["duplicate", "forgotten"])
async def test_an_old_reference_to_what_was_exchanged_meanwhile(stage: Stage, mode: str) -> None:
    """Asked for again it is another photo; killed when that was sent, it is known again all the same."""
    world = stage.rig.world
    world.random_ids.mode = mode
    one, other = (world.add_media("photo", data) for data in (b"one", b"other"))
    _, photo, _ = say(stage, stage.source, "a", {"media": one, "reply_to": 2}, "the end")
    old = Fault("messages.sendMedia", "error", message="FILE_REFERENCE_EXPIRED")
    old.then = lambda: world.edit(stage.owner.id, ("channel", stage.source.id), photo, media=other)
    world.faults.append(old)
    fault = Fault("messages.sendMedia", "hold_after")
    await killed_and_copied(stage, chat_of(stage, stage.source), chat_of(stage, stage.target), fault)
    copies = [m for m in inside(stage, stage.target) if not m.service]
    assert [m.media and m.media.id for m in copies] == [None, other.id, None]
    assert compared(stage.rig, stage.source, stage.target).same


def take_away(talk: Talk, *texts: str) -> None:
    """From the target's discussion group."""
    doomed = [m.id for m in inside(talk.stage, talk.target) if m.text in texts]
    talk.stage.rig.world.delete(talk.stage.owner.id, ("channel", talk.target.id), doomed)


@pytest.mark.parametrize("reason", ["", "MESSAGE_ID_INVALID"])
async def test_a_comment_whose_answered_comment_is_gone_stays_below_its_post(
    stage: Stage, reason: str
) -> None:
    talk = talk_on(stage)
    fault = Fault(SEND, "pass", skip=1, then=lambda: take_away(talk, "well"))
    if reason:
        fault = Fault(SEND, "error", skip=1, message=reason)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        assert len(await talk.copied(engine)) == 5
    there = {m.text: m for m in inside(stage, talk.target) if m.text}
    assert there["an answer"].reply_to == there["news"].id


async def test_a_comment_without_its_post_is_a_skip_and_stands_nowhere_else(stage: Stage) -> None:
    talk = talk_on(stage)
    stage.rig.world.faults.append(Fault(SEND, "pass", skip=1, then=lambda: take_away(talk, "news", "well")))
    async with stage.engine() as engine:
        job = await talk.ordered(engine)
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        skips = [s for s in await engine.store.skips(job.id) if s.reason is SkipReason.REFUSED]
    sources = {m.id: m.text for m in inside(stage, talk.source)}
    assert [sources[s.source_id] for s in skips] == ["an answer", "late to the party"]
    assert not {m.text for m in inside(stage, talk.target)} & {"an answer", "late to the party"}


async def test_comments_skipped_without_a_post_come_once_it_has_a_copy(stage: Stage) -> None:
    """The post was refused at first; its copy comes with another try, and so do its comments."""
    talk = talk_on(stage)
    refused = Fault(FORWARD, "error", message="MEDIA_INVALID", times=30)
    stage.rig.world.faults.append(refused)
    async with checks(stage) as bench:
        job = await bench.clone()
        (below,) = await bench.engine.service.comments_of(job)
        below = await bench.engine.until(below, *ENDED)
        assert below.progress.copied == 0
        stage.rig.world.faults.remove(refused)
        await bench.ended(Typed(of_job=job.id, skipped=True))
        again = await bench.ended(Typed(of_job=below.id, skipped=True))
        assert again.progress.copied == 5
    assert talk.compared().comments.same
