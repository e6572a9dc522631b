"""What a step of a repair is to do, in words that fit into a step: a verb and findings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.finding import Finding, FindingKind, FindingState
from domain.step import Step, StepKind


class Verb(StrEnum):
    EDIT = "edit"  #: make one copy like its source
    KEEP = "keep"  #: only write down how it stands
    DELETE = "delete"  #: take doubles away
    LOOK = "look"  #: whether pins, topics and profile are right by now


_KINDS = {
    Verb.EDIT: StepKind.EDIT,
    Verb.KEEP: StepKind.EDIT,
    Verb.DELETE: StepKind.DELETE,
    Verb.LOOK: StepKind.EDIT,
}
_BEGIN = "errand"


@dataclass(frozen=True, slots=True)
class Errand:
    verb: Verb
    findings: tuple[Finding, ...]

    def as_step(self, number: int = 0) -> Step:
        told = [f"{f.kind}:{f.source_id}:{f.target_id}:{f.detail.replace(' ', '+')}" for f in self.findings]
        return Step(number, _KINDS[self.verb], (), 0, detail=" ".join([_BEGIN, self.verb, *told]))


def is_errand(step: Step) -> bool:
    return step.detail.startswith(_BEGIN + " ")


def errand_of(step: Step) -> Errand:
    """Raises ValueError for a step that is none."""
    if not is_errand(step):
        raise ValueError(f"“{step.detail}” is no errand")
    _, verb, *told = step.detail.split(" ")
    return Errand(Verb(verb), tuple(_finding(words) for words in told))


def _finding(told: str) -> Finding:
    kind, source_id, target_id, detail = told.split(":", 3)
    return Finding(FindingKind(kind), int(source_id), int(target_id), detail.replace("+", " "))


def treated(found: Finding, state: FindingState, detail: str = "") -> Finding:
    """The finding with what became of it."""
    return Finding(found.kind, found.source_id, found.target_id, detail or found.detail, state)


def all_treated(found: Sequence[Finding], state: FindingState, detail: str = "") -> tuple[Finding, ...]:
    return tuple(treated(finding, state, detail) for finding in found)
