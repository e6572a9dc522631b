"""Jobs of several kinds that fill one target at once: none takes another's messages for its own."""

from __future__ import annotations

import pytest

from domain.finding import FindingKind, FindingState
from domain.job import JobKind, JobStatus
from domain.typed import Typed
from sandbox.world import Fault
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.follow_scenes import contents, repair
from tests.engine.structure_stage import inside, say
from tests.engine.workbench import mark

FORWARD, SEND = "messages.forwardMessages", "messages.sendMessage"
WORDS = "the very same words"


@pytest.mark.parametrize(
    ("call", "moment", "mode"),
    [
        (FORWARD, "hold_after", "forgotten"),
        (FORWARD, "hold_after", "duplicate"),
        (SEND, "hold_after", "forgotten"),
        (SEND, "hold_after", "mapping_only"),
        (SEND, "hold_before", "documented"),
    ],
)
async def test_one_forwards_and_one_sends_again(stage: Stage, call: str, moment: str, mode: str) -> None:
    """Half of what both copy reads the same; each finds its own after a kill."""
    world = stage.rig.world
    world.random_ids.mode = mode
    plain = world.add_channel("Plain", stage.owner)
    say(stage, plain, *("both" if n % 2 else f"plain {n}" for n in range(24)))
    first, *_ = say(stage, stage.source, "begun")
    told = ({"text": "both" if n % 2 else f"answer {n}", "reply_to": first} for n in range(10))
    say(stage, stage.source, *told)
    fault = Fault(call, moment, skip=3 if call == SEND else 0, discard=True)
    world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        jobs = [await engine.order(stage.owner, chat, stage.target) for chat in (stage.source, plain)]
        engine.start()
        await fault.hit.wait()
        await engine.die()
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        ended = [await engine.until(job, JobStatus.COMPLETED, JobStatus.PAUSED) for job in jobs]
        assert [job.progress.copied for job in ended] == [11, 24]
    copies = [m for m in inside(stage, stage.target) if not m.service]
    (begun,) = (m for m in copies if m.text == "begun")
    answers = [m.text for m in copies if m.reply_to]
    assert {m.reply_to for m in copies} == {None, begun.id}
    assert answers == ["both" if n % 2 else f"answer {n}" for n in range(10)]
    others = [m.text for m in copies if not m.reply_to and m is not begun]
    assert others == ["both" if n % 2 else f"plain {n}" for n in range(24)]


async def test_a_repair_does_not_take_what_another_job_is_sending(stage: Stage) -> None:
    """It looks for what somebody has put back by hand meanwhile, but not in the middle of a call."""
    world = stage.rig.world
    other = world.add_channel("Other", stage.owner)
    async with checks(stage) as bench:
        (_, lost, _) = bench.post(stage.source, {"text": "a"}, {"text": WORDS}, {"text": "c"})
        bench.post(other, {"text": WORDS})
        job = await bench.clone()
        bench.delete(stage.target, (await bench.copies(job))[lost])
        await bench.verify(job)
        held = Fault(FORWARD, "hold_after")
        world.faults.append(held)
        second = await bench.engine.order(stage.owner, other, stage.target)
        await held.hit.wait()
        order = Typed(kind=JobKind.REPAIR, of_job=job.id)
        repair = await bench.engine.service.order(order, asker=bench.asker)
        await bench.engine.until(repair, JobStatus.RUNNING)
        await bench.verify(job)  # while the repair has time to look
        held.release()
        for one in (second, repair):
            await bench.engine.until(one, JobStatus.COMPLETED)
        assert bench.texts(stage.target).count(WORDS) == 2
        assert await bench.found(job) == await bench.found(second) == set()


async def test_an_adoption_does_not_take_what_another_job_is_sending(stage: Stage) -> None:
    world = stage.rig.world
    other = world.add_channel("Other", stage.owner)
    async with checks(stage) as bench:
        texts = [{"text": f"text {n}"} for n in range(20)]
        bench.post(stage.source, *texts)
        bench.post(stage.target, *texts[:10])
        bench.post(other, texts[10])
        held = Fault(FORWARD, "hold_after")
        read = Fault("messages.getHistory", "after_answer", target=("channel", stage.source.id))
        world.faults += [held, read]
        second = await bench.engine.order(stage.owner, other, stage.target)
        await held.hit.wait()
        order = Typed(kind=JobKind.ADOPT, source=mark(stage.source), target=mark(stage.target))
        adopt = await bench.engine.service.order(order, asker=bench.asker)
        await read.hit.wait()  # the target is read before the source is
        held.release()
        for one in (second, adopt):
            await bench.engine.until(one, JobStatus.COMPLETED)
        assert bench.texts(stage.target).count("text 10") == 2
        assert await bench.found(adopt) == await bench.found(second) == set()


