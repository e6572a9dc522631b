"""Polls and quizzes, built so that they can be sent at all: Telethon's own way ends in struct.error."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from engine.telegram.convert import fingerprint
from engine.telegram.draft import CannotCopy
from engine.telegram.requests import send_request
from tests.engine.draft_stage import PHOTO, drafted, message, poll, wired, words


def sent(media: Any, **more: Any) -> Any:
    """The InputMediaPoll as a server reads it; the words by which the copy is known are the source's."""
    source = message(media=media)
    draft = drafted(source, **more)
    assert draft.fingerprint == fingerprint(source)
    request = send_request(draft, peer=tl.InputPeerSelf(), reply_to=None, random_id=5)
    assert wired(request)
    return request.media


def test_a_poll_keeps_its_words_and_rules_but_not_its_votes() -> None:
    emoji = tl.MessageEntityCustomEmoji(0, 2, 77)
    media = poll("yes", "no", public_voters=True, multiple_choice=True, revoting_disabled=True)
    media.poll.question = words("😀 Why?", emoji)
    media.poll.answers[1].text = words("😀 no", emoji)
    made = sent(media)
    expected = tl.Poll(
        0,
        words("😀 Why?", emoji),
        [tl.InputPollAnswer(words("yes")), tl.InputPollAnswer(words("😀 no", emoji))],
        hash=0,
        public_voters=True,
        multiple_choice=True,
        revoting_disabled=True,
    )
    assert wired(made.poll) == wired(expected)
    assert (made.correct_answers, made.solution) == (None, None)


def test_in_a_channel_nobody_sees_who_voted() -> None:
    assert sent(poll("a", "b", public_voters=True), broadcast=True).poll.public_voters is None


def test_a_quiz_whose_answer_is_known_stays_one() -> None:
    made = sent(poll("a", "b", "c", quiz=True, right=2))
    assert made.poll.quiz
    assert made.correct_answers == [2]
    assert made.solution == "As in t.me/c/600/1004"
    assert made.solution_entities == [tl.MessageEntityUrl(6, 15)]


def test_a_quiz_without_words_about_its_solution() -> None:
    media = poll("a", "b", quiz=True, right=0)
    media.results.solution = media.results.solution_entities = None
    made = sent(media)
    assert (made.correct_answers, made.solution) == ([0], None)


def test_a_quiz_whose_answer_is_unknown_becomes_a_plain_poll() -> None:
    made = sent(poll("a", "b", quiz=True))
    assert not made.poll.quiz
    assert (made.correct_answers, made.solution) == (None, None)
    assert drafted(message(media=poll("a", "b", quiz=True))).lost == ("right answer",)


def test_a_closed_poll_is_sent_closed_without_the_time_it_closed() -> None:
    made = sent(poll("a", "b", closed=True, close_period=60, hide_results_until_close=True))
    assert made.poll.closed
    assert (made.poll.close_period, made.poll.close_date) == (None, None)
    assert not made.poll.hide_results_until_close


def test_pictures_of_a_poll_go_by_reference() -> None:
    media = poll("a", "b")
    media.attached_media = tl.MessageMediaPhoto(photo=PHOTO)
    media.poll.answers[0].media = tl.MessageMediaPhoto(photo=PHOTO)
    made = sent(media)
    picture = tl.InputMediaPhoto(tl.InputPhoto(11, 12, b"ref"))
    assert wired(made.attached_media) == wired(picture)
    assert wired(made.poll.answers[0].media) == wired(picture)
    assert made.poll.answers[1].media is None


def test_a_poll_with_a_picture_that_is_gone_cant_be_sent() -> None:
    media = poll("a", "b")
    media.attached_media = tl.MessageMediaPhoto()
    with pytest.raises(CannotCopy):
        drafted(message(media=media))
