"""What came of one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.finding import Finding
from domain.message import Skip
from domain.peer import Chat
from domain.step import Step, StepItem


@dataclass(frozen=True, slots=True)
class Done:
    """Copies (source id → target id), skips, and what must be sent once more.

    `mapped` are rows of the map that are no messages: topics. `paid` are copies whose links are right by now,
    `target` is a chat that was made.
    """

    copied: Mapping[int, int] = field(default_factory=dict)
    skips: tuple[Skip, ...] = ()
    rest: tuple[StepItem, ...] = ()
    mapped: Mapping[int, int] = field(default_factory=dict)
    paid: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    target: Chat | None = None


@dataclass(frozen=True, slots=True)
class Divided:
    """The step was refused as a whole, nothing of it was sent; these parts take its place."""

    parts: Sequence[Step]
    slow_mode: bool = False