@pytest.mark.parametrize("verified", ["before", "meanwhile"])
async def test_what_a_job_may_have_sent_is_nobodys_double(stage: Stage, verified: str) -> None:
    """The job fails with a step in doubt. Deleted as a double, its copy would be lost: Telegram remembers it.

    The verify comes before the job has sent it (and somebody else has, by hand), or after it.
    """
    world = stage.rig.world
    lost = Fault(
        "messages.getHistory", "error", message="CHANNEL_PRIVATE", target=("channel", stage.target.id)
    )
    async with checks(stage) as bench:
        say(stage, stage.source, WORDS)
        first = await bench.clone()
        second = world.add_channel("Second", stage.owner)
        say(stage, second, WORDS, {"text": WORDS, "reply_to": 2}, "the end")
        if verified == "before":
            (by_hand,) = bench.post(stage.target, {"text": WORDS})
            await bench.verify(first)
        held = Fault(SEND, "hold_after")
        world.faults.append(held)
        job = await bench.engine.order(stage.owner, second, stage.target)
        await held.hit.wait()
        await bench.engine.die()
    held.release()
    world.faults.append(lost)
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        assert (await engine.until(job, JobStatus.FAILED)).failure
        bench = Checks(stage, engine)
        if verified == "before":
            (told,) = await bench.listed(await bench.repair(first))
            assert (told.target_id, told.state) == (by_hand, FindingState.FAILED)
        else:
            assert await bench.found(first) == await bench.found(job) == set()
        await engine.service.retry(job.id, asker=bench.asker)
        await engine.until(job, JobStatus.COMPLETED)
        wanted = [WORDS] * (4 if verified == "before" else 3) + ["the end"]
        assert bench.texts(stage.target) == wanted


async def test_a_verify_does_not_take_what_another_job_is_sending(stage: Stage) -> None:
    """What is missing looks just like what another job puts there while the verify reads."""
    world, target = stage.rig.world, ("channel", stage.target.id)
    other = world.add_channel("Other", stage.owner)
    async with checks(stage) as bench:
        lost, _ = bench.post(stage.source, {"text": WORDS}, {"text": "the end"})
        bench.post(other, {"text": WORDS})
        job = await bench.clone()
        bench.delete(stage.target, copy := (await bench.copies(job))[lost])
        read = Fault(
            "messages.getHistory", "hold_before", target=target, skip=1
        )  # it knows all copies by then
        world.faults.append(read)
        order = Typed(kind=JobKind.VERIFY, of_job=job.id)
        verify = await bench.engine.service.order(order, asker=bench.asker)
        await read.hit.wait()
        second = await bench.engine.order(stage.owner, other, stage.target)
        await bench.engine.until(second, JobStatus.COMPLETED)
        read.release()
        verify = await bench.engine.until(verify, JobStatus.COMPLETED)
        found = [(f.kind, f.source_id, f.target_id) for f in await bench.listed(verify)]
        assert found == [(FindingKind.MISSING, lost, copy)]
        await bench.repair(job)
        assert bench.texts(stage.target).count(WORDS) == 2


@pytest.mark.parametrize("call", [FORWARD, SEND, "messages.sendMedia"])
async def test_a_repair_and_a_copy_are_killed_together(stage: Stage, call: str) -> None:
    world = stage.rig.world
    world.random_ids.mode = "forgotten"
    other = world.add_channel("Other", stage.owner)
    say(stage, other, "begun", "plain", "ok", {"text": "answer", "reply_to": 2}, "ok")
    fault = Fault(call, "hold_after")
    async with checks(stage) as bench:
        scene = await repair(bench)
        world.faults.append(fault)
        jobs = [await bench.engine.service.order(scene.order, asker=bench.asker)]
        jobs.append(await bench.engine.order(stage.owner, other, stage.target))
        await fault.hit.wait()
        await bench.engine.die()
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        for job in jobs:
            await engine.until(job, JobStatus.COMPLETED)
        assert await Checks(stage, engine).found(jobs[1]) == set()
    assert contents(stage, stage.target) == contents(stage, stage.source) + contents(stage, other)
