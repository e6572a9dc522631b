"""Polls and quizzes once more, built by hand: Telethon's own way fails for them (telegram-facts 7)."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from engine.telegram.input_media import by_reference
from engine.telegram.kinds import right_answers
from engine.telegram.wording import Wording


def input_poll(media: Any, wording: Wording, *, broadcast: bool = False) -> Any:
    """The InputMediaPoll for a MessageMediaPoll, without votes. Raises CannotCopy for some attached media.

    A quiz whose answer this account can't know becomes a plain poll. `broadcast` hides who voted, as a
    channel demands. A moment at which it closes is not taken over: it may have passed.
    """
    poll, results = media.poll, media.results
    right = right_answers(media) if poll.quiz else []
    copied = tl.Poll(
        0,  # the server gives it a new one
        poll.question,
        # As Telegram Desktop sends them: the server gives answers their option bytes.
        [tl.InputPollAnswer(answer.text, _attached(answer.media, wording)) for answer in poll.answers],
        hash=0,
        closed=poll.closed,
        public_voters=None if broadcast else poll.public_voters,
        multiple_choice=poll.multiple_choice,
        quiz=bool(right) or None,
        open_answers=poll.open_answers,
        revoting_disabled=poll.revoting_disabled,
        shuffle_answers=poll.shuffle_answers,
        subscribers_only=poll.subscribers_only,
        countries_iso2=poll.countries_iso2,
    )
    made = tl.InputMediaPoll(copied, attached_media=_attached(media.attached_media, wording))
    if right:
        # Places in the list of answers, counted from 0 (core.telegram.org/constructor/inputMediaPoll).
        made.correct_answers = right
        made.solution_media = _attached(results.solution_media, wording)
        if results.solution:
            made.solution, made.solution_entities, _ = wording.of(results.solution, results.solution_entities)
    return made


def _attached(media: Any, wording: Wording) -> Any:
    return None if media is None else by_reference(media, wording)
