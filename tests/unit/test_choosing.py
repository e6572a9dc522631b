"""What people type about which messages they want, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.choosing import CHOOSABLE, MOST_IDS, choice_of, words_of
from domain.errors import FerryError
from domain.kind import Kind
from domain.refusals import (
    ChoicesClash,
    NoSuchKind,
    NotAMessage,
    NotAMoment,
    NotIds,
    TitleTooLong,
    TooManyIds,
    UpsideDown,
)
from domain.typed import Typed

IDS = st.sets(st.integers(min_value=1, max_value=2**31 - 1), min_size=1, max_size=50)


@given(IDS, st.sampled_from([",", ", ", " , ", ",,"]))
def test_a_list_of_ids_comes_out_sorted(ids: set[int], comma: str) -> None:
    assert choice_of(Typed(ids=comma.join(map(str, ids)))).ids == tuple(sorted(ids))


@given(st.integers(min_value=1, max_value=2**31 - MOST_IDS), st.integers(min_value=0, max_value=MOST_IDS - 1))
def test_a_span_of_ids_has_both_ends(first: int, more: int) -> None:
    assert choice_of(Typed(ids=f"{first}-{first + more}")).ids == tuple(range(first, first + more + 1))


def test_a_list_of_ids_has_bounds() -> None:
    with pytest.raises(TooManyIds, match="10,000"):
        choice_of(Typed(ids=f"1-{MOST_IDS + 1}"))
    with pytest.raises(TooManyIds):
        choice_of(Typed(ids="1-9999999999"))
    with pytest.raises(UpsideDown):
        choice_of(Typed(ids="12-7"))


@pytest.mark.parametrize(
    "typed", ["x", "5,x", "5;6", "-5", "5-", "5--6", "0", ",", "1-2-3", "5.", "٥", "4294967296"]
)
def test_what_is_no_list_of_ids(typed: str) -> None:
    with pytest.raises(NotIds):
        choice_of(Typed(ids=typed))


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_every_kind_can_be_chosen_by_its_word(kind: Kind) -> None:
    assert choice_of(Typed(kinds=kind.value.upper())).kinds == {kind}


@pytest.mark.parametrize("typed", ["photos", "images", "service", "photo;video"])
def test_what_is_no_kind_is_told_all_there_are(typed: str) -> None:
    with pytest.raises(NoSuchKind) as raised:
        choice_of(Typed(kinds=f"text, {typed}"))
    assert all(kind.value in str(raised.value) for kind in CHOOSABLE)


def test_kinds_are_separated_by_commas_or_spaces() -> None:
    assert choice_of(Typed(kinds=" photo,video  gif,")).kinds == {Kind.PHOTO, Kind.VIDEO, Kind.GIF}


def test_a_date_is_a_whole_day_in_utc() -> None:
    choice = choice_of(Typed(since="2026-01-31", until="2026-01-31"))
    assert choice.since == datetime(2026, 1, 31, tzinfo=UTC)
    assert choice.until == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-01-31T18:30+08:00", "2026-01-31 18:30:00+08:00"])
def test_a_moment_keeps_its_time_zone(typed: str) -> None:
    for moment in (choice_of(Typed(since=typed)).since, choice_of(Typed(until=typed)).until):
        assert moment == datetime(2026, 1, 31, 10, 30, tzinfo=UTC)
        assert moment is not None and moment.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "typed", ["yesterday", "31.01.2026", "2026-02-30", "2026", "12:00", "9999-12-31T", "2026-W05"]
)
def test_what_is_no_date(typed: str) -> None:
    with pytest.raises(NotAMoment):
        choice_of(Typed(since=typed))


def test_the_last_day_of_all_has_no_end() -> None:
    choice = choice_of(Typed(since="2026-01-31", until="9999-12-31"))
    assert choice.until is not None and choice.until.year == 9999


@pytest.mark.parametrize("typed", ["https://t.me/news/5", "t.me/c/123/5", "tg://resolve?domain=news&post=5"])
def test_a_link_to_a_message_is_followed_later(typed: str) -> None:
    assert choice_of(Typed(start=typed, end=f" {typed} ", topic=typed)).end == typed


@pytest.mark.parametrize(
    "typed", ["here", "@news", "0", "-5", "https://example.org/5", "12345678901", str(2**31)]
)
def test_what_names_no_message(typed: str) -> None:
    with pytest.raises(NotAMessage):
        choice_of(Typed(start=typed))


@pytest.mark.parametrize(
    "typed",
    [
        Typed(ids="5", start="3"),
        Typed(ids="5", last=3),
        Typed(last=3, until="2026-01-31"),
        Typed(last=3, start="4"),
        Typed(start="4", since="2026-01-31"),
        Typed(end="4", until="2026-01-31"),
    ],
)
def test_two_answers_to_one_question(typed: Typed) -> None:
    with pytest.raises(ChoicesClash):
        choice_of(typed)


@pytest.mark.parametrize(
    "typed",
    [
        Typed(start="5", end="4"),
        Typed(since="2026-02-01", until="2026-01-31"),
        Typed(since="2026-01-31T12:00", until="2026-01-31T12:00"),
    ],
)
def test_a_range_that_is_upside_down(typed: Typed) -> None:
    with pytest.raises(UpsideDown):
        choice_of(typed)


def test_a_title_that_telegram_would_not_take() -> None:
    choice_of(Typed(new_title=f" {'x' * 128} "))
    with pytest.raises(TitleTooLong, match="128"):
        choice_of(Typed(new_title="x" * 129))


def test_what_was_asked_reads_the_same_however_it_was_spaced() -> None:
    assert words_of(Typed(ids="5, 7 -12", kinds="photo,  gif")) == "ids=5,7-12 kinds=photo,gif"
    assert words_of(Typed(kinds="photo Video")) == "kinds=photo,video"
    assert words_of(Typed(since="2026-01-31 18:30")) == "since=2026-01-31T18:30"
    assert words_of(Typed(last=3)) == "last=3"
    assert words_of(Typed(source="@news", topic="4")) == ""


@given(st.text(max_size=60), st.sampled_from(["start", "end", "since", "until", "ids", "kinds", "topic"]))
def test_whatever_is_typed_is_read_or_refused_with_a_sentence(text: str, field: str) -> None:
    try:
        choice_of(Typed(**{field: text}))
    except FerryError as error:
        assert str(error)
