"""What a repair does beside sending what is missing: the findings of a verify, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from domain.errors import OutcomeUnknown
from domain.finding import Finding, FindingKind
from domain.job import Job
from domain.refusals import NotVerifiedYet
from domain.step import Step
from engine.checking.doubt import in_doubt
from engine.checking.errands import Errand, Verb
from engine.checking.lookup import AT_ONCE, messages_of
from engine.checking.subject import Subject, subject_of
from engine.telegram.account import TelegramAccount
from engine.telegram.convert import fingerprint
from engine.telegram.likeness import content_of, copy_content, is_by_account, is_service
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore

#: In this order; edits one by one.
_ERRANDS = (
    (Verb.KEEP, (FindingKind.MISSING, FindingKind.MOVED, FindingKind.DELETED), AT_ONCE),
    (Verb.EDIT, (FindingKind.DIFFERENT, FindingKind.EDITED), 1),
    (Verb.DELETE, (FindingKind.DOUBLED,), AT_ONCE),
)
#: After `then`.
_LAST = ((Verb.LOOK, (FindingKind.SETTING,), AT_ONCE),)


class Closes(Protocol):
    async def next(self) -> Step | None: ...


class RepairClosing:
    """Of one run of a REPAIR job; `then` mends the links of what was sent, pins, topics and the profile.

    Each finding of the newest verify before it gets its state among the repair's own findings.
    """

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        findings: FindingStore,
        then: Closes,
    ) -> None:
        self._job, self._pool, self._store, self._findings = job, pool, store, findings
        self._then = then
        self._standing: dict[int, int] = {}  # source message → what stands in the target after all
        self._in_doubt: frozenset[str] = frozenset()  # fingerprints of what other jobs may have put there

    async def absent(self) -> tuple[int, ...]:
        """Those of the selection's ids that have no copy in the target now, ascending; they may be sent.

        Empty: there is nothing to send. Asked at the beginning of each run, while nobody else sends there.
        Raises NotVerifiedYet, TelegramErrors.
        """
        account = await self._pool.get(self._job.account_id)
        subject = await subject_of(self._job, findings=self._findings, account=account)
        ids = self._job.wishes.selection.ids
        rows = await self._store.map.targets(subject.job.id, ids)
        there = await messages_of(account, subject.job.target, rows.values())
        missing = [number for number in ids if rows.get(number) not in there]
        self._standing = await self._arrived_since(subject, account, missing) if missing else {}
        return tuple(number for number in missing if number not in self._standing)

    async def next(self) -> Step | None:
        """The next change, numbered 0, or None when every finding has its state. Raises NotVerifiedYet."""
        verify_id = await self._verify_id()
        if step := await self._errand(verify_id, _ERRANDS) or await self._then.next():
            return step
        return await self._errand(verify_id, _LAST)

    async def _errand(
        self, verify_id: int, errands: Sequence[tuple[Verb, Collection[FindingKind], int]]
    ) -> Step | None:
        """The first of these of which there is something left to do."""
        for verb, kinds, at_once in errands:
            found = await self._findings.checks.untreated(
                verify_id, treated_by=self._job.id, kinds=kinds, limit=at_once
            )
            if found:
                return Errand(verb, tuple(self._with_place(finding) for finding in found)).as_step()
        return None

    def _with_place(self, finding: Finding) -> Finding:
        """A missing one that was found standing after all is told with its place."""
        standing = self._standing.get(finding.source_id)
        if finding.kind is FindingKind.MISSING and standing is not None:
            return replace(finding, detail=str(standing))
        return finding

    async def _arrived_since(
        self, subject: Subject, account: TelegramAccount, missing: Collection[int]
    ) -> dict[int, int]:
        """What the account itself has put there since the verify read it: perhaps the missing ones."""
        verify = await self._findings.checks.job(await self._verify_id())
        assert verify is not None
        target = subject.job.target.peer.marked_id
        self._in_doubt = await in_doubt(self._store, subject.job.target, but=self._job.id)
        free: defaultdict[str, list[int]] = defaultdict(list)
        after = verify.progress.last_target_id
        while found := (await account.raw_after(subject.job.target, after))[0]:
            ours = {m.id: m for m in found if not is_service(m) and is_by_account(m)}
            taken = await self._findings.checks.taken(target, ours)
            for number, message in ours.items():
                if number not in taken:
                    free[copy_content(message, subject.target.links)].append(number)
            after = found[-1].id
        return await self._same(subject, account, missing, free) if free else {}

    async def _same(
        self,
        subject: Subject,
        account: TelegramAccount,
        missing: Collection[int],
        free: dict[str, list[int]],
    ) -> dict[int, int]:
        standing: dict[int, int] = {}
        for number, body in sorted((await messages_of(account, subject.job.source, missing)).items()):
            same = [] if is_service(body) else free.get(content_of(body))
            if same and fingerprint(body) in self._in_doubt:
                raise OutcomeUnknown(reason="another job's copies look the same")
            if same:
                standing[number] = same.pop(0)
        return standing

    async def _verify_id(self) -> int:
        of_job = self._job.of_job or 0
        found = await self._findings.checks.newest_verify(of_job, before=self._job.id)
        if found is None:
            raise NotVerifiedYet(job_id=of_job)
        return found
