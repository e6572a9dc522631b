"""Repairs and deletions whose calls end in doubt, and checks while the chats go on."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind, FindingState
from domain.job import JobKind, JobStatus
from domain.typed import Typed
from sandbox.world import Fault
from tests.engine.checking_stage import checks
from tests.engine.conftest import Stage
from tests.engine.workbench import mark

LOST = [{"action": "drop_before"}, {"action": "drop_after"}]
SENDS = ["messages.forwardMessages", "messages.sendMessage"]
CHANGES = ["messages.editMessage", "channels.deleteMessages"]
CASES = [
    ("documented", LOST[1], SENDS),
    ("forgotten", LOST[1], SENDS),
    ("documented", LOST[0], CHANGES),
    ("documented", LOST[1], CHANGES),
    (
        "duplicate",
        {"action": "error_after", "code": 500, "message": "RPC_CALL_FAIL"},
        CHANGES[1:],
    ),
]


@pytest.mark.parametrize(("mode", "trouble", "calls"), CASES)
async def test_a_repair_in_doubt_mends_everything_once(
    stage: Stage, mode: str, trouble: dict, calls: list[str]
) -> None:
    stage.rig.world.random_ids.mode = mode
    stage.rig.post(stage.source, stage.owner, 30)
    async with checks(stage) as bench:
        (answer,) = bench.post(stage.source, {"text": "an answer to the first", "reply_to": 2})
        job = await bench.clone()
        copies = await bench.copies(job)
        bench.delete(stage.target, copies[5], copies[6], copies[20], copies[answer])
        bench.edit(stage.source, 9, text="said otherwise by now")
        bench.edit(stage.target, copies[10], text="somebody's joke")
        bench.post(stage.target, {"text": "post 12"}, {"text": "post 13"})
        await bench.verify(job)
        faults = [Fault(call, **trouble) for call in calls]
        stage.rig.world.faults += faults
        repair = await bench.repair(job)
        assert [fault.hits for fault in faults] == [1] * len(calls)
        assert set((await bench.states(repair)).values()) == {FindingState.MENDED}
        texts = bench.texts(stage.target)
        wanted = bench.texts(stage.source)
        assert sorted(texts) == sorted(wanted)
        assert await bench.found(job) == set()


async def test_a_deletion_in_doubt(stage: Stage) -> None:
    async with checks(stage) as bench:
        photos = [{"media": bench.photo()} for _ in range(120)]
        bench.post(stage.source, *photos, *photos)
        order = Typed(kind=JobKind.DEDUPE, source=mark(stage.source))
        listing = await bench.ended(order)
        stage.rig.world.faults.append(Fault("channels.deleteMessages", "drop_after"))
        await bench.ended(Typed(kind=JobKind.DEDUPE, of_job=listing.id, delete=True))
        assert len(bench.texts(stage.source)) == 120
        assert await bench.listed(await bench.ended(order)) == []


async def test_a_verify_while_both_chats_go_on(stage: Stage) -> None:
    stage.target.megagroup = True
    guest = stage.rig.world.add_user("Ada")
    stage.target.members[guest.id] = "member"
    stage.rig.post(stage.source, stage.owner, 250)
    async with checks(stage) as bench:
        job = await bench.clone()
        held = Fault("channels.getMessages", "hold_before")
        stage.rig.world.faults.append(held)
        verify = await bench.engine.service.order(
            Typed(kind=JobKind.VERIFY, of_job=job.id), asker=bench.asker
        )
        await held.hit.wait()
        bench.post(stage.source, {"text": "posted since, and not yet copied"})
        bench.post(stage.target, {"text": "what is this?"}, {"text": "post 3"}, by=guest.id)
        held.release()
        verify = await bench.engine.until(verify, JobStatus.COMPLETED)
        assert await bench.listed(verify) == []


async def test_a_second_copy_into_the_same_target_is_no_double(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 40)
    async with checks(stage) as bench:
        first = await bench.clone()
        second = await bench.clone(again=True)
        assert await bench.found(first) == await bench.found(second) == set()
        copies = await bench.copies(first)
        bench.delete(stage.target, copies[7])
        assert await bench.found(first) == {(FindingKind.MISSING, 7, copies[7])}
        assert await bench.found(second) == set()
        await bench.repair(first)
        assert await bench.found(first) == await bench.found(second) == set()
