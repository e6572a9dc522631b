"""Trying again, priorities, waiting for other jobs, and the history: as commands and on the card."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiogram.filters import CommandObject

from bot.typed import WrongAfter, WrongPriority, parse_job_and_others
from domain.errors import NotFailed
from domain.job import Change, Failure, JobStatus, Priority
from tests.bot.stage import Stage, until

FAILED = JobStatus.FAILED


def command(name: str, args: str) -> CommandObject:
    return CommandObject(prefix="/", command=name, args=args or None)


@pytest.mark.parametrize("typed", ["", "x", "3 x", "x 3", "3 -1"])
def test_numbers_that_are_none(typed: str) -> None:
    with pytest.raises(WrongAfter):
        parse_job_and_others(command("after", typed))


async def test_an_order_with_words_behind_it(stage: Stage) -> None:
    await stage.alice.ask("/clone @news @archive")
    card = await stage.alice.ask("/clone @blog @archive high after 1")
    assert "Priority: high" in card.text and "Waiting for job 1." in card.text
    assert "“soon” can't stand there" in (await stage.alice.ask("/clone @a @b soon")).text
    assert len(stage.engine.all) == 2


async def test_trying_again(stage: Stage) -> None:
    card = await stage.alice.ask("/clone @news @archive")
    stage.engine.move(1, JobStatus.RUNNING)
    assert (await stage.alice.ask("/retry 1")).text == (
        "Job 1 is running; only a failed job can be tried again. /job 1 shows how it stands."
    )
    stage.engine.move(1, FAILED, failure=NotFailed(job_id=1, status="x").as_failure())
    await until(lambda: stage.alice.words(card) == ["🔁 Retry"])
    assert (await stage.alice.press(card, "Retry"))["text"] == "Job 1 is tried again from where it stopped."
    assert stage.engine.all[1].status is JobStatus.PENDING
    stage.engine.move(1, JobStatus.RUNNING)
    stage.engine.move(1, FAILED)
    assert (await stage.alice.ask("/retry 1")).text == "Job 1 is tried again from where it stopped."
    assert (await stage.bert.ask("/retry 1")).text.startswith("You have no job 1.")


async def test_an_admin_tries_again_in_the_menu(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id, status=FAILED)
    menu = await stage.ada.ask("/admin")
    await stage.ada.press(menu, "All jobs")
    await stage.ada.shows("1 News → Archive: failed")
    await stage.ada.press(menu, "1")
    await stage.ada.shows("Job 1 · failed")
    await stage.ada.press(menu, "Retry")
    await stage.ada.shows("Job 1 · waiting", "Ordered by")


async def test_priorities(stage: Stage) -> None:
    card = await stage.alice.ask("/clone @news @archive")
    assert "Priority" not in card.text
    assert (await stage.alice.ask("/priority 1 HIGH")).text == "Job 1 now has priority high."
    await until(lambda: "Priority: high" in card.text)
    for typed, answer in (
        ("/priority 1 urgent", "Only an admin may make a job urgent."),
        ("/priority 1 asap", "“asap” is no priority. There are low, normal, high and urgent."),
        ("/priority 1", "For example: /priority 3 high"),
        ("/priority high 1", "For example: /priority 3 high"),
        ("/priority 9 low", "You have no job 9."),
    ):
        assert answer in (await stage.alice.ask(typed)).text
        assert stage.engine.all[1].priority is Priority.HIGH
    assert (await stage.ada.ask("/priority 1 urgent")).text == "Job 1 now has priority urgent."
    assert WrongPriority.hint.endswith("/priority 3 high")


async def test_waiting_for_others(stage: Stage) -> None:
    for name in ("a", "b", "c"):
        await stage.alice.ask(f"/clone @{name} @archive")
    card = await stage.alice.ask("/after 3 1, 2")
    assert "Waiting for jobs 1, 2." in card.text
    stage.engine.move(1, JobStatus.RUNNING)
    stage.engine.move(1, FAILED)
    await until(lambda: "It waits for job 1, which has failed. /retry 1 tries that one again" in card.text)
    assert "Waiting for job 2." in card.text
    stage.engine.move(2, JobStatus.CANCELLED)
    await until(lambda: "It waits for job 2, which was cancelled. /after 3 lets" in card.text)
    lifted = await stage.alice.ask("/after 3")
    assert "Waiting for its turn." in lifted.text
    assert (await stage.alice.ask("/after 3 9")).text.startswith("You have no job 9.")
    assert "For example: /after 3 1 2" in (await stage.alice.ask("/after")).text


async def test_the_history(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id)
    at = datetime(2026, 5, 1, 14, 3, tzinfo=UTC)
    P, R, alice, ada = JobStatus.PENDING, JobStatus.RUNNING, stage.alice.user.id, stage.ada.user.id
    stage.engine.changes = [
        Change(at=at, was=None, became=P, who=alice),
        Change(at=at, was=P, became=R, who=None),
        Change(at=at, was=R, became=P, who=None, reason=Failure("flood")),
        Change(at=at, was=P, became=P, who=ada, reason=Failure("priority: {priority}", {"priority": "high"})),
        Change(at=at, was=P, became=JobStatus.PAUSED, who=ada, reason=Failure("admin")),
    ]
    assert (await stage.alice.ask("/history 1")).text.split("\n") == [
        "What happened to job 1",
        "• 2026-05-01 14:03 UTC · ordered · you",
        "• 2026-05-01 14:03 UTC · waiting → copying · Ferry",
        "• 2026-05-01 14:03 UTC · copying → waiting · Ferry · Telegram told the account to wait",
        "• 2026-05-01 14:03 UTC · an admin · priority: high",
        "• 2026-05-01 14:03 UTC · waiting → paused · an admin",
    ]
    seen_by_admin = (await stage.ada.ask("/history 1")).text
    assert f"ordered · user {alice}" in seen_by_admin and "waiting → paused · you" in seen_by_admin
    assert (await stage.bert.ask("/history 1")).text.startswith("You have no job 1.")


async def test_a_long_history_fits_into_a_message(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id)
    stage.engine.changes = [
        Change(
            at=datetime.now(UTC),
            was=JobStatus.RUNNING,
            became=FAILED,
            who=None,
            reason=Failure(f"{n} <&> " * 99),
        )
        for n in range(200)
    ]
    told = (await stage.alice.ask("/history 1")).text
    assert "(185 earlier changes)" in told and "199 <&>" in told and len(told) < 4096
