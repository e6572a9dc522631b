"""Cards follow their jobs, inside Telegram's limits, and always show the end."""

from __future__ import annotations

import asyncio

from domain.job import JobStatus
from sandbox.world import Fault
from tests.bot.stage import Person, Stage, until

RUNNING = JobStatus.RUNNING


async def order(stage: Stage, person: Person, *names: str) -> None:
    """Jobs of these sources, running, each with a card."""
    for name in names:
        await person.ask(f"/clone @{name} @archive")
        stage.engine.move(len(stage.engine.all), RUNNING)


async def test_the_end_is_shown_though_telegram_floods(stage: Stage) -> None:
    await order(stage, stage.alice, "news")
    stage.world.faults.append(Fault("bot.editMessageText", "flood", seconds=1, times=2))
    stage.engine.advance(1, 20_000)
    stage.engine.move(1, JobStatus.COMPLETED)
    card = await stage.alice.shows("Job 1 · completed", "20,000 of 20,000 copied", "100%")
    assert stage.alice.words(card) == ["🔎 Verify"]
    assert len(stage.alice.new) == 2, "the card and the news that it is done"
    await stage.alice.shows("✅ Job 1 is complete: 20,000 of 20,000 copied.")


async def test_the_end_is_shown_after_an_outage(stage: Stage) -> None:
    await order(stage, stage.alice, "news")
    stage.world.faults.append(Fault("bot.editMessageText", "drop_before", times=1))
    stage.world.faults.append(Fault("bot.editMessageText", "error", code=502, message="Bad Gateway"))
    stage.engine.move(1, JobStatus.CANCELLED)
    await stage.alice.shows("Job 1 · cancelled", "What was copied stays in the target.", seconds=12)


async def test_a_deleted_card_comes_back_once(stage: Stage) -> None:
    await order(stage, stage.alice, "news")
    first = await until(lambda: stage.engine.all[1].report)
    stage.world.delete(stage.alice.user.id, stage.alice.peer, [stage.alice.messages[0].id])
    stage.engine.advance(1)
    await until(lambda: len(stage.alice.new) == 2)
    await until(lambda: stage.engine.all[1].report != first)
    await stage.alice.shows("Job 1 · copying")


async def test_who_blocks_the_bot_disturbs_nobody(stage: Stage) -> None:
    await order(stage, stage.alice, "news")
    await order(stage, stage.bert, "blog")
    blocked = Fault(
        "bot.editMessageText", "error", code=403, message="bot was blocked by the user", times=99,
        target=("user", stage.alice.user.id),
    )  # fmt: skip
    stage.world.faults.append(blocked)
    for job_id in (1, 2):
        stage.engine.advance(job_id)
    await stage.bert.shows("100 of 20,000 copied")
    await asyncio.wait_for(blocked.hit.wait(), 5)
    stage.engine.advance(1)
    stage.engine.advance(2)
    await stage.bert.shows("200 of 20,000 copied")
    assert blocked.hits == 1


async def test_a_job_has_one_card(stage: Stage) -> None:
    await order(stage, stage.alice, "news")
    first = stage.alice.messages[0].id
    second = await stage.alice.ask("/job 1")
    await until(lambda: first not in stage.alice.box.by_id)
    stage.engine.advance(1)
    await until(lambda: "100 of" in second.text)
    assert len(stage.alice.messages) == 1


async def test_a_restart_is_told_in_one_message(stage: Stage) -> None:
    await order(stage, stage.alice, "a", "b")
    await stage.stop()
    for job_id in (1, 2):
        stage.engine.advance(job_id, 8_312)
    stage.start()
    for job_id in (1, 2):
        stage.engine.resumed(job_id)
    told = await stage.alice.shows("Ferry was restarted; 2 jobs go on:")
    assert "job 2 from message 0 (8,312 of 20,000 copied)" in told.text
    await stage.alice.shows("Job 1", "8,312 of 20,000", "the job went on from message 0.")
    assert len(stage.alice.new) == 3


async def test_an_end_nobody_saw_is_shown_after_a_restart(stage: Stage) -> None:
    card = await stage.alice.ask("/clone @a @b")
    await until(lambda: stage.engine.all[1].report)
    await stage.stop()
    stage.engine.move(1, RUNNING)
    stage.engine.move(1, JobStatus.FAILED, finished_at=stage.engine.all[1].created_at)
    stage.start()
    await until(lambda: "Job 1 · failed" in card.text)


async def test_jobs_of_the_command_line_have_no_card(stage: Stage) -> None:
    await stage.alice.ask("/start")
    job = stage.engine.put(owner_id=0, status=RUNNING)
    stage.engine.resumed(job.id)
    stage.engine.move(job.id, RUNNING)
    stage.engine.move(job.id, JobStatus.COMPLETED)
    await stage.alice.ask("/jobs")
    assert len(stage.alice.new) == 2
