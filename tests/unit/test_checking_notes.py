"""What checks write into numbers and into steps can be read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.finding import Finding, FindingKind
from domain.message import OLD_GROUP
from domain.step import Step, StepKind
from engine.checking.errands import Errand, Verb, errand_of, is_errand
from engine.checking.notes import Note

ids = st.integers(OLD_GROUP, 2**31)


@given(ids, st.booleans(), st.booleans())
def test_notes_are_read_as_they_were_written(like: int, beside: bool, taken: bool) -> None:
    note = Note(like, beside=beside and not taken, taken=taken)
    assert Note.read(note.number) == note
    assert Note.read(Note(often=True).number) == Note(often=True)


def test_a_double_is_like_one_message_or_says_something_rare() -> None:
    assert Note().seen_like(5, often_said=True).is_double
    assert not Note().seen_like(5, often_said=True).seen_like(6, often_said=True).is_double
    assert Note().seen_like(5, often_said=False).seen_like(6, often_said=False).like == 5
    beside = Note(beside=True).seen_like(5, often_said=True).seen_like(6, often_said=True)
    assert beside.is_double


def test_the_copy_of_a_missing_one_is_no_double() -> None:
    taken = Note(5, taken=True)
    assert taken.seen_like(6, often_said=False) == taken
    assert not taken.is_double
    assert taken.free_for(5) and not taken.free_for(6)


@given(
    st.sampled_from(Verb),
    st.lists(
        st.builds(
            Finding,
            st.sampled_from(FindingKind),
            ids,
            ids,
            st.sampled_from(["", "text", "reply grouping", "105"]),
        ),
        max_size=100,
    ),
)
def test_errands_are_read_as_they_were_written(verb: Verb, findings: list[Finding]) -> None:
    step = Errand(verb, tuple(findings)).as_step()
    assert is_errand(step) and not step.kind.sends
    assert errand_of(step) == Errand(verb, tuple(findings))


def test_other_steps_are_no_errands() -> None:
    step = Step(1, StepKind.EDIT, (), 0, subject=7)
    assert not is_errand(step)
    with pytest.raises(ValueError, match="errand"):
        errand_of(step)
