"""What jobs found or could not do, in words, and with links to both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job
from engine.listing import link, spoken
from storage.findings import FindingStore

Counts = Counter[tuple[FindingKind, FindingState]]

FOUND = {
    FindingKind.MISSING: "missing",
    FindingKind.DOUBLED: "doubled",
    FindingKind.DIFFERENT: "different",
    FindingKind.EDITED: "edited at the source since",
    FindingKind.DELETED: "deleted at the source since",
    FindingKind.MOVED: "out of order",
    FindingKind.SETTING: "not set as in the source",
    FindingKind.FOREIGN: "nobody's copy",
    FindingKind.NOT_APPLIED: "not applied",
}
STATES = {
    FindingState.OPEN: "open",
    FindingState.MENDED: "mended",
    FindingState.KEPT: "left as it is",
    FindingState.FAILED: "could not be mended",
}


def where(job: Job, finding: Finding) -> str:
    """Both sides of it, by links or else by numbers; without any it is about the chat."""
    sides = [
        link(chat, number) or f"message {spoken(number)}"
        for chat, number in ((job.source, finding.source_id), (job.target, finding.target_id))
        if number
    ]
    return " → ".join(sides) or "the chat itself"


async def every_finding(store: FindingStore, job_id: int) -> AsyncIterator[Finding]:
    after = None
    while page := await store.page(job_id, after=after):
        for finding in page:
            yield finding
        after = page[-1]


def of_state(counts: Counts, *states: FindingState) -> Counter[FindingKind]:
    """How many of each kind are in one of these states."""
    found: Counter[FindingKind] = Counter()
    for (kind, state), count in counts.items():
        if state in states:
            found[kind] += count
    return found
