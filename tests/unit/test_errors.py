"""Every error is a sentence a person can act on."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest

from domain import errors
from domain.errors import FerryError, MustWait

#: Those that nobody is asked to do anything about: Ferry deals with them by itself.
WITHOUT_HINT = {
    "FerryError",
    "TelegramError",
    "MustWait",
    "OutcomeUnknown",
    "MessageRefused",
    "OneAtATime",
    "LostLease",
}


def family(root: type[FerryError]) -> Iterator[type[FerryError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


ALL = [kind for kind in family(FerryError) if kind.__module__ == errors.__name__]


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_its_patterns_are_whole_sentences(kind: type[FerryError]) -> None:
    for sentence in (kind.text, kind.hint):
        assert "\n" not in sentence
        assert "" not in fields(sentence), "fields have names, so that translations may reorder them"
    assert kind.text.endswith(".")
    assert kind.hint or kind.__name__ in WITHOUT_HINT, f"{kind.__name__} does not say what to do"


@pytest.mark.parametrize(
    "kind", [kind for kind in ALL if kind is not MustWait], ids=lambda kind: kind.__name__
)
def test_the_sentence_and_the_failure_say_the_same(kind: type[FerryError]) -> None:
    values = {name: f"<{name}>" for name in fields(kind.text + kind.hint)}
    error = kind(**values)
    assert str(error) == str(error.as_failure())
    assert all(value in str(error) for value in values.values())
    assert error.as_failure().values == values


def test_a_wait_keeps_its_seconds_as_a_number() -> None:
    error = MustWait(seconds=41.6)
    assert error.seconds == 41.6
    assert "42 s" in str(error)


def test_braces_in_a_title_do_no_harm() -> None:
    assert "“{0} {x}”" in str(errors.SameChat(title="{0} {x}"))
