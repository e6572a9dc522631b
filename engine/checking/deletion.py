"""Doubles taken away: only those that, looked at once more, still are doubles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.errors import MessageRefused
from domain.finding import Finding, FindingState
from domain.peer import Chat
from engine.checking.doubt import in_doubt
from engine.checking.errands import all_treated, treated
from engine.checking.lookup import messages_of
from engine.checking.subject import Subject
from engine.done import Done
from engine.links import SourceLinks
from engine.telegram.account import TelegramAccount
from engine.telegram.convert import fingerprint
from engine.telegram.deleting import delete_messages
from engine.telegram.errors import MayNotPost
from engine.telegram.likeness import content_of, copy_content, is_by_account, is_service, same_content
from storage.findings import FindingStore
from storage.progress import ProgressStore

NO_LONGER_EQUAL = "It is no longer equal to the other one."
PERHAPS_A_COPY = "Some job may have sent it without having written it down yet; verify again later."
REFUSED = "Telegram refused to delete it: {reason}."


async def delete_doubles(
    subject: Subject,
    account: TelegramAccount,
    store: ProgressStore,
    findings: FindingStore,
    found: Sequence[Finding],
) -> Done:
    """Of copies: what the account itself has sent, is nobody's copy, and equals a copy that stands."""
    job = subject.job
    sources = [finding.source_id for finding in found]
    rows = await store.map.targets(job.id, sources)
    taken = await findings.checks.taken(job.target.peer.marked_id, [f.target_id for f in found])
    there = await messages_of(account, job.target, [*rows.values(), *(f.target_id for f in found)])
    originals = await messages_of(account, job.source, sources)
    doubtful = await in_doubt(store, job.target)
    doomed: list[Finding] = []
    results: list[Finding] = []
    for finding in found:
        double, copy = there.get(finding.target_id), there.get(rows.get(finding.source_id, 0))
        if double is None:
            results.append(treated(finding, FindingState.MENDED))
        elif not is_service(double) and fingerprint(double) in doubtful:
            results.append(treated(finding, FindingState.FAILED, PERHAPS_A_COPY))
        elif (
            copy is not None
            and finding.target_id not in taken
            and is_by_account(double)
            and _are_equal(double, copy, originals.get(finding.source_id), subject.target.links)
        ):
            doomed.append(finding)
        else:
            results.append(treated(finding, FindingState.FAILED, NO_LONGER_EQUAL))
    return Done(findings=tuple(results) + await _deleted(account, job.target, doomed))


async def delete_listed(
    account: TelegramAccount, chat: Chat, found: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Of one chat: those that still equal, entities and all, the first one of their kind (`source_id`)."""
    there = await messages_of(account, chat, [n for f in found for n in (f.source_id, f.target_id)])
    doomed: list[Finding] = []
    results: list[Finding] = []
    for finding in found:
        first, double = there.get(finding.source_id), there.get(finding.target_id)
        if double is None:
            results.append(treated(finding, FindingState.MENDED))
        elif first is not None and not is_service(first) and same_content(first, double):
            doomed.append(finding)
        else:
            results.append(treated(finding, FindingState.KEPT, NO_LONGER_EQUAL))
    return tuple(results) + await _deleted(account, chat, doomed)


async def _deleted(account: TelegramAccount, chat: Chat, doomed: Sequence[Finding]) -> tuple[Finding, ...]:
    if not doomed:
        return ()
    try:
        await delete_messages(account, chat, [finding.target_id for finding in doomed])
    except (MessageRefused, MayNotPost) as refusal:
        reason = REFUSED.format(reason=refusal.values["reason"])
        return all_treated(doomed, FindingState.FAILED, reason)
    return all_treated(doomed, FindingState.MENDED)


def _are_equal(double: Any, copy: Any, source: Any, made: SourceLinks) -> bool:
    """A copy's links lead to copies, however they are written; a double's perhaps still to the source."""
    if is_service(double) or is_service(copy):
        return False
    if copy_content(copy, made) == copy_content(double, made):
        return True
    return source is not None and not is_service(source) and content_of(source) == content_of(double)
