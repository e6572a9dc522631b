"""Verify: it finds exactly the damage that was done, and nothing where none was."""

from __future__ import annotations

from sqlalchemy import delete, update

from domain.finding import FindingKind
from domain.job import Job, JobKind
from sandbox.world import Media
from storage.tables import message_map
from tests.engine.checking_stage import Checks, StopsAfter, checks
from tests.engine.conftest import Stage

MISSING, DOUBLED, MOVED = FindingKind.MISSING, FindingKind.DOUBLED, FindingKind.MOVED
DIFFERENT, EDITED, DELETED = FindingKind.DIFFERENT, FindingKind.EDITED, FindingKind.DELETED


async def test_a_right_copy_has_no_findings(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    async with checks(stage) as bench:
        bench.post(stage.source, *bench.album(), {"text": "an answer to the first", "reply_to": 2})
        bench.post(stage.source, {"text": f"see https://t.me/c/{stage.source.id}/4", "entities": []})
        job = await bench.clone()
        verify = await bench.verify(job)
        assert await bench.listed(verify) == []
        assert verify.progress.copied == 255
        assert verify.progress.done == verify.progress.total


async def test_what_is_gone_from_the_target_is_missing(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        gone = [10, 120, 121, 251]
        bench.delete(stage.target, *(copies[number] for number in gone))
        assert await bench.found(job) == {(MISSING, n, copies[n]) for n in gone}


async def test_what_was_never_copied_is_missing(stage: Stage) -> None:
    """A row lost from the map while the copy stands is no loss: it is known again, if out of its place."""
    stage.rig.post(stage.source, stage.owner, 20)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        gone = delete(message_map).where(message_map.c.source_id.in_([5, 6]))
        await bench.engine.database.write(lambda connection: connection.execute(gone))
        bench.delete(stage.target, copies[5])
        assert await bench.found(job) == {(MISSING, 5, 0), (MOVED, 6, copies[6])}


async def test_edits_and_deletions_on_either_side(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 30)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.edit(stage.source, 5, text="said otherwise by now")
        bench.delete(stage.source, 7)
        bench.edit(stage.target, copies[9], text="somebody's joke")
        verify = await bench.verify(job)
        found = {(f.kind, f.source_id, f.target_id, f.detail) for f in await bench.listed(verify)}
        assert found == {
            (EDITED, 5, copies[5], "text"),
            (DELETED, 7, copies[7], ""),
            (DIFFERENT, 9, copies[9], "text"),
        }


async def test_doubles_of_the_account_alone(stage: Stage) -> None:
    stage.target.megagroup = True
    guest = stage.rig.world.add_user("Ada")
    stage.target.members[guest.id] = "member"
    stage.rig.post(stage.source, stage.owner, 5)
    async with checks(stage) as bench:
        bench.post(stage.source, *({"text": "ok"} for _ in range(3)), *bench.album(2))
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.post(stage.target, {"text": "post 1"}, {"text": "ok"}, by=guest.id)
        (second,) = bench.post(stage.target, {"text": "post 3"})
        bench.post(stage.target, {"text": "ok"}, {"text": "something else"})  # a word that he says, too
        box = bench.box(stage.target)
        first, last = (copies[number] for number in sorted(copies)[-2:])
        again = bench.post(stage.target, {"media": box[first].media}, {"media": box[last].media})
        assert await bench.found(job) == {
            (DOUBLED, 5, second),
            (DOUBLED, sorted(copies)[-2], again[0]),
            (DOUBLED, sorted(copies)[-1], again[1]),
        }


async def test_a_copy_sent_again_by_hand_has_moved(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 120)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[40])
        (again,) = bench.post(stage.target, {"text": "post 38"})
        assert await bench.found(job) == {(MOVED, 40, again)}


async def test_copies_that_stand_out_of_order(stage: Stage) -> None:
    """The world can't move messages: so the sources change places."""
    stage.rig.post(stage.source, stage.owner, 10)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        box = bench.box(stage.target)
        # The copy of 3 goes behind that of 9.
        order = [*range(4, 10), 3]
        texts = {number: box[copies[number]].text for number in order}
        for number, place in zip(order, range(3, 10), strict=True):
            await _point(bench, job, number, copies[place])
            box[copies[place]].text = texts[number]
            box[copies[place]].touch()
        assert await bench.found(job) == {(MOVED, 3, copies[9])}


async def _point(bench: Checks, job: Job, source: int, target: int) -> None:
    change = (
        update(message_map)
        .where(message_map.c.job_id == job.id, message_map.c.source_id == source)
        .values(target_id=target)
    )
    await bench.engine.database.write(lambda connection: connection.execute(change))


async def test_skips_and_what_was_not_ordered_are_no_damage(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 40)
    async with checks(stage) as bench:
        paid = Media("paid", 77, payload={"stars": 5, "media": []})
        bench.post(stage.source, {"media": paid})
        job = await bench.clone()
        assert await bench.engine.store.skips(job.id)
        bench.post(stage.source, {"text": "posted since"})
        assert await bench.found(job) == set()


async def test_an_album_torn_apart(stage: Stage) -> None:
    async with checks(stage) as bench:
        bench.post(stage.source, *bench.album(), {"text": "between the albums"}, *bench.album())
        job = await bench.clone()
        copies = await bench.copies(job)
        box = bench.box(stage.target)
        box[copies[3]].grouped_id = None
        box[copies[3]].touch()
        verify = await bench.verify(job)
        (only,) = await bench.listed(verify)
        assert (only.kind, only.source_id, only.detail) == (DIFFERENT, 3, "grouping")


async def test_a_verify_goes_on_where_it_was_stopped(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 350)
    async with checks(stage) as bench:
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[20], copies[300])
        verify = await bench.new(JobKind.VERIFY, job)
        runs = 1
        while not await bench.verifier(verify, StopsAfter(2)).run():  # one page a run
            runs += 1
        assert runs > 5
        found = {(f.kind, f.source_id) for f in await bench.listed(verify)}
        assert found == {(MISSING, 20), (MISSING, 300)}
        assert bench.engine.state.progress(verify.id).copied == 348
