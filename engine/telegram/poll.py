"""Polls and quizzes once more, built by hand: Telethon's own way fails for them (telegram-facts 7)."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from engine.telegram.entities import KnownUser
from engine.telegram.input_media import by_reference
from engine.telegram.kinds import right_answers


def input_poll(
    media: Any, user: KnownUser, *, solution: tuple[str, list[Any]] | None = None, broadcast: bool = False
) -> Any:
    """The InputMediaPoll for a MessageMediaPoll, without votes. Raises CannotCopy for some attached media.

    A quiz whose answer this account can't know becomes a plain poll. `solution` is (text, entities);
    `broadcast` hides who voted, as a channel demands. A moment at which it closes is not taken over:
    it may have passed.
    """
    poll = media.poll
    right = right_answers(media) if poll.quiz else []
    copied = tl.Poll(
        0,  # the server gives it a new one
        poll.question,
        # The output's PollAnswer is refused: answers get their option bytes from the server.
        [tl.InputPollAnswer(answer.text, _attached(answer.media, user)) for answer in poll.answers],
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
    text, entities = (solution if right else None) or (None, None)
    return tl.InputMediaPoll(
        copied,
        correct_answers=right or None,
        attached_media=_attached(media.attached_media, user),
        solution=text,
        solution_entities=entities,
        solution_media=_attached(media.results.solution_media, user) if right else None,
    )


def _attached(media: Any, user: KnownUser) -> Any:
    return None if media is None else by_reference(media, user)
