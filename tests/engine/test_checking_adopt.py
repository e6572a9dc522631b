"""Adopting a target that another tool half filled: what stands there is known, the rest is copied."""

from __future__ import annotations

from typing import Any

from domain.finding import FindingKind, FindingState
from domain.job import Job, JobKind
from domain.typed import Typed
from engine.checking.adopt import Adopter
from engine.target import Target
from sandbox.world import Media
from tests.engine.checking_stage import Checks, StopsAfter, checks
from tests.engine.conftest import Stage
from tests.engine.workbench import mark

MISSING = FindingKind.MISSING


def half_fill(bench: Checks, numbers: list[int]) -> list[int]:
    """As other tools do: one message at a time, forwarded without replies. Ids of the copies."""
    box, made = bench.box(bench.stage.source), []
    for number in numbers:
        m = box[number]
        made += bench.post(bench.stage.target, {"text": m.text, "media": m.media, "entities": m.entities})
    return made


async def adopt(bench: Checks, **typed: Any) -> Job:
    stage = bench.stage
    order = Typed(kind=JobKind.ADOPT, source=mark(stage.source), target=mark(stage.target), **typed)
    return await bench.ended(order)


async def test_it_goes_on_where_the_other_tool_stopped(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 300)
    async with checks(stage) as bench:
        made = half_fill(bench, list(range(2, 152)))
        job = await adopt(bench)
        copies = await bench.copies(job)
        assert [copies[number] for number in range(2, 152)] == made
        assert bench.texts(stage.target) == [f"post {n}" for n in range(300)]
        assert (job.progress.copied, job.progress.skipped) == (300, 1)
        assert await bench.found(job) == set()


async def test_what_it_left_out_before_is_missing_and_can_be_mended(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 60)
    async with checks(stage) as bench:
        half_fill(bench, [n for n in range(2, 40) if n not in (10, 11, 25)])
        job = await adopt(bench)
        assert await bench.states(job) == {(MISSING, n): FindingState.OPEN for n in (10, 11, 25)}
        assert await bench.found(job) == {(MISSING, n, 0) for n in (10, 11, 25)}
        await bench.repair(job)
        assert await bench.found(job) == set()
        assert sorted(bench.texts(stage.target)) == sorted(f"post {n}" for n in range(60))


async def test_guests_and_equal_words_in_between(stage: Stage) -> None:
    stage.target.megagroup = True
    guest = stage.rig.world.add_user("Ada")
    stage.target.members[guest.id] = "member"
    async with checks(stage) as bench:
        ids = bench.post(stage.source, *({"text": t} for t in ["a", "ok", "ok", "b", "ok", "c", "ok", "d"]))
        bench.post(stage.target, {"text": "hello"}, {"text": "c"}, by=guest.id)
        first = half_fill(bench, ids[:3])
        bench.post(stage.target, {"text": "who is this?"}, by=guest.id)
        second = half_fill(bench, ids[3:6])
        bench.post(stage.target, {"text": "d"}, by=guest.id)
        job = await adopt(bench)
        copies = await bench.copies(job)
        assert [copies[number] for number in ids[:6]] == first + second
        assert bench.texts(stage.target).count("ok") in (3, 4)


async def test_a_target_with_nothing_of_the_source(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 20)
    async with checks(stage) as bench:
        bench.post(stage.target, {"text": "welcome"}, {"text": "rules"})
        await adopt(bench)
        assert bench.texts(stage.target) == ["welcome", "rules", *(f"post {n}" for n in range(20))]


async def test_files_that_were_uploaded_anew(stage: Stage) -> None:
    async with checks(stage) as bench:
        album = bench.post(stage.source, *bench.album(), {"text": "after the album, a few words"})
        for number in album[:3]:
            old = bench.box(stage.source)[number].media
            assert old is not None
            photo = Media("photo", old.id + 500, old.data, old.mime)
            stage.rig.world.files[photo.id] = photo
            bench.post(stage.target, {"media": photo})
        job = await adopt(bench)
        assert len(await bench.copies(job)) == 4
        assert len(bench.texts(stage.target)) == 4
        found = {(f.kind, f.detail) for f in await bench.listed(await bench.verify(job))}
        assert found == {(FindingKind.DIFFERENT, "grouping")}


async def test_it_goes_on_after_being_stopped_at_any_page(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    async with checks(stage) as bench:
        half_fill(bench, list(range(2, 202)))
        before = dict(bench.box(stage.target))
        of = await bench.engine.jobs.get((await bench.clone(ids="251")).id)
        assert of is not None
        bench.delete(stage.target, *(set(bench.box(stage.target)) - set(before)))
        job = await bench.new(JobKind.ADOPT, of)
        for turns in range(1, 400):
            stop = StopsAfter(turns)
            adopter = Adopter(
                job=job,
                pool=bench.engine.pool,
                store=bench.engine.store,
                findings=bench.engine.findings,
                state=bench.engine.state,
                target=Target(),
                stop=stop,
            )
            if await adopter.align():
                break
        assert turns > 4
        assert bench.engine.state.progress(job.id).offset_id == 201
        assert len(await bench.copies(job)) == 200
        assert set(bench.box(stage.target)) == set(before)  # nothing was sent
