"""The buttons under cards and in /admin, and who may press them."""

from __future__ import annotations

from bot.callbacks import AdminJob, AdminMenu, JobAction, Menu, Verb
from domain.job import JobStatus, PauseReason
from tests.bot.stage import Person, Stage, until

RUNNING = JobStatus.RUNNING


async def running_card(stage: Stage, person: Person) -> int:
    """The message in which the person sees their running job."""
    card = await person.ask("/clone @news @archive")
    stage.engine.move(len(stage.engine.all), RUNNING)
    await until(lambda: "copying" in card.text)
    return card.id


async def test_pause_and_resume(stage: Stage) -> None:
    card = stage.alice.message(await running_card(stage, stage.alice))
    assert (await stage.alice.press(card, "Pause"))["text"] == "Job 1 is paused."
    await stage.alice.shows("Job 1 · paused", "Paused by its owner. /resume 1")
    assert stage.alice.words(card) == ["▶️ Resume", "✖️ Cancel", "🔄 Refresh"]
    await stage.alice.press(card, "Resume")
    await stage.alice.shows("Job 1 · waiting")
    assert (await stage.alice.press(card, "Refresh"))["text"] == "This is how it stands."


async def test_cancel_asks_first(stage: Stage) -> None:
    card = stage.alice.message(await running_card(stage, stage.alice))
    await stage.alice.press(card, "Cancel")
    question = await stage.alice.shows("Really cancel job 1?")
    await stage.alice.press(question, "No, keep it")
    await stage.alice.shows("Job 1 is kept.")
    assert stage.engine.all[1].status is RUNNING
    await stage.alice.press(card, "Cancel")
    await stage.alice.press(await stage.alice.shows("Really cancel job 1?"), "Yes, cancel it")
    await stage.alice.shows("Job 1 is cancelled. What was copied stays")
    await stage.alice.shows("Job 1 · cancelled")
    assert stage.alice.words(card) == []


async def test_a_pause_by_an_admin_has_no_resume_button(stage: Stage) -> None:
    card = stage.alice.message(await running_card(stage, stage.alice))
    assert (await stage.ada.ask("/pause 1")).text.startswith("Job 1 is paused.")
    await stage.alice.shows("Paused by an admin of this bot.")
    assert stage.alice.words(card) == ["✖️ Cancel", "🔄 Refresh"]


async def test_only_the_owner_presses_in_a_group(stage: Stage) -> None:
    alice, bert, eve = stage.group(stage.alice, stage.bert, stage.eve)
    card = alice.message(await running_card(stage, alice))
    pressed = await bert.press(card, "Pause")
    assert pressed["text"] == "You have no job 1. /jobs lists yours." and pressed["show_alert"]
    pressed = await eve.press(card, "Pause")
    assert pressed["text"] == "This button is not for you." and pressed["show_alert"]
    assert stage.engine.all[1].status is RUNNING
    await alice.press(card, "Pause")
    assert stage.engine.all[1].status is JobStatus.PAUSED


async def test_a_button_that_came_too_late(stage: Stage) -> None:
    card = stage.alice.message(await running_card(stage, stage.alice))
    data = JobAction(verb=Verb.PAUSE, job_id=1).pack()
    stage.engine.move(1, JobStatus.COMPLETED)
    pressed = await stage.alice.press_data(card.id, data)
    assert pressed["text"].startswith("Job 1 is completed, so it can't be changed to paused.")
    pressed = await stage.alice.press_data(card.id, "something:old")
    assert "does nothing any more" in pressed["text"]


async def test_admin_sees_and_steers_everything(stage: Stage) -> None:
    await running_card(stage, stage.alice)
    menu = await stage.ada.ask("/admin")
    assert "Memory: 64 MiB; 41.5% of what there may be is in use" in menu.text
    assert "running: 1" in menu.text and "up to 10 jobs, 5 for each user" in menu.text
    await stage.ada.press(menu, "All jobs")
    await stage.ada.shows("1 @news → @archive: copying 0%", f"(user {stage.alice.user.id})")
    await stage.ada.press(menu, "1")
    await stage.ada.shows("Job 1 · copying", f"Ordered by user {stage.alice.user.id} with account 1.")
    await stage.ada.press(menu, "Pause")
    await stage.ada.shows("Job 1 · paused", "Paused by an admin")
    await stage.ada.press(menu, "Resume")
    await stage.ada.shows("Job 1 · waiting")
    await stage.ada.press(menu, "Cancel")
    await until(lambda: stage.ada.words(menu)[:2] == ["Yes, cancel it", "No, keep it"])
    await stage.ada.press(menu, "Yes")
    await stage.ada.shows("Job 1 · cancelled", "Ordered by")
    await stage.ada.press(menu, "« All jobs")
    await stage.ada.press(await stage.ada.shows("Jobs\n1"), "« Menu")
    await stage.ada.shows("cancelled: 1")
    assert len(stage.ada.messages) == 1


async def test_all_at_once(stage: Stage) -> None:
    for person in (stage.alice, stage.bert):
        await running_card(stage, person)
    menu = await stage.ada.ask("/admin")
    assert (await stage.ada.press(menu, "Pause all"))["text"] == "2 jobs paused."
    assert {job.pause_reason for job in stage.engine.all.values()} == {PauseReason.ADMIN}
    await stage.ada.shows("paused: 2")
    assert (await stage.ada.press(menu, "Resume all"))["text"] == "2 jobs go on."
    assert (await stage.ada.press(menu, "Resume all"))["text"] == "0 jobs go on."


async def test_others_cannot_forge_an_admin_s_button(stage: Stage) -> None:
    card = await running_card(stage, stage.alice)
    await stage.bert.ask("/start")
    for data in (
        AdminMenu(menu=Menu.PAUSE_ALL).pack(),
        AdminMenu(menu=Menu.JOBS).pack(),
        AdminJob(verb=Verb.REALLY, job_id=1, page=0).pack(),
    ):
        pressed = await stage.alice.press_data(card, data)
        assert "does nothing any more" in pressed["text"]
    assert stage.engine.all[1].status is RUNNING


def test_buttons_fit_into_telegram_s_64_bytes() -> None:
    longest = AdminJob(verb=Verb.REFRESH, job_id=10**15, page=10**9)
    assert len(longest.pack().encode()) <= 64
