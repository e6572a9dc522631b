"""What waits for a chat: fair, newest first to be told, nothing lost when sending fails."""

from __future__ import annotations

from bot.board import Board
from bot.desk import Card, Desk, Notice, OldCard
from domain.job import JobStatus, ReportPlace
from engine.events import JobAdvanced, JobChanged
from tests.bot.idle_engine import a_job

HERE, THERE = ReportPlace(100, 1), ReportPlace(200, 2)


def desk_of(*jobs: int) -> tuple[Desk, list[Card]]:
    desk, cards = Desk(edit_every=3), [Card(a_job(n), HERE) for n in jobs]
    for card in cards:
        desk.put_card(card)
    return desk, cards


def test_cards_take_turns_and_keep_their_distance() -> None:
    desk, cards = desk_of(1, 2)
    taken = []
    for now in range(12):
        work = desk.take(now)
        if isinstance(work, Card):
            work.edited_at = now
            taken.append((now, work.job.id))
        for card in cards:
            desk.put_card(card)
    assert taken == [(0, 1), (1, 2), (3, 1), (4, 2), (6, 1), (7, 2), (9, 1), (10, 2)]


def test_when_something_is_due() -> None:
    desk, (card,) = desk_of(1)
    card.edited_at = 10.0
    assert desk.due_in(11.0) == 2.0 and desk.take(11.0) is None
    desk.put_old(7)
    assert desk.due_in(11.0) == 0.0 and desk.take(11.0) == OldCard(7)
    assert desk.take(13.0) is card and desk.due_in(13.0) is None


def test_notices_gather_and_go_first() -> None:
    desk, _ = desk_of(1)
    desk.put_ended(a_job(2), now=5.0)
    desk.put_resumed(a_job(3), now=5.2)
    assert isinstance(desk.take(5.2), Card)
    work = desk.take(6.0)
    assert isinstance(work, Notice) and (list(work.ended), list(work.resumed)) == ([2], [3])


def test_what_could_not_be_sent_comes_back_without_hiding_what_is_newer() -> None:
    desk, (card,) = desk_of(1)
    assert desk.take(0.0) is card
    desk.put_card(Card(a_job(2), HERE))
    desk.put_back(card)
    assert desk.take(0.0) is card
    desk.put_ended(a_job(5), now=0.0)
    old = desk.take(1.0)
    assert isinstance(old, Notice)
    newer = a_job(5, status=JobStatus.FAILED)
    desk.put_ended(newer, now=1.0)
    desk.put_back(old)
    work = desk.take(9.0)
    assert isinstance(work, Notice) and work.ended == {5: newer}


def test_a_job_shown_elsewhere_leaves_its_old_place() -> None:
    board = Board(edit_every=3)
    job = a_job(1, report=HERE)
    board.hear(JobChanged(job))
    card = board.pin(job, THERE, None)
    board.mark(card)
    assert board.desks[HERE.chat_id].take(0.0) == OldCard(HERE.message_id)
    assert board.desks[THERE.chat_id].take(0.0) is card
    assert board.is_shown_at(job, THERE)


def test_what_nobody_shows_is_not_followed() -> None:
    board = Board(edit_every=3)
    board.hear(JobChanged(a_job(1, status=JobStatus.RUNNING)))
    board.hear(JobAdvanced(1, a_job(1).progress))
    assert not board.desks


def test_a_group_that_became_a_supergroup_gets_its_cards_anew() -> None:
    board = Board(edit_every=3)
    card = board.pin(a_job(1), HERE, None)
    board.mark(card)
    board.move(HERE.chat_id, -500)
    assert card.is_lost and card.place.chat_id == -500
    assert board.desks[-500].take(0.0) is card and board.desks[HERE.chat_id].take(0.0) is None


def test_an_end_is_told_once() -> None:
    board = Board(edit_every=3)
    done = a_job(1, status=JobStatus.COMPLETED, report=HERE)
    for _ in range(2):
        board.hear(JobChanged(done))
    work = board.desks[HERE.chat_id].take(1e9)
    assert isinstance(work, Notice) and list(work.ended) == [1]
    board.hear(JobChanged(done))
    assert isinstance(board.desks[HERE.chat_id].take(1e9), Card)
