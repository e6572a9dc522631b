"""Findings that need no call: what was sent again is noted, what stays as it is gets its place in the map."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from domain.finding import Finding, FindingKind, FindingState
from engine.checking.errands import treated
from engine.checking.lookup import messages_of
from engine.checking.subject import Subject
from engine.done import Done
from engine.telegram.account import TelegramAccount
from storage.findings import FindingStore
from storage.progress import ProgressStore

NOT_SENT = "It could not be sent again."
GONE = "It is gone by now; verify again."


async def keep(
    subject: Subject,
    account: TelegramAccount,
    store: ProgressStore,
    findings: FindingStore,
    found: Sequence[Finding],
) -> Done:
    """`Done.mapped` are copies that stand out of order from now on, on purpose.

    A missing one is mended when its row leads to a message that stands, or when its `detail` is the number of
    one that was found to be its copy; what a repair has skipped instead is kept so.
    """
    sources = [finding.source_id for finding in found]
    rows = await store.map.targets(subject.job.id, sources)
    skipped = await findings.checks.skipped(subject.job.id, sources)
    asked = {*rows.values(), *(finding.target_id for finding in found), *map(_place_of, found)}
    there = await messages_of(account, subject.job.target, asked)
    mapped: dict[int, int] = {}
    results: list[Finding] = []
    for finding in found:
        number, place = finding.source_id, _place_of(finding)
        if finding.kind is FindingKind.DELETED:
            results.append(treated(finding, FindingState.KEPT))
        elif finding.kind is FindingKind.MOVED:
            if finding.target_id in there:
                mapped[number] = finding.target_id
                results.append(treated(finding, FindingState.KEPT))
            else:
                results.append(treated(finding, FindingState.FAILED, GONE))
        elif place in there:
            mapped[number] = place
            results.append(treated(finding, FindingState.MENDED))
        else:
            results.append(_missing(finding, rows.get(number), there, skipped))
    return Done(mapped=mapped, findings=tuple(results))


def _missing(finding: Finding, row: int | None, there: dict[int, Any], skipped: Collection[int]) -> Finding:
    if row in there:
        return treated(finding, FindingState.MENDED)
    if finding.source_id in skipped:
        return treated(finding, FindingState.KEPT)
    return treated(finding, FindingState.FAILED, NOT_SENT)


def _place_of(finding: Finding) -> int:
    """Where a missing one was found standing after all, or 0."""
    is_told = finding.kind is FindingKind.MISSING and finding.detail.isdigit()
    return int(finding.detail) if is_told else 0
