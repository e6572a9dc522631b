"""What the command line says: how a job stands, how it ended, and what to do at a terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cli import endings, following
from cli.display import PAUSES, WAITS, clock, done_of, state
from cli.endings import DONE, FAILED, LEFT_OUT, sentence
from cli.following import told
from cli.numbers import several
from domain import errors
from domain.finding import FindingKind, FindingState
from domain.job import Failure, Job, JobKind, JobStatus, PauseReason, Progress, WaitReason
from domain.message import OLD_GROUP, Skip, SkipReason
from domain.peer import Chat, Peer, PeerKind
from engine.live import Live

NOW = datetime.now(UTC)
JOB = Job(
    id=3,
    owner_id=0,
    account_id=1,
    key=bytes(32),
    source=Chat(Peer(PeerKind.CHANNEL, 1), "News [red]"),
    target=Chat(Peer(PeerKind.CHANNEL, 2), "Copy"),
    status=JobStatus.RUNNING,
    created_at=NOW,
    started_at=NOW,
    finished_at=NOW + timedelta(seconds=25),
    progress=Progress(copied=19_879, skipped=121, total=20_000),
)


def standing(**changes: object) -> str:
    return state(replace(JOB, **changes), Live(JOB.progress, 0.0, None))  # type: ignore[arg-type]


def test_a_running_job_shows_its_rate_and_the_time_left() -> None:
    live = Live(JOB.progress, 1234.4, datetime.now(UTC) + timedelta(minutes=90))
    assert state(JOB, live) in ("1,234/s, 1:30:00 left", "1,234/s, 1:29:59 left")
    assert standing() == "copying"


@pytest.mark.parametrize("reason", WaitReason)
def test_every_wait_says_who_told_us_and_until_when(reason: WaitReason) -> None:
    until = NOW + timedelta(hours=2)
    text = standing(status=JobStatus.PENDING, wait_reason=reason, resume_at=until)
    assert text == WAITS[reason].format(time=clock(until))
    assert until.astimezone().strftime("%H:%M") in text


@pytest.mark.parametrize("reason", PauseReason)
def test_every_pause_says_why(reason: PauseReason) -> None:
    assert standing(status=JobStatus.PAUSED, pause_reason=reason) == PAUSES[reason]


def test_a_wait_until_another_day_has_its_date() -> None:
    day = NOW + timedelta(days=3)
    assert clock(day).startswith(day.astimezone().strftime("%Y-%m-%d"))


@pytest.mark.parametrize("reason", SkipReason)
def test_the_exit_code_tells_whether_something_was_left_out(
    reason: SkipReason, capsys: pytest.CaptureFixture[str]
) -> None:
    done = replace(JOB, status=JobStatus.COMPLETED)
    code = told(done, [Skip(7, reason), Skip(8, reason)])
    assert code == (DONE if reason in (SkipReason.SERVICE, SkipReason.DELETED) else LEFT_OUT)
    out = capsys.readouterr().out
    assert "19,879 messages in 25 seconds" in out
    assert "“News [red]”" in out
    assert f"skipped 2: {following.SKIPPED[reason]}" in out
    assert ("message 7, 8" in out) is (code == LEFT_OUT)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            errors.SourceLost(title="News", reason="CHANNEL_PRIVATE", job_id=3),
            "“News” can't be read any more",
        ),
        (errors.Stalled(job_id=3, hours=24, reason="no route"), "no further for 24 hours (no route)"),
    ],
)
def test_a_failed_job_says_why_without_the_bots_commands(
    error: errors.FerryError, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(replace(JOB, status=JobStatus.FAILED, failure=error.as_failure()), []) == FAILED
    out = capsys.readouterr().out
    assert "Job 3 has failed. " in out
    assert words in out
    assert "run the same command again" in out
    assert "/resume" not in out and "/retry" not in out


def test_a_paused_job_says_how_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    paused = replace(JOB, status=JobStatus.PAUSED, pause_reason=PauseReason.ADMIN)
    assert told(paused, []) == FAILED
    assert "The same command lets it go on" in capsys.readouterr().out


def test_a_crash_on_our_side_is_told_in_the_terminals_words(capsys: pytest.CaptureFixture[str]) -> None:
    crashed = Failure("Something went wrong; the log has it. /resume {job_id} tries again.", {"job_id": "3"})
    told(replace(JOB, status=JobStatus.FAILED, failure=crashed), [])
    assert "Running the same command again tries again" in capsys.readouterr().out


@pytest.mark.parametrize("kind", endings.HINTS)
def test_hints_for_the_terminal_stand_in_for_the_bots(kind: type[errors.FerryError]) -> None:
    error = kind.__new__(kind)
    values = {
        "job_id": 3,
        "source": "A",
        "target": "B",
        "user_id": 0,
        "account_id": 1,
        "count": 2,
        "reason": "x",
        "status": "running",
        "verify_id": 4,
    }
    errors.FerryError.__init__(error, **values)
    assert "/job" not in sentence(error)
    assert "word “again”" not in sentence(error)


def test_one_message_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert [several(number, "line") for number in (0, 1, 2000)] == ["0 lines", "1 line", "2,000 lines"]
    told(replace(JOB, status=JobStatus.COMPLETED, progress=Progress(copied=1, total=1)), [])
    assert "Copied 1 message in" in capsys.readouterr().out


def test_an_adoption_says_how_the_missing_are_sent(capsys: pytest.CaptureFixture[str]) -> None:
    missing = Counter({(FindingKind.MISSING, FindingState.OPEN): 2})
    told(replace(JOB, status=JobStatus.COMPLETED, kind=JobKind.ADOPT), [], missing)
    out = capsys.readouterr().out
    assert "Found or copied 19,879 messages" in out
    assert "python main.py verify 3, then python main.py repair 3" in out


def test_a_skip_in_the_old_group_is_named_as_people_know_it(capsys: pytest.CaptureFixture[str]) -> None:
    told(replace(JOB, status=JobStatus.COMPLETED), [Skip(7 + OLD_GROUP, SkipReason.REFUSED)])
    assert "(message 7 of the old group)" in capsys.readouterr().out


def test_a_repair_that_is_complete_has_mended_all_of_it() -> None:
    repair = replace(JOB, kind=JobKind.REPAIR, progress=Progress(copied=2, total=6))
    assert done_of(repair, repair.progress) == 2
    assert done_of(replace(repair, status=JobStatus.COMPLETED), repair.progress) == 6


def test_braces_in_values_do_no_harm() -> None:
    assert "“{x}”" in sentence(errors.SameChat(title="{x}"))
