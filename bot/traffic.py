"""Telegram's limits on what a bot sends: they hold for a chat, however many jobs report there.

The numbers are the Bots FAQ's (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): one
message a second in a chat, with short bursts, 20 a minute in a group, 30 a second overall. Answers may burst
and go before cards: whoever asks is waiting, while a card can be newer a moment later.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

OVERALL_COUNT, OVERALL_SECONDS = 28, 1.05
#: Quiet chats are forgotten when there are more of them than this.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds and messages. A little slower than the limits: what counts is when Telegram gets it."""

    gap: float = 1.05  #: between whatever was sent to a chat and a card
    burst: int = 3  #: answers that may go at once into a quiet chat; how many Telegram bears stands nowhere
    group_count: int = 20  #: in `group_seconds`
    group_seconds: float = 60.5
    left_to_answers: int = 5  #: of a group's messages, which cards do not use
    edit_every: float = 3.0  #: at least this between two edits of one card


class Window:
    """At most `count` in any `seconds`. Times come from the caller and never fall."""

    def __init__(self, count: int, seconds: float) -> None:
        self.seconds = seconds
        self._taken: deque[float] = deque(maxlen=count)

    def free_at(self) -> float:
        """The earliest moment at which one more is allowed."""
        full = len(self._taken) == self._taken.maxlen
        return self._taken[0] + self.seconds if full else float("-inf")

    def take(self, at: float) -> None:
        self._taken.append(at)

    def is_empty(self, now: float) -> bool:
        return not self._taken or self._taken[-1] + self.seconds <= now


@dataclass(slots=True)
class Lane:
    """One chat. Everything sent counts in `all` and `pace`; `pace` and `cards` bind only cards."""

    all: list[Window]
    pace: Window
    cards: list[Window]
    held_until: float = float("-inf")
    answering: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_idle(self, now: float) -> bool:
        quiet = all(window.is_empty(now) for window in (*self.all, self.pace, *self.cards))
        return quiet and self.held_until <= now and not self.answering.locked()


class Traffic:
    """Who may send to a chat when. `clock` gives monotonic seconds."""

    def __init__(self, *, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._lanes: dict[int, Lane] = {}
        self._overall = Window(OVERALL_COUNT, OVERALL_SECONDS)

    async def turn(self, chat_id: int) -> None:
        """Waits until an answer may go to the chat, first come first served, and counts it."""
        async with self._lane(chat_id).answering:
            while (delay := self.answer_delay(chat_id)) > 0:  # noqa: ASYNC110 - time is what is waited for
                await asyncio.sleep(delay)
            self.take_for_answer(chat_id)

    def answer_delay(self, chat_id: int) -> float:
        """Seconds until an answer may be sent there; not above 0: now."""
        lane = self._lane(chat_id)
        return self._delay(lane, lane.all)

    def card_delay(self, chat_id: int) -> float:
        """The same for a card that is edited or sent. Answers that wait go first."""
        lane = self._lane(chat_id)
        delay = self._delay(lane, [*lane.all, lane.pace, *lane.cards])
        return max(delay, self._pace.gap) if lane.answering.locked() else delay

    def take_for_answer(self, chat_id: int) -> None:
        lane = self._lane(chat_id)
        self._take([*lane.all, lane.pace])

    def take_for_card(self, chat_id: int) -> None:
        lane = self._lane(chat_id)
        self._take([*lane.all, lane.pace, *lane.cards])

    def hold(self, chat_id: int, seconds: float) -> None:
        """Nothing goes to the chat for that long: Telegram said so, or it can't be reached."""
        lane = self._lane(chat_id)
        lane.held_until = max(lane.held_until, self._clock() + seconds)

    def _delay(self, lane: Lane, windows: list[Window]) -> float:
        free_at = max(lane.held_until, self._overall.free_at(), *(window.free_at() for window in windows))
        return free_at - self._clock()

    def _take(self, windows: list[Window]) -> None:
        now = self._clock()
        for window in (self._overall, *windows):
            window.take(now)

    def _lane(self, chat_id: int) -> Lane:
        lane = self._lanes.get(chat_id)
        if lane is None:
            if len(self._lanes) > REMEMBERED:
                now = self._clock()
                self._lanes = {known: lane for known, lane in self._lanes.items() if not lane.is_idle(now)}
            lane = self._lanes[chat_id] = self._new_lane(chat_id)
        return lane

    def _new_lane(self, chat_id: int) -> Lane:
        """Groups and channels have negative ids."""
        pace = self._pace
        short, last = Window(pace.burst, pace.burst * pace.gap), Window(1, pace.gap)
        if chat_id > 0:
            return Lane(all=[short], pace=last, cards=[])
        minute = Window(pace.group_count, pace.group_seconds)
        cards = Window(pace.group_count - pace.left_to_answers, pace.group_seconds)
        return Lane(all=[short, minute], pace=last, cards=[cards])
