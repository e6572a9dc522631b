"""Telegram's limits hold in every window, whatever is asked for."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.traffic import OVERALL_COUNT, OVERALL_SECONDS, REMEMBERED, Pace, Traffic, Window

PACE = Pace()
CLOSE = 1e-6  # seconds; sums of floats
GROUP, PERSON = -100, 100
requests = st.lists(
    st.tuples(st.floats(0, 3), st.booleans(), st.sampled_from([GROUP, PERSON, *range(1, 40)])),
    max_size=120,
)


def worst(times: list[float], seconds: float) -> int:
    """The most that stand in any half-open window of that length."""
    return max((sum(at <= t < at + seconds - CLOSE for t in times) for at in times), default=0)


def sent(asked: list[tuple[float, bool, int]]) -> list[tuple[float, bool, int]]:
    """Each request waits, as the bot does, until it may go: (when, is it a card, chat)."""
    now, done = 0.0, []
    traffic = Traffic(pace=PACE, clock=lambda: now)
    for pause, is_card, chat in asked:
        now += pause
        delay = traffic.card_delay(chat) if is_card else traffic.answer_delay(chat)
        now += max(0.0, delay)
        (traffic.take_for_card if is_card else traffic.take_for_answer)(chat)
        done.append((now, is_card, chat))
    return done


@given(st.lists(st.floats(0, 2), max_size=80), st.integers(1, 5), st.floats(0.1, 9))
def test_a_window_never_holds_more(pauses: list[float], count: int, seconds: float) -> None:
    window, now, times = Window(count, seconds), 0.0, list[float]()
    for pause in pauses:
        now = max(now + pause, window.free_at())
        window.take(now)
        times.append(now)
    assert worst(times, seconds) <= count


@given(requests)
def test_no_limit_is_ever_broken(asked: list[tuple[float, bool, int]]) -> None:
    done = sent(asked)
    group = [at for at, _, chat in done if chat == GROUP]
    assert worst([at for at, *_ in done], OVERALL_SECONDS) <= OVERALL_COUNT
    assert worst(group, PACE.group_seconds) <= PACE.group_count
    cards = [at for at, is_card, chat in done if chat == GROUP and is_card]
    assert worst(cards, PACE.group_seconds) <= PACE.group_count - PACE.left_to_answers
    for chat in (GROUP, PERSON):
        here = [(at, is_card) for at, is_card, where in done if where == chat]
        assert worst([at for at, _ in here], PACE.burst * PACE.gap) <= PACE.burst
        for (before, _), (at, is_card) in pairwise(here):
            assert not is_card or at - before >= PACE.gap - CLOSE


def test_a_quiet_chat_answers_at_once() -> None:
    assert [at for at, *_ in sent([(0, False, PERSON)] * PACE.burst)] == [0] * PACE.burst


def test_a_hold_stops_everything_in_that_chat_only() -> None:
    now = 0.0
    traffic = Traffic(pace=PACE, clock=lambda: now)
    traffic.hold(PERSON, 7)
    assert traffic.answer_delay(PERSON) == traffic.card_delay(PERSON) == 7
    assert traffic.card_delay(GROUP) <= 0


def test_quiet_chats_are_forgotten() -> None:
    now = 0.0
    traffic = Traffic(pace=PACE, clock=lambda: now)
    for chat in range(1, 3 * REMEMBERED):
        now += 1
        traffic.take_for_card(chat)
    assert len(traffic._lanes) <= REMEMBERED + 1


async def test_answers_wait_in_line() -> None:
    traffic, order = Traffic(pace=Pace(gap=0.02)), list[int]()

    async def answer(number: int) -> None:
        await traffic.turn(PERSON)
        order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(answer(number))
    assert order == [0, 1, 2, 3, 4]


async def test_cards_stay_behind_an_answer_that_waits() -> None:
    now = 0.0
    traffic = Traffic(pace=Pace(gap=0.02), clock=lambda: now)
    for _ in range(3):
        traffic.take_for_answer(PERSON)
    waiting = asyncio.create_task(traffic.turn(PERSON))
    await asyncio.sleep(0)
    now = 100.0
    assert traffic.answer_delay(PERSON) < 0 < traffic.card_delay(PERSON)
    await waiting
