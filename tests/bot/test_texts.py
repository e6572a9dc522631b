"""What cards, notices and lists say. All pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import notices, phrases
from bot.card import card
from bot.keyboards import PAGE
from bot.language import Languages
from bot.pages import Page, job_list
from domain.errors import TargetLost
from domain.job import Job, JobStatus, PauseReason, Progress, WaitReason
from domain.peer import Chat, Peer, PeerKind
from engine.live import Live
from tests.bot.idle_engine import a_job

NOW = datetime(2026, 5, 1, 14, 0, tzinfo=UTC)
LANGUAGES = Languages()
EN, ZH = LANGUAGES.say("en"), LANGUAGES.say("zh")
LOST = TargetLost(title="A<B", reason="CHAT_WRITE_FORBIDDEN", job_id=3).as_failure()
HALF = Progress(copied=8_600, skipped=12, total=20_000)


def shown(job: Job, *, per_second: float = 0.0, ends_at: datetime | None = None) -> list[str]:
    return card(job, Live(job.progress, per_second, ends_at), EN, now=NOW).split("\n")


def test_a_running_job() -> None:
    job = a_job(status=JobStatus.RUNNING, progress=HALF, resumed_from=8_400)
    assert shown(job, per_second=415.3, ends_at=NOW + timedelta(seconds=28)) == [
        "<b>Job 3</b> · copying",
        "News → Archive",
        "",
        "▓▓▓▓▓▓░░░░░░░░░░ 43%",
        "8,600 of 20,000 copied, 12 skipped",
        "415 messages a second",
        "28 sec left, done at about 14:00 UTC",
        "",
        "<i>Ferry was restarted; the job went on from message 8,400.</i>",
    ]


def test_in_chinese() -> None:
    job = a_job(status=JobStatus.RUNNING, progress=HALF)
    text = card(job, Live(HALF, 0.5, NOW + timedelta(hours=2, minutes=3)), ZH, now=NOW)
    assert "<b>任务 3</b> · 复制中" in text and "已复制 8,600 / 20,000 条，跳过 12 条" in text
    assert "每秒 0.5 条消息" in text and "还需 2小时 3分钟，大约 16:03 UTC 完成" in text


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (WaitReason.FLOOD, "Telegram told the account to wait for another 4 min (until 14:04 UTC)."),
        (WaitReason.SLOW_MODE, "The target is in slow mode: waiting for another 4 min (until 14:04 UTC)."),
        (WaitReason.PACE, "Resting for another 4 min (until 14:04 UTC), to keep the account below"),
        (WaitReason.UNREACHABLE, "Telegram can't be reached. Ferry tries again in 4 min (at 14:04 UTC)."),
    ],
)
def test_waiting_has_a_reason_and_an_end(reason: WaitReason, sentence: str) -> None:
    job = a_job(wait_reason=reason, resume_at=NOW + timedelta(minutes=4))
    assert shown(job)[-1].startswith(sentence)


def test_a_wait_that_is_over_and_one_without_end() -> None:
    over = a_job(wait_reason=WaitReason.FLOOD, resume_at=NOW - timedelta(seconds=1))
    assert shown(over)[-1] == "It goes on in a moment."
    assert shown(a_job())[-1] == "Waiting for its turn."
    tomorrow = a_job(wait_reason=WaitReason.FLOOD, resume_at=NOW + timedelta(days=1, hours=2))
    assert shown(tomorrow)[-1].endswith("for another 1 day 2 hr (until 2026-05-02 16:00 UTC).")


@pytest.mark.parametrize("reason", list(PauseReason))
def test_a_pause_says_by_whom_and_what_to_do(reason: PauseReason) -> None:
    said = shown(a_job(status=JobStatus.PAUSED, pause_reason=reason))[-1]
    assert said.startswith("Paused b")


def test_a_failure_is_a_sentence_and_is_escaped() -> None:
    said = shown(a_job(status=JobStatus.FAILED, failure=LOST))[-1]
    assert said.startswith("The account may not post in “A&lt;B” any more (CHAT_WRITE_FORBIDDEN).")


def test_unfinished_is_never_100_percent_and_completed_is() -> None:
    nearly = Progress(copied=19_999, total=20_000)
    assert shown(a_job(status=JobStatus.RUNNING, progress=nearly))[3].endswith(" 99%")
    assert shown(a_job(status=JobStatus.COMPLETED, progress=nearly))[3].endswith(" 100%")
    grown = Progress(copied=20_010, total=20_000)
    assert shown(a_job(status=JobStatus.RUNNING, progress=grown))[4] == "20,010 of 20,010 copied"


def test_titles_and_topics() -> None:
    source = Chat(Peer(PeerKind.CHANNEL, 1), "<i>News</i>", topic_id=7)
    assert shown(a_job(source=source))[1] == "&lt;i&gt;News&lt;/i&gt; (topic 7) → Archive"


def test_notices() -> None:
    resumed = a_job(resumed_from=8_400, progress=Progress(copied=8_312, total=20_000))
    assert notices.resumed([resumed], EN) == (
        "Ferry was restarted; job 3 goes on from message 8,400 (8,312 of 20,000 copied)."
    )
    many = notices.resumed([resumed] * 40, EN).split("\n")
    assert many[0] == "Ferry was restarted; 40 jobs go on:" and many[-1] == "and 32 more. /jobs"
    done = a_job(status=JobStatus.COMPLETED, progress=Progress(copied=9, skipped=1, total=10))
    failed = a_job(4, status=JobStatus.FAILED, failure=LOST)
    told = notices.told([done, failed], EN).split("\n")
    assert told[:2] == ["News of 2 jobs:", "• ✅ Job 3 is complete: 9 of 10 copied, 1 skipped."]
    assert told[2].startswith("• ❌ Job 4 failed. The account may not post in “A&lt;B”")


@pytest.mark.parametrize(
    ("fields", "deserves"),
    [
        ({"status": JobStatus.COMPLETED}, True),
        ({"status": JobStatus.FAILED}, True),
        ({"status": JobStatus.CANCELLED}, False),
        ({"status": JobStatus.PAUSED, "pause_reason": PauseReason.ACCOUNT}, True),
        ({"status": JobStatus.PAUSED, "pause_reason": PauseReason.UNSETTLED}, True),
        ({"status": JobStatus.PAUSED, "pause_reason": PauseReason.OWNER}, False),
        ({"status": JobStatus.RUNNING}, False),
    ],
)
def test_what_deserves_a_notice(fields: dict[str, Any], deserves: bool) -> None:
    assert notices.deserves_notice(a_job(**fields)) is deserves


@pytest.mark.parametrize(("asked", "got"), [(0, 0), (1, 1), (99, 1), (-5, 0)])
def test_a_page_that_is_gone_is_the_nearest(asked: int, got: int) -> None:
    page = Page.of([a_job(n) for n in range(PAGE + 1)], asked)
    assert (page.number, page.count) == (got, 2)
    assert Page.of([], 3) == Page([], 0, 1)


def test_the_list_for_admins_says_whose() -> None:
    jobs = [a_job(5, owner_id=0), a_job(4, owner_id=77)]
    lines = job_list(Page.of(jobs, 0), EN, progress=lambda job: job.progress, owners=True).split("\n")
    assert lines[1:] == [
        "<b>5</b> News → Archive: waiting 0% (command line)",
        "<b>4</b> News → Archive: waiting 0% (user 77)",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 sec"), (59.7, "1 min"), (3600, "1 hr"), (4800, "1 hr 20 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert phrases.duration(seconds, EN) == words
