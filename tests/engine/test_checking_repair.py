"""Repair: what a verify has found is mended, and the next verify finds nothing."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind, FindingState
from domain.refusals import NothingToMend, NotVerifiedYet
from tests.engine.checking_stage import checks
from tests.engine.conftest import Stage

MISSING, DOUBLED, MOVED = FindingKind.MISSING, FindingKind.DOUBLED, FindingKind.MOVED
DIFFERENT, EDITED, DELETED = FindingKind.DIFFERENT, FindingKind.EDITED, FindingKind.DELETED
MENDED, KEPT, FAILED = FindingState.MENDED, FindingState.KEPT, FindingState.FAILED


async def test_all_damage_is_mended(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    async with checks(stage) as bench:
        (album, *_) = bench.post(stage.source, *bench.album(), {"text": "to the second", "reply_to": 2})
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[2], copies[60], *(copies[album + n] for n in range(3)))
        bench.delete(stage.target, copies[30])
        bench.edit(stage.source, 5, text="said otherwise by now")
        bench.delete(stage.source, 7)
        bench.edit(stage.target, copies[9], text="somebody's joke")
        bench.post(stage.target, {"text": "post 28"}, {"text": "post 50"}, {"text": "nobody's copy"})
        verify = await bench.verify(job)
        assert len(await bench.listed(verify)) == 10
        repair = await bench.repair(job)
        assert await bench.states(repair) == {
            **{(MISSING, n): MENDED for n in (2, 60, album, album + 1, album + 2)},
            (MOVED, 30): KEPT,
            (EDITED, 5): MENDED,
            (DELETED, 7): KEPT,
            (DIFFERENT, 9): MENDED,
            (DOUBLED, 52): MENDED,
        }
        texts = bench.texts(stage.target)
        assert texts.count("post 50") == texts.count("post 58") == texts.count("post 0") == 1
        assert "said otherwise by now" in texts and "post 7" in texts and "nobody's copy" in texts
        sent = [m for m in bench.box(stage.target).values() if m.grouped_id]
        assert len(sent) == 3 and len({m.grouped_id for m in sent}) == 1
        assert await bench.found(job) == set()


async def test_nothing_is_sent_that_stands_there_by_now(stage: Stage) -> None:
    """Between verify and repair somebody has sent one of the missing ones by hand."""
    stage.rig.post(stage.source, stage.owner, 20)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[5], copies[6])
        await bench.verify(job)
        (again,) = bench.post(stage.target, {"text": "post 3"})
        repair = await bench.repair(job)
        assert bench.texts(stage.target).count("post 3") == 1
        assert bench.texts(stage.target).count("post 4") == 1
        assert (await bench.copies(job))[5] == again
        assert set((await bench.states(repair)).values()) == {MENDED}
        assert await bench.found(job) == set()


async def test_what_is_gone_from_the_source_meanwhile_is_a_skip(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 20)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[5], copies[6])
        await bench.verify(job)
        bench.delete(stage.source, 5)
        repair = await bench.repair(job)
        assert await bench.states(repair) == {(MISSING, 5): KEPT, (MISSING, 6): MENDED}
        assert await bench.found(job) == set()


async def test_without_missing_ones_nothing_is_sent(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 20)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.edit(stage.target, copies[9], text="somebody's joke")
        await bench.verify(job)
        await bench.repair(job)
        assert len(bench.texts(stage.target)) == 20
        assert await bench.found(job) == set()


async def test_what_no_edit_can_change_is_said(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    async with checks(stage) as bench:
        (answer,) = bench.post(stage.source, {"text": "an answer", "reply_to": 3})
        job = await bench.clone()
        copies = await bench.copies(job)
        copy = bench.box(stage.target)[copies[answer]]
        copy.reply_to = copies[2]
        copy.touch()
        await bench.verify(job)
        (failed,) = await bench.listed(await bench.repair(job))
        assert (failed.kind, failed.source_id, failed.state) == (DIFFERENT, answer, FAILED)
        assert "reply" in failed.detail and "new chat" in failed.detail


async def test_a_file_that_was_exchanged(stage: Stage) -> None:
    async with checks(stage) as bench:
        (photo,) = bench.post(stage.source, {"media": bench.photo(), "text": "with a caption"})
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.edit(stage.target, copies[photo], media=bench.photo())
        await bench.verify(job)
        assert await bench.states(await bench.repair(job)) == {(DIFFERENT, photo): MENDED}
        assert await bench.found(job) == set()


async def test_doubles_that_changed_meanwhile_stay(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    async with checks(stage) as bench:
        job = await bench.clone()
        (double,) = bench.post(stage.target, {"text": "post 3"})
        await bench.verify(job)
        bench.edit(stage.target, double, text="on second thoughts")
        assert await bench.states(await bench.repair(job)) == {(DOUBLED, 5): FAILED}
        assert "on second thoughts" in bench.texts(stage.target)


async def test_there_must_be_something_to_mend(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    async with checks(stage) as bench:
        job = await bench.clone()
        with pytest.raises(NotVerifiedYet):
            await bench.repair(job)
        await bench.verify(job)
        with pytest.raises(NothingToMend):
            await bench.repair(job)


async def test_what_was_pinned_is_pinned_again(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 20)
    world, target = stage.rig.world, ("channel", stage.target.id)
    world.pin(stage.owner.id, ("channel", stage.source.id), 5)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        assert world.pinned(stage.owner.id, target) == [copies[5]]
        bench.delete(stage.target, copies[5])
        await bench.verify(job)
        await bench.repair(job)
        assert world.pinned(stage.owner.id, target) == [(await bench.copies(job))[5]]
