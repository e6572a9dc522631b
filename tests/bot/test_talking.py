"""Commands and what they answer."""

from __future__ import annotations

from structlog.testing import capture_logs

from domain.errors import DatabaseBroken, NoPostRight
from domain.job import JobStatus
from domain.typed import Typed
from tests.bot.stage import Stage, until


async def test_start_and_help(stage: Stage) -> None:
    assert "/clone @source @target" in (await stage.alice.ask("/start")).text
    told = (await stage.alice.ask("/help")).text
    assert "/pause" in told and "/admin" not in told
    assert "/admin" in (await stage.ada.ask("/HELP@ferry_bot")).text


async def test_an_order_becomes_a_card(stage: Stage) -> None:
    card = await stage.alice.ask("/clone @news @archive")
    assert "Job 1 · waiting" in card.text and "@news → @archive" in card.text
    assert "0 of 20,000 copied" in card.text
    assert stage.alice.words(card) == ["⏸ Pause", "✖️ Cancel", "🔄 Refresh"]
    place = await until(lambda: stage.engine.all[1].report)
    assert place.chat_id == stage.alice.user.id
    assert (await stage.bert.ask("/clone @a @b AGAIN")).text.startswith("Job 2")
    assert stage.engine.orders[1] == Typed(source="@a", target="@b", again=True)


async def test_wrong_use_gets_an_example(stage: Stage) -> None:
    assert "For example: /clone @news" in (await stage.alice.ask("/clone @news")).text
    assert "For example: /pause 3" in (await stage.bert.ask("/pause")).text
    assert "For example: /job 3" in (await stage.ada.ask("/job three")).text
    assert not stage.engine.orders


async def test_errors_are_sentences(stage: Stage) -> None:
    stage.engine.refusal = NoPostRight(account="Al", title="<b>&")
    assert "The account Al may not post in “<b>&”." in (await stage.alice.ask("/clone @a @b")).text
    assert (await stage.bert.ask("/job 9")).text == "You have no job 9. /jobs lists yours."


async def test_a_database_in_trouble_is_no_matter_of_the_users(stage: Stage) -> None:
    stage.engine.refusal = DatabaseBroken(url="postgresql://ferry:secret@db/ferry", reason="connection lost")
    told = (await stage.alice.ask("/clone @a @b")).text
    assert told == "The database can't be used just now. Try again in a minute."


async def test_a_bug_is_not_shown(stage: Stage) -> None:
    stage.engine.refusal = ZeroDivisionError("secret detail")
    with capture_logs() as logs:
        answer = await stage.alice.ask("/clone @a @b")
    assert answer.text == "Something went wrong on our side; it is logged."
    assert [line["exc_info"] for line in logs if line["event"] == "handler_failed"] == [stage.engine.refusal]


async def test_the_verbs(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id, status=JobStatus.RUNNING)
    assert (await stage.alice.ask("/pause 1")).text.startswith("Job 1 is paused.")
    assert (await stage.alice.ask("/resume 1")).text == "Job 1 goes on."
    assert (await stage.alice.ask("/cancel 1")).text.startswith("Job 1 is cancelled.")
    told = (await stage.alice.ask("/pause 1")).text
    assert told.startswith("Job 1 is cancelled, so it can't be changed to paused.")


async def test_nobody_sees_the_jobs_of_others(stage: Stage) -> None:
    stage.engine.put(owner_id=stage.alice.user.id, status=JobStatus.RUNNING)
    assert (await stage.bert.ask("/jobs")).text == "You have no jobs yet. /clone orders one."
    assert (await stage.bert.ask("/cancel 1")).text.startswith("You have no job 1.")
    assert stage.engine.all[1].status is JobStatus.RUNNING


async def test_the_list_has_pages(stage: Stage) -> None:
    for _ in range(11):
        stage.engine.put(owner_id=stage.alice.user.id)
    first = await stage.alice.ask("/jobs")
    assert "Jobs, page 1 of 2" in first.text and "\n11 News → Archive: waiting 0%" in first.text
    assert stage.alice.words(first) == ["11", "10", "9", "8", "7", "6", "5", "4", "Older ▶"]
    await stage.alice.press(first, "Older")
    await stage.alice.shows("Jobs, page 2 of 2", "\n1 News")
    assert stage.alice.words(first) == ["3", "2", "1", "◀ Newer"]
    await stage.alice.press(first, "2")
    await stage.alice.shows("Job 2 · waiting")


async def test_small_talk_is_pointed_to_help(stage: Stage) -> None:
    assert "/help" in (await stage.alice.ask("good morning")).text
    assert "/help" in (await stage.bert.ask("/admin")).text
    assert "/help" in (await stage.ada.ask("/nonsense 3")).text


async def test_the_reader_s_language(stage: Stage) -> None:
    stage.bert.user.language = "zh-hans"  # type: ignore[attr-defined]
    assert "\n/clone – 把一个聊天复制到另一个" in "\n" + (await stage.bert.ask("/help")).text
    card = await stage.bert.ask("/clone @a @b")
    assert "任务 1 · 等待中" in card.text and stage.bert.words(card)[0] == "⏸ 暂停"
    stage.engine.move(1, JobStatus.RUNNING)
    await stage.bert.shows("任务 1 · 复制中", "每秒 400 条消息")
