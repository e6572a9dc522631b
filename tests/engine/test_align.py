"""Alignment finds exactly what arrived, however equal the messages and whoever posts in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import TargetMessage
from domain.step import StepItem
from engine.align import align, share


def items_of(prints: list[str]) -> list[StepItem]:
    return [StepItem(number, number, text) for number, text in enumerate(prints, 1)]


def messages_of(prints: list[str], *, ours: bool = False, start: int = 1000) -> list[TargetMessage]:
    return [TargetMessage(number, text, ours) for number, text in enumerate(prints, start)]


few = st.lists(st.sampled_from(["ok", "+1", "photo:1", "photo:2"]), max_size=12)


@given(few)
def test_a_whole_batch_is_found_in_order(prints: list[str]) -> None:
    found = align(items_of(prints), messages_of(prints))
    assert found == {number: 999 + number for number in range(1, len(prints) + 1)}


@given(few, st.data())
def test_a_beginning_is_found_and_nothing_else(prints: list[str], data: st.DataObject) -> None:
    """What one call sent it sent whole or, when cut off, from the front."""
    arrived = data.draw(st.integers(0, len(prints)))
    assert len(align(items_of(prints), messages_of(prints[:arrived]))) == arrived


@given(few, st.lists(st.tuples(st.integers(0, 12), st.just("somebody's")), max_size=5))
def test_other_people_in_between_do_not_disturb(prints: list[str], others: list[tuple[int, str]]) -> None:
    there = list(prints)
    for place, text in others:
        there.insert(min(place, len(there)), text)
    found = align(items_of(prints), messages_of(there))
    assert len(found) == len(prints)
    assert list(found.values()) == sorted(found.values())


@given(few, few)
def test_what_is_found_is_equal_and_used_once(prints: list[str], there: list[str]) -> None:
    messages = messages_of(there)
    found = align(items_of(prints), messages)
    text_of = {message.id: message.fingerprint for message in messages}
    assert all(text_of[target] == prints[source - 1] for source, target in found.items())
    assert len(set(found.values())) == len(found)
    assert list(found.values()) == [found[source] for source in sorted(found)]
    assert len(found) == longest_common_subsequence(prints, there)


def longest_common_subsequence(left: list[str], right: list[str]) -> int:
    row = [0] * (len(right) + 1)
    for a in left:
        before = 0
        for n, b in enumerate(right, 1):
            before, row[n] = row[n], before + 1 if a == b else max(row[n], row[n - 1])
    return row[-1]


def test_our_own_messages_are_preferred() -> None:
    theirs, ours = messages_of(["ok"]), messages_of(["ok"], ours=True, start=2000)
    assert align(items_of(["ok"]), [*theirs, *ours]) == {1: 2000}


def test_an_equal_text_inside_another_jobs_batch_is_that_batchs() -> None:
    theirs = ["one", "ok", "two"]
    assert share(items_of(["ok"]), [items_of(theirs)], messages_of(theirs)) == {}


def test_when_there_is_enough_for_both_each_gets_its_own() -> None:
    found = share(items_of(["ok"]), [items_of(["one", "ok", "two"])], messages_of(["ok", "one", "ok", "two"]))
    assert found == {1: 1000}
    assert len(share(items_of(["ok"]), [items_of(["ok"])], messages_of(["ok", "ok"]))) == 1


def test_a_batch_that_is_whole_keeps_what_another_step_could_use() -> None:
    ours = ["one", "ok", "two"]
    found = share(items_of(ours), [items_of(["ok"])], messages_of(ours))
    assert found == {1: 1000, 2: 1001, 3: 1002}


def test_what_two_steps_explain_equally_well_is_not_guessed() -> None:
    with pytest.raises(ValueError):
        share(items_of(["ok"]), [items_of(["ok"])], messages_of(["ok"]))


@given(few, st.lists(few, max_size=3), few)
def test_sharing_never_finds_more_than_being_alone(
    prints: list[str], rivals: list[list[str]], there: list[str]
) -> None:
    found = messages_of(there)
    try:
        ours = share(items_of(prints), [items_of(rival) for rival in rivals], found)
    except ValueError:
        return
    assert len(ours) <= len(align(items_of(prints), found))
    text_of = {message.id: message.fingerprint for message in found}
    assert all(text_of[target] == prints[source - 1] for source, target in ours.items())
