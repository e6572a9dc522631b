"""Typed orders as JSON: what was not said is left out."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from domain.job import JobKind, Priority
from domain.typed import Typed
from domain.wishes import NewChatKind

_EMPTY = Typed()
_READ = {
    "kind": JobKind,
    "priority": Priority,
    "after": tuple,
    "new_kind": NewChatKind,
}


def typed_value(typed: Typed) -> dict[str, Any]:
    values = {field.name: getattr(typed, field.name) for field in fields(typed)}
    return {name: value for name, value in values.items() if value != getattr(_EMPTY, name)}


def typed_from(told: dict[str, Any]) -> Typed:
    return Typed(**{name: _READ.get(name, _as_it_is)(value) for name, value in told.items()})


def _as_it_is(value: Any) -> Any:
    return value
