"""What the command line says of findings, of previews, and of each kind of job."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cli.display import DOES, state
from cli.endings import DONE, LEFT_OUT
from cli.findings import FOUND, STATES, of_state, spoken, where
from cli.following import SKIPPED, told
from cli.preview import render
from domain.finding import Finding, FindingKind, FindingState
from domain.job import Failure, JobKind, JobStatus
from domain.kind import Kind
from domain.message import OLD_GROUP, SkipReason
from domain.peer import Chat, Peer, PeerKind
from domain.preview import Preview, Skipped, Tally
from engine.live import Live
from tests.unit.test_cli_words import JOB

PUBLIC = Chat(Peer(PeerKind.CHANNEL, 7), "News", "news")


def test_a_finding_names_both_sides() -> None:
    job = replace(JOB, source=PUBLIC, target=Chat(Peer(PeerKind.GROUP, 9), "Us"))
    assert where(job, Finding(FindingKind.DIFFERENT, 5, 6)) == "https://t.me/news/5 → message 6"
    assert where(job, Finding(FindingKind.MISSING, 5)) == "https://t.me/news/5"
    assert where(job, Finding(FindingKind.SETTING, detail="title; about")) == "the chat itself"


def test_findings_are_counted_by_state() -> None:
    counts = Counter(
        {
            (FindingKind.MISSING, FindingState.OPEN): 2,
            (FindingKind.MISSING, FindingState.FAILED): 1,
            (FindingKind.DOUBLED, FindingState.MENDED): 5,
        }
    )
    assert of_state(counts, FindingState.OPEN, FindingState.FAILED) == {FindingKind.MISSING: 3}


def test_every_word_has_a_sentence() -> None:
    assert set(FOUND) == set(FindingKind)
    assert set(STATES) == set(FindingState)
    assert set(SKIPPED) == set(SkipReason)
    assert set(DOES) == set(JobKind)


@pytest.mark.parametrize("kind", JobKind)
def test_each_kind_of_job_says_what_it_does(kind: JobKind) -> None:
    running = replace(JOB, kind=kind, status=JobStatus.RUNNING)
    assert state(running, Live(JOB.progress, 0.0, None)) == DOES[kind].doing


def test_what_could_not_be_applied_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    done = replace(JOB, status=JobStatus.COMPLETED)
    assert told(done, [], Counter({(FindingKind.NOT_APPLIED, FindingState.MENDED): 2})) == DONE
    assert told(done, [], Counter({(FindingKind.NOT_APPLIED, FindingState.OPEN): 2})) == LEFT_OUT
    assert "not applied 2" in capsys.readouterr().out


def test_a_preview_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    render(
        Preview(
            account="@wei",
            source="News [red]",
            target="Copy",
            kinds={Kind.PHOTO: Tally(3, 3 * 2**20), Kind.TEXT: Tally(4)},
            forwarded=5,
            by_reference=2,
            skips=[Skipped(SkipReason.UNSUPPORTED, "paid", 7, [1, 2, 3, 4, 5])],
            replies=2,
            comments=True,
            calls=3,
            seconds=7200,
            per_hour=1500,
            warnings=[Failure("No right in “{title}”.", {"title": "Copy"})],
        )
    )
    out = capsys.readouterr().out
    assert "“News [red]” → “Copy”, with the account @wei" in out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "photo 3 3.0 MiB" in lines
    assert "all 7 3.0 MiB" in lines
    assert "of a kind that Telegram lets nobody copy: paid 7 1, 2, 3, 4, 5 …" in lines
    assert "comments below the posts a job of their own" in lines
    assert "topics made" not in out
    assert "It takes about 2 hours at 1,500 messages per hour." in lines
    assert "! No right in “Copy”." in lines


def test_a_preview_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    render(Preview(account="@wei", source="News", target="Copy"))
    out = capsys.readouterr().out
    assert "No message would be copied." in out
    assert "takes about" not in out and "how many" not in out


def test_a_preview_with_refusals_knows_only_the_fewest_calls(capsys: pytest.CaptureFixture[str]) -> None:
    refused = [Skipped(SkipReason.REFUSED, "too long", 1, [1])]
    render(Preview(account="@wei", source="News", target="Copy", forwarded=5, calls=1, skips=refused))
    assert "calls that change something, at least" in capsys.readouterr().out


def test_messages_of_the_old_group_have_its_numbers() -> None:
    assert (spoken(7), spoken(7 + OLD_GROUP)) == ("7", "7 of the old group")
