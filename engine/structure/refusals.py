"""What Telegram refused to change, as findings: one for each place, however many things it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.finding import Finding, FindingKind
from domain.step import Step, StepKind

#: How a finding calls what a step changes, where the step itself says no better word.
_WORDS = {
    StepKind.PIN: "pin",
    StepKind.TOPIC_ORDER: "pinned topics",
    StepKind.TITLE: "title",
    StepKind.ABOUT: "about",
    StepKind.PHOTO: "photo",
}
#: The same of all steps of a kind, once the right to any of them is missing.
_ALL = {StepKind.PIN: "pins", StepKind.TOPIC_STATE: "topics"}


def word_of(step: Step) -> str:
    return _WORDS.get(step.kind, step.detail)


def word_of_all(step: Step) -> str:
    return _ALL.get(step.kind, word_of(step))


def reasons(details: Iterable[str]) -> dict[str, str]:
    """word → why, as Refusals tell it: "pin: why; links: why"."""
    clauses = (part.partition(":") for detail in details for part in detail.split(";"))
    return {word.strip(): why.strip() for word, _, why in clauses}


class Refusals:
    """Of one run of a job: what is refused again in the next one is told again."""

    def __init__(self) -> None:
        self._told: defaultdict[tuple[int, int], dict[str, str]] = defaultdict(dict)

    def add(self, what: str, reason: str, *, source_id: int = 0, target_id: int = 0) -> Finding:
        """`what` is a word for the change; 0 and 0 stand for the chats themselves."""
        told = self._told[source_id, target_id]
        told[what] = reason
        detail = "; ".join(f"{word}: {why}" for word, why in told.items())
        return Finding(FindingKind.NOT_APPLIED, source_id, target_id, detail)
