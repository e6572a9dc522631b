"""What a check is about: the job whose copies are looked at, and both its ends as they are now."""

from __future__ import annotations

from dataclasses import dataclass

from domain.job import Job, JobKind
from domain.message import SourceMessage
from domain.refusals import NothingToCheck
from engine.links import SourceLinks
from engine.telegram.account import TelegramAccount
from engine.telegram.chats import ChatInfo, look_at_both
from engine.telegram.incoming import Incoming
from storage.findings import FindingStore

#: Kinds of jobs that copy.
COPYING = frozenset({JobKind.CLONE, JobKind.COMMENTS, JobKind.ADOPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    job: Job
    source: ChatInfo
    target: ChatInfo

    @property
    def incoming(self) -> Incoming:
        return Incoming(
            links=self.source.links,
            broadcast=self.target.broadcast,
            keep_author=self.keeps_author,
            threads=self.in_threads,
        )

    @property
    def keeps_author(self) -> bool:
        return self.job.wishes.keep_author and not self.in_threads

    @property
    def in_threads(self) -> bool:
        return self.job.kind is JobKind.COMMENTS

    @property
    def links(self) -> SourceLinks:
        """Links that lead to copies by now: with their author's header messages keep theirs."""
        return SourceLinks(None) if self.keeps_author else self.source.links

    @property
    def has_replies(self) -> bool:
        return self.job.wishes.replies and not self.keeps_author

    def wants(self, message: SourceMessage) -> bool:
        """Whether the job copies it, so far as it comes to it."""
        if self.in_threads and message.topic is None:
            return False
        return message.id <= self.job.progress.offset_id and self.job.wishes.selection.takes(message)


async def subject_of(check: Job, *, findings: FindingStore, account: TelegramAccount) -> Subject:
    """What `check` is about. Raises NothingToCheck for a job that copies nothing, SourceLost, MustWait,
    Unreachable.
    """
    job = None if check.of_job is None else await findings.checks.job(check.of_job)
    if job is None or job.kind not in COPYING or not job.target.is_made:
        raise NothingToCheck(job_id=check.of_job or "")
    in_threads = job.kind is JobKind.COMMENTS and job.of_job is not None
    posts = await findings.checks.job(job.of_job or 0) if in_threads else None
    source, target = await look_at_both(account, job, posts)
    return Subject(job=job, source=source, target=target)
