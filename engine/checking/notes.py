"""What a verify notes of a message of the target that is nobody's copy: numbers, for the database.

Pure. Source ids lie between -2**41 and 2**41.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

_RANGE = 2**41
_BESIDE, _TAKEN, _OFTEN = 2**44, 2 * 2**44, 3 * 2**44


@dataclass(frozen=True, slots=True)
class Note:
    """`like` is the source message that it is like (0: none so far). `beside`: it stands directly beside an
    equal one. `taken`: it is the copy of `like`, whose own is missing. `often`: it is like several, and is
    nothing that people say just once.
    """

    like: int = 0
    beside: bool = False
    taken: bool = False
    often: bool = False

    @classmethod
    def read(cls, number: int) -> Self:
        if number == _OFTEN:
            return cls(often=True)
        if abs(number - _TAKEN) < _RANGE:
            return cls(number - _TAKEN, taken=True)
        if abs(number - _BESIDE) < _RANGE:
            return cls(number - _BESIDE, beside=True)
        return cls(number)

    @property
    def number(self) -> int:
        if self.often:
            return _OFTEN
        return self.like + (_TAKEN if self.taken else _BESIDE if self.beside else 0)

    @property
    def is_double(self) -> bool:
        return bool(self.like) and not self.taken

    def free_for(self, source_id: int) -> bool:
        """Whether it may be the copy of a message whose own is missing."""
        return not self.taken or self.like == source_id

    def seen_like(self, source_id: int, *, often_said: bool) -> Note:
        """Having met a source message like it that has its copy elsewhere."""
        if self.taken or self.often or self.like == source_id:
            return self
        if self.like:
            return Note(often=True) if often_said and not self.beside else self
        return Note(source_id, beside=self.beside)
