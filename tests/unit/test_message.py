"""The fingerprint of a message without a media id."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.message import text_fingerprint


@given(
    st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1)),
    st.sampled_from(" \n\t\u00a0"),
)
def test_white_space_is_folded(words: list[str], space: str) -> None:
    assert text_fingerprint("text", space.join(words)) == text_fingerprint("text", f" {' '.join(words)}\n")


@given(st.text(), st.text())
def test_other_words_are_another_message(one: str, other: str) -> None:
    same = one.split() == other.split()
    assert (text_fingerprint("text", one) == text_fingerprint("text", other)) is same


def test_the_kind_counts() -> None:
    assert text_fingerprint("text", "ok") != text_fingerprint("poll", "ok")
