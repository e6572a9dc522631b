"""An order that the command line hands to the running service: only the service may use the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from domain.errors import FerryError
from domain.preview import Preview
from domain.typed import Typed


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error on its way to another process: the name of its class, and its values."""

    kind: str
    values: dict[str, str]

    @classmethod
    def of(cls, error: FerryError) -> Self:
        return cls(type(error).__name__, error.values)

    def as_error(self) -> FerryError:
        """The error again, as a sentence: what else its class knew is gone."""
        kind = next((error for error in _all(FerryError) if error.__name__ == self.kind), FerryError)
        error: FerryError = kind.__new__(kind)
        FerryError.__init__(error, **self.values)
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Answered, it has a job's number, or the preview if that is all that was asked for, or a refusal."""

    id: int
    typed: Typed
    is_preview: bool = False
    job_id: int | None = None
    preview: Preview | None = None
    refusal: Refusal | None = None


def _all(root: type[FerryError]) -> Iterator[type[FerryError]]:
    for error in root.__subclasses__():
        yield error
        yield from _all(error)
