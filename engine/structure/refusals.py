"""What Telegram refused to change, as findings: one for each place, however many things it is about."""

from __future__ import annotations

from collections import defaultdict

from domain.finding import Finding, FindingKind


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
