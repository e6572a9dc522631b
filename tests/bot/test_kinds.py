"""What cards, lists and notices say of jobs that do not just copy. All pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import kinds, notices
from bot.card import card
from bot.keyboards import job_buttons
from bot.language import Languages
from bot.listing import listed
from bot.pages import Page, job_list
from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus, Progress
from domain.wishes import Selection, Wishes
from engine.listing import Found
from engine.live import Live
from tests.bot.idle_engine import a_job

NOW = datetime(2026, 5, 1, 14, 0, tzinfo=UTC)
LANGUAGES = Languages()
EN, ZH = LANGUAGES.say("en"), LANGUAGES.say("zh")
COMPLETED, RUNNING = JobStatus.COMPLETED, JobStatus.RUNNING
OPEN, MENDED, KEPT, FAILED = FindingState
SOME = Progress(copied=30, skipped=4, passed=6, total=100)
DELETE, ONE = Wishes(delete=True), Wishes(selection=Selection(ids=(7,)))


def job_of(kind: JobKind, **fields: Any) -> Job:
    return a_job(6, **{"kind": kind, "of_job": 5, "progress": SOME, "status": RUNNING} | fields)


def shown(job: Job, found: Found | None = None) -> list[str]:
    return card(job, Live(job.progress, 0.0, None), EN, now=NOW, found=found or Counter()).split("\n")


@pytest.mark.parametrize(
    ("job", "status", "title", "counted"),
    [
        (job_of(JobKind.CLONE, of_job=None), "copying", None, "30 of 100 copied, 4 skipped"),
        (job_of(JobKind.CLONE), "copying", "Trying again what job 5 skipped", "30 of 100 copied, 4 skipped"),
        (job_of(JobKind.COMMENTS), "copying", "Comments of job 5", "30 of 100 copied, 4 skipped"),
        (
            job_of(JobKind.COMMENTS, wishes=ONE),
            "copying",
            "Trying again what job 5 skipped",
            "30 of 100 copied, 4 skipped",
        ),
        (
            job_of(JobKind.VERIFY),
            "checking",
            "Checking what job 5 copied",
            "40 of 100 checked, 4 not as they should be",
        ),
        (job_of(JobKind.REPAIR), "mending", "Mending job 5", "30 messages sent again, 4 skipped"),
        (
            job_of(JobKind.ADOPT, of_job=None),
            "taking over",
            "Taking over what was copied before",
            "30 of 100 in place, 4 skipped",
        ),
        (
            job_of(JobKind.DEDUPE, of_job=None),
            "looking for doubles",
            "Looking for doubles",
            "40 of 100 looked at, 4 of them doubles",
        ),
        (
            job_of(JobKind.DEDUPE, wishes=DELETE),
            "deleting doubles",
            "Deleting the doubles that job 5 found",
            "30 of 100 deleted, 4 left as they are",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_card_says_what_the_job_is(job: Job, status: str, title: str | None, counted: str) -> None:
    lines = shown(job)
    assert lines[0] == f"<b>Job 6</b> · {status}"
    assert lines[-1] == counted
    route = "News" if job.kind is JobKind.DEDUPE else "News → Archive"
    assert lines[1:3] == ([title, route] if title else [route, ""])


def test_in_a_list_and_in_chinese() -> None:
    jobs = [job_of(JobKind.VERIFY), job_of(JobKind.CLONE, of_job=None)]
    for say, aside in ((EN, " (checking job 5): checking"), (ZH, "（检查任务 5）: 检查中")):
        lines = job_list(Page.of(jobs, 0), say, progress=lambda job: job.progress).split("\n")
        assert lines[1] == f"<b>6</b> News → Archive{aside} 40%"
        assert "(" not in lines[2]


VERIFIED = Counter({(FindingKind.MISSING, OPEN): 1_003, (FindingKind.EDITED, OPEN): 2})
REPAIRED = Counter(
    {(FindingKind.MISSING, MENDED): 3, (FindingKind.MOVED, KEPT): 1, (FindingKind.DIFFERENT, FAILED): 2}
)
NOT_APPLIED = Counter({(FindingKind.NOT_APPLIED, OPEN): 2})
WHICH = "/skipped 6 tells which and why."


@pytest.mark.parametrize(
    ("kind", "found", "result"),
    [
        (JobKind.VERIFY, Counter(), ["Nothing differs."]),
        (
            JobKind.VERIFY,
            VERIFIED,
            [
                "Found: 1,003 missing, 2 edited at the source since.",
                "/skipped 6 lists them; /repair 5 mends them.",
            ],
        ),
        (
            JobKind.REPAIR,
            REPAIRED,
            [
                "Mended: 3 missing.",
                "Left as they are: 1 out of order.",
                "Could not be mended: 2 different.",
                WHICH,
            ],
        ),
        (JobKind.REPAIR, Counter({(FindingKind.MISSING, MENDED): 3}), ["Mended: 3 missing."]),
        (JobKind.REPAIR, Counter(), ["There was nothing left to mend."]),
        (JobKind.DEDUPE, Counter(), ["Nothing stands there twice."]),
        (
            JobKind.CLONE,
            NOT_APPLIED,
            ["2 things could not be made as they are in the source (pins, topics, links, replies).", WHICH],
        ),
        (JobKind.CLONE, Counter(), []),
        (JobKind.ADOPT, Counter({(FindingKind.MISSING, OPEN): 3}), ["Found: 3 missing.", WHICH]),
    ],
)
def test_what_came_of_it(kind: JobKind, found: Found, result: list[str]) -> None:
    job = job_of(kind, status=COMPLETED, progress=Progress(copied=10, total=10))
    card_lines = shown(job, found)
    assert card_lines[len(card_lines) - len(result) :] == result
    assert card_lines[-len(result) - 1].startswith("10 ")
    notice = notices.told([job], EN, found={6: found})
    assert notice.startswith("✅ Job 6 (") and notice.endswith(" ".join([".", *result]))


def test_a_check_that_did_not_end_says_no_more_than_it_knows() -> None:
    failed = job_of(JobKind.VERIFY, status=JobStatus.FAILED)
    assert shown(failed)[-1] == "40 of 100 checked, 4 not as they should be"
    assert shown(failed, VERIFIED)[-2:] == [
        "Found: 1,003 missing, 2 edited at the source since.",
        WHICH,
    ]
    unread = notices.told([replace(failed, status=COMPLETED)], EN)
    assert unread == "✅ Job 6 (checking job 5) is complete: 40 of 100 checked."


@pytest.mark.parametrize(
    ("kind", "status", "found", "words"),
    [
        (JobKind.CLONE, COMPLETED, Counter(), ["🔎 Verify"]),
        (JobKind.COMMENTS, COMPLETED, NOT_APPLIED, ["🔎 Verify", "📋 Which ones"]),
        (JobKind.CLONE, JobStatus.FAILED, Counter(), ["🔁 Retry"]),
        (JobKind.VERIFY, COMPLETED, Counter(), []),
        (JobKind.VERIFY, COMPLETED, VERIFIED, ["🩹 Repair", "📋 Which ones"]),
        (JobKind.VERIFY, JobStatus.FAILED, VERIFIED, ["🔁 Retry", "📋 Which ones"]),
        (JobKind.REPAIR, COMPLETED, REPAIRED, ["📋 Which ones"]),
        (JobKind.VERIFY, RUNNING, VERIFIED, ["⏸ Pause", "✖️ Cancel", "🔄 Refresh"]),
    ],
)
def test_what_can_be_done_next(kind: JobKind, status: JobStatus, found: Found, words: list[str]) -> None:
    job = job_of(kind, status=status, progress=Progress(copied=10, total=10))
    keyboard = job_buttons(job, EN, found=found)
    rows = keyboard.inline_keyboard if keyboard else []
    assert [button.text for row in rows for button in row] == words


def test_a_copy_that_skipped_has_a_list() -> None:
    job = job_of(JobKind.CLONE, of_job=None, status=COMPLETED)
    keyboard = job_buttons(job, EN)
    assert keyboard is not None and [b.text for b in keyboard.inline_keyboard[0]] == [
        "🔎 Verify",
        "📋 Which ones",
    ]
    assert shown(job)[-1] == WHICH


@pytest.mark.parametrize("kind", list(JobKind))
@pytest.mark.parametrize("wishes", [Wishes(), DELETE, ONE])
def test_every_kind_has_words_for_everything(kind: JobKind, wishes: Wishes) -> None:
    for say in (EN, ZH):
        job = job_of(kind, wishes=wishes)
        words = (
            kinds.title(job, say),
            kinds.aside(job, say),
            kinds.running(job, say),
            kinds.afterwards(job, say),
        )
        assert all(words) and kinds.counted(job, SOME, say)


def test_what_is_not_set_as_in_the_source_is_listed_in_words_of_each_language() -> None:
    chat = Finding(FindingKind.SETTING, detail="pinned topics; title")
    pin = Finding(FindingKind.SETTING, 5, 6, "pin: CHAT_ADMIN_REQUIRED", FAILED)
    verify = job_of(JobKind.VERIFY)
    _, of_chat, of_pin = listed(verify, [chat, pin], EN).split("\n")
    assert of_chat == "• not set as in the source (pinned topics; title)"
    assert of_pin.endswith(": not set as in the source, could not be mended (pin: CHAT_ADMIN_REQUIRED)")
    assert of_pin.count("<a href=") == 2
    assert "设置与来源不同 (置顶话题; 标题)" in listed(verify, [chat, pin], ZH)
