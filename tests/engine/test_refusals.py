"""What Telegram refuses: single messages, whole chats, the account itself; and orders to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.asker import Asker
from domain.errors import AccountStopped
from domain.job import JobStatus, PauseReason, WaitReason
from domain.message import SkipReason
from sandbox.world import Fault
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, compared

FORWARD = "messages.forwardMessages"


async def copied(stage: Stage, engine: Engine, *ends: JobStatus):
    await engine.log_in(stage.owner)
    engine.start()
    job = await engine.order(stage.owner, stage.source, stage.target)
    return await engine.until(job, *(ends or (JobStatus.COMPLETED,)))


async def test_a_message_that_telegram_refuses_is_a_skip_and_nothing_else_is(stage: Stage) -> None:
    world, source = stage.rig.world, ("channel", stage.source.id)
    stage.rig.post(stage.source, stage.owner, 60)
    ((_, _, message),) = world.commit(stage.owner.id, source, [{"text": "long " * 1000}])
    stage.rig.post(stage.source, stage.owner, 60)
    async with stage.engine() as engine:
        job = await copied(stage, engine)
        assert job.progress.copied == 120
        refused = [s for s in await engine.store.skips(job.id) if s.reason is SkipReason.REFUSED]
        assert [(s.source_id, s.detail) for s in refused] == [(message.id, "MESSAGE_TOO_LONG")]
        assert compared(stage.rig, stage.source, stage.target, skipped=[message.id]).same


async def test_a_quiz_whose_answer_nobody_knows_becomes_a_poll(stage: Stage) -> None:
    world, source = stage.rig.world, ("channel", stage.source.id)
    quiz = world.add_media("poll", poll={"question": "?", "answers": ["a", "b"], "quiz": True, "correct": 0})
    somebody = world.add_user("Somebody")  # who makes a quiz need not answer it
    stage.source.members[somebody.id] = "admin"
    stage.rig.post(stage.source, stage.owner, 60)
    ((_, message),) = world.send(somebody.id, source, [{"media": quiz}])
    stage.rig.post(stage.source, stage.owner, 60)
    async with stage.engine() as engine:
        job = await copied(stage, engine)
        assert job.progress.copied == 121
        assert compared(stage.rig, stage.source, stage.target, declared={message.id: ["media"]}).same
        copies = stage.rig.world.boxes["channel", stage.target.id].by_id.values()
        (poll,) = [m.media.poll for m in copies if m.media and m.media.poll]
        assert (poll["question"], poll["answers"], poll["quiz"]) == ("?", ["a", "b"], False)


async def test_messages_deleted_behind_our_back_are_skips(stage: Stage) -> None:
    """They vanish between reading and sending, so the answer maps fewer than were sent."""
    stage.rig.post(stage.source, stage.owner, 150)
    fault = Fault(FORWARD, "hold_before", skip=0)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        stage.rig.world.delete(stage.owner.id, ("channel", stage.source.id), [10, 11, 12])
        fault.release()
        job = await engine.until(job, JobStatus.COMPLETED)
        deleted = [s.source_id for s in await engine.store.skips(job.id) if s.reason is SkipReason.DELETED]
        assert deleted == [10, 11, 12]
        assert compared(stage.rig, stage.source, stage.target).same


async def test_a_batch_deleted_as_a_whole_is_skipped_without_a_call_for_each(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    fault = Fault(FORWARD, "hold_before")
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        stage.rig.world.delete(stage.owner.id, ("channel", stage.source.id), list(range(2, 102)))
        fault.release()
        job = await engine.until(job, JobStatus.COMPLETED)
        assert (job.progress.copied, job.progress.skipped) == (50, 101)
        assert [call for call, _ in stage.rig.world.calls].count(FORWARD) == 2


async def test_a_flood_wait_shows_its_end_and_is_obeyed(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 150)
    stage.rig.world.faults.append(Fault(FORWARD, "flood", seconds=2, skip=1))
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        waiting = await engine.when(job, lambda now: now.wait_reason is not None)
        assert waiting.status is JobStatus.PENDING
        assert waiting.wait_reason is WaitReason.FLOOD
        assert waiting.resume_at is not None
        assert 0 < (waiting.resume_at - datetime.now(UTC)).total_seconds() <= 2
        await engine.until(job, JobStatus.COMPLETED)
        assert datetime.now(UTC) >= waiting.resume_at
        assert compared(stage.rig, stage.source, stage.target).same


async def test_slow_mode_gets_one_message_at_a_time(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 5)
    stage.rig.world.faults.append(Fault(FORWARD, "error", message="SLOWMODE_MULTI_MSGS_DISABLED"))
    async with stage.engine() as engine:
        job = await copied(stage, engine)
        assert job.progress.copied == 5
        assert compared(stage.rig, stage.source, stage.target).same
        assert [call for call, _ in stage.rig.world.calls].count(FORWARD) == 6


async def test_a_target_that_is_taken_away_fails_the_job_with_its_name(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    stage.rig.world.faults.append(Fault(FORWARD, "error", code=403, message="CHAT_WRITE_FORBIDDEN", skip=1))
    async with stage.engine() as engine:
        job = await copied(stage, engine, JobStatus.FAILED)
        assert "“Copy”" in str(job.failure)
        assert f"/resume {job.id}" in str(job.failure)
        await engine.service.resume(job.id, asker=Asker(stage.owner.id))
        await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same


async def test_protection_that_comes_on_in_mid_job_stops_it_with_its_reason(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 250)
    fault = Fault(FORWARD, "hold_before", skip=1)
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        await fault.hit.wait()
        stage.source.noforwards = True
        fault.release()
        job = await engine.until(job, JobStatus.FAILED)
        assert "protects its content" in str(job.failure)
        assert job.progress.copied == 100


async def test_a_refusal_of_everything_fails_the_job_instead_of_skipping_it_away(stage: Stage) -> None:
    stage.rig.post(stage.source, stage.owner, 100)
    stage.rig.world.faults.append(Fault(FORWARD, "error", message="SOMETHING_NEW", times=1000))
    async with stage.engine() as engine:
        job = await copied(stage, engine, JobStatus.FAILED)
        assert "SOMETHING_NEW" in str(job.failure)
        assert job.progress.skipped < 100


@pytest.mark.parametrize(
    ("code", "word"),
    [(403, "CHAT_SEND_DOCS_FORBIDDEN"), (406, "PAYMENT_UNSUPPORTED"), (400, "MEDIA_CAPTION_TOO_LONG")],
)
async def test_many_of_a_kind_that_telegram_refuses_are_skips_however_many_come_in_a_row(
    stage: Stage, code: int, word: str
) -> None:
    """Of each code that Telegram uses for it; Telethon takes every 406 for trouble with the login."""
    stage.rig.post(stage.source, stage.owner, 50)
    calls = 64  # half of them for single messages, side by side: each refused call is halved
    stage.rig.world.faults.append(Fault(FORWARD, "error", code=code, message=word, times=calls))
    async with stage.engine() as engine:
        job = await copied(stage, engine)
        refused = [s for s in await engine.store.skips(job.id) if s.reason is not SkipReason.SERVICE]
        assert len(refused) > 20 and {s.detail for s in refused} == {word}
        assert job.progress.copied == 50 - len(refused) > 0


async def test_a_revoked_login_stops_all_its_jobs_until_somebody_logs_in_again(stage: Stage) -> None:
    second = stage.rig.world.add_channel("Second", stage.owner)
    stage.rig.post(stage.source, stage.owner, 150)
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        stage.rig.world.faults.append(
            Fault(FORWARD, "error", code=401, message="SESSION_REVOKED", times=1000)
        )
        jobs = [await engine.order(stage.owner, stage.source, chat) for chat in (stage.target, second)]
        engine.start()
        for job in jobs:
            stopped = await engine.until(job, JobStatus.PAUSED)
            assert stopped.pause_reason is PauseReason.ACCOUNT
            assert "SESSION_REVOKED" in str(stopped.failure)
        with pytest.raises(AccountStopped):
            await engine.service.resume(jobs[0].id, asker=Asker(stage.owner.id))
        stage.rig.world.faults.clear()
        account = await engine.log_in(stage.owner)
        await engine.jobs.revive_account(account.id)
        engine.dispatcher.wake()
        for job in jobs:
            await engine.until(job, JobStatus.COMPLETED)
        assert compared(stage.rig, stage.source, stage.target).same
        assert compared(stage.rig, stage.source, second).same
