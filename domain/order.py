"""An order that the command line hands to the running service: only the service may use the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain import errors
from domain.errors import FerryError


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
        kind = getattr(errors, self.kind, FerryError)
        error: FerryError = kind.__new__(kind)
        FerryError.__init__(error, **self.values)
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`source` and `target` as they were typed. Answered, it has a job's number or a refusal."""

    id: int
    source: str
    target: str
    account_id: int | None
    again: bool
    job_id: int | None = None
    refusal: Refusal | None = None
