"""Carries out the steps of a repair. Each looks again, right before, at what it changes."""

from __future__ import annotations

from domain.job import Job
from domain.step import Step
from engine.checking.bookkeeping import keep
from engine.checking.deletion import delete_doubles
from engine.checking.errands import Errand, Verb, errand_of, is_errand
from engine.checking.mending import Mending
from engine.checking.settings import ChatSettings
from engine.checking.subject import Subject, subject_of
from engine.done import Done
from engine.structure.topics import Topics
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import ChatGone, target_lost
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore


class CheckingChanges:
    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore, findings: FindingStore) -> None:
        self._job, self._pool, self._store, self._findings = job, pool, store, findings
        self._subject: Subject | None = None
        self._topics: Topics

    @staticmethod
    def handles(step: Step) -> bool:
        """Whether this step is one of a repair, and not one of every copy."""
        return is_errand(step)

    async def make(self, step: Step) -> Done:
        """Makes the step's calls. `Done.mapped` are rows of the map of `of_job`, late from now on.

        What Telegram refuses is a finding. Raises TargetLost, MustWait, OutcomeUnknown, Unreachable,
        AccountStopped.
        """
        account = await self._pool.get(self._job.account_id)
        if self._subject is None:
            self._subject = await subject_of(self._job, findings=self._findings, account=account)
            self._topics = Topics(job=self._subject.job, pool=self._pool, store=self._store)
            await self._topics.load()
        try:
            return await self._carry_out(errand_of(step), self._subject, account)
        except ChatGone as gone:
            raise target_lost(self._job.target, gone) from gone

    async def _carry_out(self, errand: Errand, subject: Subject, account: TelegramAccount) -> Done:
        about = (subject, account, self._store, self._findings)
        match errand.verb:
            case Verb.EDIT:
                mending = Mending(*about, topics=self._topics.targets)
                return Done(findings=tuple([await mending.mend(found) for found in errand.findings]))
            case Verb.KEEP:
                return await keep(*about, errand.findings)
            case Verb.DELETE:
                return await delete_doubles(*about, errand.findings)
            case Verb.LOOK:
                settings = ChatSettings(
                    subject=subject, pool=self._pool, store=self._store, findings=self._findings
                )
                return Done(findings=await settings.settled(errand.findings))

    async def happened(self, step: Step, *, after: int) -> Done | None:
        """Always None: made again, such a step looks first and changes nothing that is right already."""
        return None
