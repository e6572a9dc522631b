"""Which moves a job's status may make, who may touch it, and how progress counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.asker import AT_THE_TERMINAL, Asker
from domain.job import ALLOWED, OPERATOR, UNFINISHED, Failure, Job, JobStatus, Progress, may_become
from domain.peer import Chat, Peer, PeerKind

ALICE, BOB = 11, 22
SOURCE = Chat(Peer(PeerKind.CHANNEL, 1), "News")
TARGET = Chat(Peer(PeerKind.CHANNEL, 2), "Copy of News")


def job(owner_id: int = ALICE, status: JobStatus = JobStatus.PENDING) -> Job:
    return Job(
        id=1,
        owner_id=owner_id,
        account_id=1,
        key=bytes(32),
        source=SOURCE,
        target=TARGET,
        status=status,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_every_status_has_its_row() -> None:
    assert set(ALLOWED) == set(JobStatus)


@pytest.mark.parametrize("status", JobStatus)
def test_no_status_follows_itself(status: JobStatus) -> None:
    assert status not in ALLOWED[status]


@pytest.mark.parametrize("status", sorted(UNFINISHED))
def test_whatever_is_unfinished_can_be_cancelled(status: JobStatus) -> None:
    assert job(status=status).may_become(JobStatus.CANCELLED)
    assert job(status=status).is_unfinished


@pytest.mark.parametrize("status", [JobStatus.COMPLETED, JobStatus.CANCELLED])
def test_what_is_over_stays_over(status: JobStatus) -> None:
    assert not any(job(status=status).may_become(to) for to in JobStatus)
    assert not job(status=status).is_unfinished


def test_only_a_pending_job_starts() -> None:
    assert may_become(JobStatus.RUNNING) == {JobStatus.PENDING}


def test_a_failed_job_can_only_be_tried_again() -> None:
    assert ALLOWED[JobStatus.FAILED] == {JobStatus.PENDING}


@given(st.sampled_from(JobStatus), st.sampled_from(JobStatus))
def test_the_table_reads_the_same_from_both_ends(one: JobStatus, other: JobStatus) -> None:
    assert (one in may_become(other)) is (other in ALLOWED[one])


def test_only_the_owner_and_admins_touch_a_job() -> None:
    assert Asker(ALICE).may_touch(job(ALICE))
    assert not Asker(BOB).may_touch(job(ALICE))
    assert Asker(BOB, is_admin=True).may_touch(job(ALICE))
    assert AT_THE_TERMINAL.may_touch(job(ALICE))
    assert not Asker(ALICE).may_touch(job(OPERATOR))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_fraction_stays_between_nothing_and_everything(copied: int, skipped: int, total: int) -> None:
    progress = Progress(copied=copied, skipped=skipped, total=total)
    assert 0 <= progress.fraction <= 1
    assert progress.done == copied + skipped


def test_a_source_without_messages_has_no_progress_to_divide_by() -> None:
    assert Progress().fraction == 0


def test_a_failure_is_a_sentence_with_its_values() -> None:
    assert str(Failure("“{title}” is gone.", {"title": "News {x}"})) == "“News {x}” is gone."


@given(st.sampled_from(PeerKind), st.integers(1, 10**11), st.integers(0, 2**63 - 1))
def test_a_marked_id_names_one_peer(kind: PeerKind, number: int, access_hash: int) -> None:
    peer = Peer(kind, number, access_hash)
    assert Peer.from_marked(peer.marked_id, access_hash) == peer


def test_a_topic_is_a_place_of_its_own() -> None:
    in_topic = Chat(SOURCE.peer, SOURCE.title, topic_id=5)
    renamed = Chat(Peer(PeerKind.CHANNEL, 1, access_hash=99), "Old name", username="news")
    assert SOURCE.is_same_place(renamed)
    assert not SOURCE.is_same_place(in_topic)
    assert not SOURCE.is_same_place(TARGET)
