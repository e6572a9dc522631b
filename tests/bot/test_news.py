"""What is told without being asked for: to owners about their jobs, to admins about the service."""

from __future__ import annotations

from bot.desk import KEPT, Desk, Notice
from bot.language import Languages
from bot.notices import text
from domain.errors import TargetLost, Unreachable
from domain.job import JobStatus
from domain.memory import MemoryLevel
from engine.events import DatabaseBack, DatabaseLost, DependencyFailed, JobStalled, MemoryChanged
from tests.bot.idle_engine import a_job
from tests.bot.stage import Person, Stage, until

TROUBLE = Unreachable(reason="no route to host").as_failure()
EN = Languages().say("en")


async def heard_nothing(stage: Stage, *people: Person) -> None:
    """The next thing that each of them hears is what is told now, and it comes alone."""
    for person in people:
        before = len(person.new)
        job = stage.engine.put(owner_id=person.user.id, status=JobStatus.RUNNING)
        stage.events.emit(JobStalled(job, TROUBLE))
        told = await person.shows(f"⏳ Job {job.id} gets no further")
        assert told.text.startswith("⏳") and told.text.endswith("shows how it stands.")
        assert len(person.new) == before + 1


async def test_a_job_that_gets_no_further(stage: Stage) -> None:
    for person in (stage.alice, stage.bert, stage.ada):
        await person.ask("/start")
    job = stage.engine.put(owner_id=stage.alice.user.id, status=JobStatus.RUNNING)
    stage.events.emit(JobStalled(job, TROUBLE))
    told = await stage.alice.shows("⏳ Job 1 gets no further: Telegram can't be reached (no route to host).")
    assert told.text.endswith("Ferry goes on trying; /job 1 shows how it stands.")
    await heard_nothing(stage, stage.alice, stage.bert, stage.ada)


async def test_a_dependency_that_failed(stage: Stage) -> None:
    await stage.alice.ask("/start")
    job = stage.engine.put(owner_id=stage.alice.user.id, after=(7,))
    stage.events.emit(DependencyFailed(job, 7))
    told = await stage.alice.shows(
        "⚠️ Job 1 won't start: job 7, for which it waits, has failed or was cancelled."
    )
    assert told.text.endswith("/retry 7 tries a failed one again; /after 1 lets job 1 start without it.")


async def test_the_operator_s_own_jobs_have_nobody_to_be_told(stage: Stage) -> None:
    for person in (stage.alice, stage.ada):
        await person.ask("/start")
    job = stage.engine.put(owner_id=0, after=(7,))
    stage.events.emit(DependencyFailed(job, 7))
    stage.events.emit(JobStalled(job, TROUBLE))
    await heard_nothing(stage, stage.alice, stage.ada)


async def test_a_database_that_is_gone_is_the_admins_matter(stage: Stage) -> None:
    for person in (stage.alice, stage.ada, stage.eve):
        await person.ask("/start")
    stage.events.emit(DatabaseLost("database is locked"))
    await stage.ada.shows(
        "🛑 The database can't be used (database is locked). Nothing is sent until it is back."
    )
    stage.events.emit(DatabaseBack(125.0))
    await stage.ada.shows("✅ The database is back after 2 min; the jobs go on by themselves.")
    assert len(stage.ada.new) == 3
    await heard_nothing(stage, stage.alice, stage.eve)


async def test_memory_is_told_when_jobs_paused_and_not_at_every_level(stage: Stage) -> None:
    for person in (stage.alice, stage.ada):
        await person.ask("/start")
    stage.events.emit(MemoryChanged(MemoryLevel.CLEANUP, 63.0))
    await heard_nothing(stage, stage.ada, stage.alice)
    stage.events.emit(MemoryChanged(MemoryLevel.WARNING, 71.6, paused=(4,)))
    await stage.ada.shows("⚠️ 72% of the memory is in use, so 1 job was paused (4). It goes on by itself")
    stage.events.emit(MemoryChanged(MemoryLevel.NORMAL, 48.0, resumed=tuple(range(1, 12))))
    await stage.ada.shows("✅ There is memory again (48% in use): 11 jobs go on (1, 2, 3, 4, 5, 6, 7, 8, …).")
    assert len(stage.alice.new) == 2


async def test_a_group_hears_nothing_of_the_service(stage: Stage) -> None:
    await stage.ada.ask("/start")
    group, _ = stage.group(stage.alice, stage.ada)
    await group.ask("/clone@ferry_bot @news @archive")
    await until(lambda: stage.engine.all[1].report)  # until then its owner is told in private
    stage.events.emit(DatabaseLost("disk is full"))
    stage.engine.move(1, JobStatus.RUNNING)
    stage.engine.move(1, JobStatus.COMPLETED)
    await stage.ada.shows("disk is full")
    await group.shows("✅ Job 1 is complete")
    assert not any("disk is full" in message.text for message in group.messages)


async def test_in_the_admin_s_language(stage: Stage) -> None:
    stage.ada.user.language = "zh-hans"  # type: ignore[attr-defined]
    await stage.ada.ask("/start")
    stage.events.emit(DatabaseLost("x"))
    await stage.ada.shows("🛑 数据库无法使用（x）。")


async def test_the_overview_tells_the_level(stage: Stage) -> None:
    assert "Memory is no problem: all jobs may run." in (await stage.ada.ask("/admin")).text


def test_everything_at_once_fits_into_a_message() -> None:
    notice = Notice()
    lost = TargetLost(title="T" * 60, reason="CHAT_WRITE_FORBIDDEN", job_id=3).as_failure()
    for n in range(50):
        notice.resumed[n] = a_job(n, resumed_from=n)
        notice.ended[n] = a_job(n, status=JobStatus.FAILED, failure=lost)
        notice.stalled[n] = JobStalled(a_job(n), lost)
        notice.blocked[n, 7] = DependencyFailed(a_job(n), 7)
    notice.service = [DatabaseLost("r" * 100)] * KEPT
    assert len(text(notice, EN)) < 4096


def test_news_that_could_not_be_sent_are_kept_in_order_and_not_for_ever() -> None:
    desk = Desk(edit_every=3)
    for n in range(KEPT):
        desk.put_service(DatabaseBack(float(n)), now=0.0)
    unsent = desk.take(1.0)
    assert isinstance(unsent, Notice)
    desk.put_service(DatabaseBack(99.0), now=1.0)
    desk.put_back(unsent)
    work = desk.take(9.0)
    assert isinstance(work, Notice)
    assert work.service == [DatabaseBack(float(n)) for n in (*range(1, KEPT), 99)]
