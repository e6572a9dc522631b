"""The numbers by which Telegram knows a sent message again: everything rests on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.step import random_id

KEYS = st.binary(min_size=32, max_size=32)
MARKED = st.integers(min_value=-(2**63), max_value=2**63 - 1)
MESSAGES = st.integers(min_value=1, max_value=2**31 - 1)
WHERE = st.tuples(KEYS, MARKED, MARKED, MESSAGES, st.integers(min_value=0, max_value=100))


def number_of(where: tuple[bytes, int, int, int, int]) -> int:
    key, target, source, message_id, part = where
    return random_id(key=key, target=target, source=source, message_id=message_id, part=part)


@given(WHERE)
def test_it_is_a_signed_64_bit_number_other_than_zero_and_always_the_same(
    where: tuple[bytes, int, int, int, int],
) -> None:
    number = number_of(where)
    assert -(2**63) <= number < 2**63
    assert number != 0
    assert number == number_of(where)


@given(WHERE, WHERE)
def test_anything_else_gets_another_number(
    one: tuple[bytes, int, int, int, int], other: tuple[bytes, int, int, int, int]
) -> None:
    assert (number_of(one) == number_of(other)) is (one == other)


def test_each_part_of_the_place_counts() -> None:
    base = {"key": b"k" * 32, "target": -100, "source": -200, "message_id": 7, "part": 0}
    changed = {"key": b"j" * 32, "target": -101, "source": -201, "message_id": 8, "part": 1}
    numbers = {random_id(**base | {name: value}) for name, value in changed.items()}  # type: ignore[arg-type]
    numbers.add(random_id(**base))  # type: ignore[arg-type]
    assert len(numbers) == 6


@pytest.mark.parametrize(
    ("message_id", "wanted"),
    [(1, 7168914242097682230), (2, -5185771536150340381), (20_000, -6851160079967662150)],
)
def test_the_formula_never_changes(message_id: int, wanted: int) -> None:
    """Steps journalled by an older Ferry are settled with these numbers."""
    number = random_id(key=bytes(range(32)), target=-1001, source=-1002, message_id=message_id)
    assert number == wanted
