"""Checking, mending and what was left out, by command and by button; the card of a channel's comments."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from bot.callbacks import JobAction, Verb
from bot.csv_file import csv_of
from bot.listing import SHOWN
from domain.errors import DatabaseBroken
from domain.finding import Finding, FindingKind, FindingState
from domain.job import JobKind, JobStatus, Progress
from domain.message import OLD_GROUP, Skip, SkipReason
from domain.refusals import NotVerifiedYet
from engine.listing import HEADER
from tests.bot.idle_engine import IdleEngine, a_job
from tests.bot.stage import Person, Stage, until

RUNNING, COMPLETED = JobStatus.RUNNING, JobStatus.COMPLETED
MISSING = Finding(FindingKind.MISSING, 17)
DONE = Progress(copied=10, total=10)


def a_copy(stage: Stage, person: Person) -> int:
    return stage.engine.put(owner_id=person.user.id, status=COMPLETED, progress=DONE).id


async def test_verify_and_repair_by_command(stage: Stage) -> None:
    a_copy(stage, stage.alice)
    card = await stage.alice.ask("/verify 1")
    assert card.text.split("\n")[:3] == ["Job 2 · waiting", "Checking what job 1 copied", "News → Archive"]
    stage.engine.move(2, RUNNING)
    await stage.alice.shows("Job 2 · checking")
    stage.engine.findings = [MISSING]
    stage.engine.move(2, COMPLETED)
    told = await stage.alice.shows("✅ Job 2 (checking job 1) is complete")
    assert told.text.endswith("Found: 1 missing. /skipped 2 lists them; /repair 1 mends them.")
    card = await stage.alice.ask("/repair 1")
    assert "Job 3 · waiting\nMending job 1" in card.text


async def test_verify_and_repair_by_button(stage: Stage) -> None:
    a_copy(stage, stage.alice)
    await stage.alice.press(await stage.alice.ask("/job 1"), "Verify")
    card = await stage.alice.shows("Job 2 · waiting", "Checking what job 1 copied")
    stage.engine.findings = [MISSING]
    stage.engine.move(2, RUNNING)
    stage.engine.move(2, COMPLETED)
    await until(lambda: stage.alice.words(card) == ["🩹 Repair", "📋 Which ones"])
    await stage.alice.press(card, "Repair")
    await stage.alice.shows("Job 3 · waiting", "Mending job 1")
    stage.engine.refusal = NotVerifiedYet(job_id=1)
    pressed = await stage.alice.press_data(card.id, JobAction(verb=Verb.REPAIR, job_id=2).pack())
    assert pressed["text"].startswith("Job 1 has not been verified yet") and pressed["show_alert"]


async def test_only_for_those_whose_job_it_is(stage: Stage) -> None:
    a_copy(stage, stage.alice)
    for verb in ("verify", "repair", "skipped", "csv"):
        assert (await stage.bert.ask(f"/{verb} 1")).text == "You have no job 1. /jobs lists yours."
        assert f"/{verb} 3" in (await stage.alice.ask(f"/{verb}")).text
    for action in (Verb.VERIFY, Verb.SKIPPED, Verb.CSV):
        data = JobAction(verb=action, job_id=1).pack()
        assert "no job 1" in (await stage.bert.press_data(stage.bert.new[0].id, data))["text"]
    assert len(stage.engine.all) == 1


async def test_an_admin_s_check_belongs_to_the_owner(stage: Stage) -> None:
    a_copy(stage, stage.alice)
    await stage.alice.ask("/start")
    assert "Ordered by user" in (await stage.ada.ask("/verify 1")).text
    assert stage.engine.all[2].owner_id == stage.alice.user.id
    stage.engine.move(2, RUNNING)
    stage.engine.move(2, COMPLETED)
    await stage.alice.shows("✅ Job 2 (checking job 1) is complete", "Nothing differs.")


async def test_comments_have_a_card_of_their_own_at_once(stage: Stage) -> None:
    stage.engine.have_comments = True
    await stage.alice.ask("/clone @news @archive")
    card = await stage.alice.shows("Job 2 · waiting", "Comments of job 1", "Waiting for job 1.")
    await until(lambda: stage.engine.all[2].report)
    assert len(stage.alice.new) == 2
    for job_id in (1, 2):
        stage.engine.change(job_id, after=())
        stage.engine.move(job_id, RUNNING)
        stage.engine.advance(job_id, 20_000)
        stage.engine.move(job_id, COMPLETED)
    await until(lambda: "Job 2 · completed" in card.text)
    await stage.alice.shows("✅ Job 2 (comments of job 1) is complete: 20,000 of 20,000 copied.")
    assert "Really cancel" not in "".join(m.text for m in stage.alice.messages)


async def test_a_notice_comes_without_the_database(stage: Stage) -> None:
    job_id = a_copy(stage, stage.alice)
    await stage.alice.ask("/start")
    stage.engine.lost = DatabaseBroken(url="sqlite://", reason="disk full")
    stage.engine.all[job_id] = replace(stage.engine.all[job_id], status=RUNNING)
    stage.engine.move(job_id, COMPLETED)
    told = await stage.alice.shows("✅ Job 1 is complete")
    assert told.text == "✅ Job 1 is complete: 10 of 10 copied."


async def test_the_history_says_of_what(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id, kind=JobKind.VERIFY, of_job=5)
    assert (await stage.alice.ask("/history 1")).text == "What happened to job 1 (checking job 5)"
    stage.engine.move(1, RUNNING)
    answer = await stage.alice.ask("/cancel 1")
    assert answer.text == "Job 1 is cancelled. It changes nothing in the chats."


async def test_the_list_of_what_was_left_out(stage: Stage) -> None:
    job_id = a_copy(stage, stage.alice)
    assert "left nothing out" in (await stage.alice.ask(f"/skipped {job_id}")).text
    stage.engine.skips = [
        Skip(OLD_GROUP + 3, SkipReason.DELETED),
        Skip(2, SkipReason.SERVICE),
        Skip(7, SkipReason.REFUSED, "MEDIA_INVALID <&>"),
    ]
    stage.engine.findings = [
        Finding(FindingKind.NOT_APPLIED, 0, 0, "pins: CHAT_ADMIN_REQUIRED"),
        Finding(FindingKind.DIFFERENT, 8, 9, "text links", FindingState.FAILED),
        Finding(FindingKind.MISSING, 10, state=FindingState.MENDED),
    ]
    told = await stage.alice.ask(f"/skipped {job_id}")
    assert told.text.split("\n") == [
        "What job 1 left out or found",
        "• message 3 of the old group: deleted before it could be copied",
        "• message 7: refused by Telegram (MEDIA_INVALID <&>)",
        "• not applied (pins: CHAT_ADMIN_REQUIRED)",
        "• message 8 → message 9: different, could not be mended (text, links)",
    ]
    links = [entity.url for entity in told.entities if getattr(entity, "url", None)]
    assert links == ["https://t.me/c/1/7", "https://t.me/c/1/8", "https://t.me/c/2/9"]
    stage.alice.user.language = "zh-hans"  # type: ignore[attr-defined]
    chinese = await stage.alice.ask(f"/skipped {job_id}")
    assert "• 消息 8 → 消息 9: 有差异, 无法修复 (文字, 链接)" in chinese.text


async def test_a_long_list_fits_and_comes_whole_as_a_file(stage: Stage) -> None:
    job_id = a_copy(stage, stage.alice)
    stage.engine.skips = [Skip(n, SkipReason.REFUSED, "<&>" * 99) for n in range(1, 1_001)]
    told = await stage.alice.ask(f"/skipped {job_id}")
    assert told.text.count("•") == SHOWN and len(told.text) < 4096
    assert told.text.endswith("That is not all: /csv 1 sends the whole list.")
    count = len(stage.alice.new)
    await stage.alice.press(told, "All as a file")
    sent = await until(lambda: stage.alice.new[count:])
    document = stage.alice.message(sent[0].id)
    assert document.text == "1,000 lines." and document.media is not None
    assert document.media.name == "ferry-job-1.csv"
    rows = list(csv.reader(io.StringIO(document.media.data.decode())))
    assert rows[0] == list(HEADER) and len(rows) == 1_001
    assert rows[7][0] == "skipped" and rows[7][3:6] == ["7", "", "https://t.me/c/1/7"]
    stage.engine.skips = []
    assert "left nothing out" in (await stage.alice.ask("/csv 1")).text


async def test_a_file_is_never_too_large_and_never_stays() -> None:
    engine = IdleEngine(Stage().events)
    engine.skips, engine.findings = [Skip(n, SkipReason.REFUSED) for n in range(99)], [MISSING]
    async with csv_of(a_job(), engine, largest=1_000) as file:  # type: ignore[arg-type]
        assert (file.lines, file.is_whole) == (99, False)
        assert file.path.read_text().count("\n") == 100
    assert not file.path.exists()
    async with csv_of(a_job(), engine) as file:  # type: ignore[arg-type]
        assert (file.lines, file.is_whole) == (100, True)
