"""Dedupe: doubles are listed, and deleted on a second order if they still are doubles."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind, FindingState
from domain.job import Job, JobKind
from domain.refusals import NoDeleteRight, NothingToDelete
from domain.typed import Typed
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.workbench import mark

LONG = "a text that nobody writes twice by chance"


async def listing(bench: Checks) -> Job:
    return await bench.ended(Typed(kind=JobKind.DEDUPE, source=mark(bench.stage.source)))


async def doubles(bench: Checks, job: Job) -> set[tuple[int, int]]:
    found = await bench.listed(job)
    assert {f.kind for f in found} <= {FindingKind.DOUBLED}
    return {(f.source_id, f.target_id) for f in found}


async def delete(bench: Checks, job: Job) -> Job:
    return await bench.ended(Typed(kind=JobKind.DEDUPE, of_job=job.id, delete=True))


async def test_texts_files_and_whole_albums(stage: Stage) -> None:
    async with checks(stage) as bench:
        album, photo = bench.album(), bench.photo()
        first = bench.post(stage.source, {"text": LONG}, {"media": photo}, *album, {"text": "ok"})
        stage.rig.post(stage.source, stage.owner, 150)
        again = [{**item, "grouped_id": 77} for item in album]
        second = bench.post(stage.source, {"text": LONG}, {"media": photo}, *again, {"text": "ok"})
        bench.post(stage.source, *[{**item, "grouped_id": 78} for item in album[:2]])  # a part of it
        bench.post(stage.source, {"media": photo, "text": "with a caption"})
        (third,) = bench.post(stage.source, {"text": LONG})
        job = await listing(bench)
        pairs = set(zip(first[:5], second[:5], strict=True)) | {(first[0], third)}
        assert await doubles(bench, job) == pairs
        assert job.progress.skipped == 6
        assert job.progress.done == job.progress.total


async def test_just_what_was_listed_is_deleted(stage: Stage) -> None:
    async with checks(stage) as bench:
        photos = [bench.photo() for _ in range(130)]
        first = bench.post(stage.source, *({"media": photo} for photo in photos), {"text": LONG})
        second = bench.post(stage.source, *({"media": photo} for photo in photos), {"text": LONG})
        job = await listing(bench)
        bench.edit(stage.source, second[3], text="now with a caption")
        bench.delete(stage.source, first[4], second[5])
        (later,) = bench.post(stage.source, {"text": LONG})
        deleting = await delete(bench, job)
        box = bench.box(stage.source)
        assert [n for n in second if n in box] == [second[3], second[4]]
        assert later in box and all(n in box for n in first if n != first[4])
        states = {f.target_id: f.state for f in await bench.listed(deleting)}
        assert {n for n, state in states.items() if state is FindingState.KEPT} == {second[3], second[4]}
        assert deleting.progress.copied == 129
        calls = [name for name, _ in stage.rig.world.calls if name == "channels.deleteMessages"]
        assert len(calls) == 2


async def test_without_the_right_it_says_so(stage: Stage) -> None:
    stage.source.megagroup = True
    boss = stage.rig.world.add_user("Ada")
    stage.source.members[boss.id] = "creator"
    stage.source.members[stage.owner.id] = "admin"
    async with checks(stage) as bench:
        bench.post(stage.source, {"text": LONG}, {"text": LONG}, by=boss.id)
        job = await listing(bench)
        ordered = Typed(kind=JobKind.DEDUPE, of_job=job.id, delete=True)
        assert len(await doubles(bench, job)) == 1
        denied = stage.source.denied
        denied[stage.owner.id] = {"delete_messages"}
        with pytest.raises(NoDeleteRight):
            await bench.ended(ordered)
        denied.clear()
        assert (await delete(bench, job)).progress.copied == 1


async def test_nothing_to_delete(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    async with checks(stage) as bench:
        with pytest.raises(NothingToDelete):
            await delete(bench, await listing(bench))


async def test_a_listing_is_deleted_once(stage: Stage) -> None:
    async with checks(stage) as bench:
        bench.post(stage.source, {"text": LONG}, {"text": LONG})
        job = await listing(bench)
        await delete(bench, job)
        with pytest.raises(NothingToDelete):
            await delete(bench, job)
