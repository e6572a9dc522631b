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

#: One a second; a little more, because what counts is when Telegram gets it.
GAP = 1.05
#: Answers that may go at once into a quiet chat. How many Telegram bears stands nowhere.
BURST = 3
GROUP_COUNT, GROUP_SECONDS = 20, 60.5
#: In a group cards leave this many of the twenty to answers.
LEFT_TO_ANSWERS = 5
OVERALL_COUNT, OVERALL_SECONDS = 28, 1.05
#: Quiet chats are forgotten when there are more of them than this.
REMEMBERED = 1000


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

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
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
        return max(delay, GAP) if lane.answering.locked() else delay

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
            lane = self._lanes[chat_id] = _lane_for(chat_id)
        return lane


def _lane_for(chat_id: int) -> Lane:
    """Groups and channels have negative ids."""
    short = Window(BURST, BURST * GAP)
    if chat_id > 0:
        return Lane(all=[short], pace=Window(1, GAP), cards=[])
    minute = Window(GROUP_COUNT, GROUP_SECONDS)
    cards = [Window(GROUP_COUNT - LEFT_TO_ANSWERS, GROUP_SECONDS)]
    return Lane(all=[short, minute], pace=Window(1, GAP), cards=cards)
