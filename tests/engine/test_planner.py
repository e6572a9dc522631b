"""The planner loses nothing, doubles nothing, cuts no album: for any history and any way of feeding it."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.message import SkipReason, SourceMessage
from domain.step import Step, StepKind
from engine.planner import BATCH, Planner
from engine.units import halve, one_each, units_of


@st.composite
def histories(draw: st.DrawFn) -> list[SourceMessage]:
    """Albums of up to 10, service messages, holes in the numbering."""
    messages: list[SourceMessage] = []
    number = 0
    for group, size in enumerate(draw(st.lists(st.integers(0, 10), max_size=60))):
        for _ in range(max(size, 1)):
            number += draw(st.sampled_from([1, 1, 1, 5]))
            if size == 0:
                messages.append(SourceMessage(number, "service", None, SkipReason.SERVICE))
            else:
                messages.append(SourceMessage(number, f"m{number}", group if size > 1 else None))
    return messages


def steps_of(history: list[SourceMessage], page: int, batch: int = BATCH) -> list[Step]:
    planner = Planner(name_of=lambda number: number * 7, batch=batch)
    steps: list[Step] = []
    position = 0
    while True:
        while planner.wants_more:
            planner.feed(history[position : position + page])
            position += page
            if position >= len(history):
                planner.end()
        step = planner.next()
        if step is None:
            return steps
        steps.append(step)


@given(histories(), st.integers(1, 100), st.sampled_from([1, 7, 100]))
def test_every_message_is_in_one_step_in_order(history: list[SourceMessage], page: int, batch: int) -> None:
    steps = steps_of(history, page, batch)
    content = [message.id for message in history if message.skip is None]
    skipped = [message.id for message in history if message.skip is not None]
    assert [item.source_id for step in steps for item in step.items] == content
    assert [skip.source_id for step in steps for skip in step.skips] == skipped
    cursors = [step.through_id for step in steps]
    assert cursors == sorted(set(cursors))
    if history:
        assert cursors[-1] == history[-1].id


@given(histories(), st.integers(1, 100))
def test_a_step_is_small_enough_and_cuts_no_album(history: list[SourceMessage], page: int) -> None:
    home: dict[int, int] = {}
    for number, step in enumerate(steps_of(history, page)):
        assert len(step.items) <= BATCH
        for item in step.items:
            if item.grouped_id is not None:
                assert home.setdefault(item.grouped_id, number) == number


@given(histories(), st.integers(1, 100))
def test_batches_are_as_full_as_albums_allow(history: list[SourceMessage], page: int) -> None:
    steps = [step for step in steps_of(history, page) if step.items]
    for step, following in itertools.pairwise(steps):
        first = units_of(following.items)[0]
        full = len(step.items) + len(first) > BATCH
        assert full or len(step.skips) >= BATCH


@given(histories(), st.booleans())
def test_parts_of_a_step_are_the_step(history: list[SourceMessage], late: bool) -> None:
    for whole in steps_of(history, 100):
        step = replace(whole, late=late)
        for parts in (halve(step), one_each(step) or None):
            if parts is None:
                continue
            assert tuple(item for part in parts for item in part.items) == step.items
            assert parts[-1].through_id == step.through_id
            if not late:
                assert tuple(skip for part in parts for skip in part.skips) == step.skips
                assert all(part.items[-1].source_id <= part.through_id for part in parts)


def test_an_album_alone_is_not_halved() -> None:
    (step,) = steps_of([SourceMessage(n, f"p{n}", 5) for n in range(1, 11)], 100)
    assert halve(step) is None


def test_what_is_given_back_comes_out_first() -> None:
    planner = Planner(name_of=lambda number: number)
    first, second = (Step(0, StepKind.FORWARD, (), number) for number in (1, 2))
    planner.give_back(second)
    planner.give_back(first)
    assert not planner.wants_more
    assert [planner.next(), planner.next(), planner.next()] == [first, second, None]
