"""What a job skipped, found or could not do, a page at a time: as people read it, and as lines of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from typing import TypeAlias

from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job
from domain.message import OLD_GROUP, Skip
from domain.peer import Chat, PeerKind
from engine.links import TargetLinks
from storage.findings import FindingStore
from storage.progress import ProgressStore

Found: TypeAlias = Counter[tuple[FindingKind, FindingState]]
Lines: TypeAlias = list[Skip] | list[Finding]

HEADER = ("what", "why", "state", "source_id", "target_id", "source_link", "target_link")
PAGE = 500  # lines


class Listing:
    def __init__(self, *, store: ProgressStore, findings: FindingStore) -> None:
        self._store, self._findings = store, findings

    async def found(self, job: Job) -> Found:
        return await self._findings.counts(job.id)

    async def pages(self, job: Job) -> AsyncGenerator[Lines, None]:
        """Skips first, both in the order of the source. No page is empty."""
        last: int | None = None
        while skips := await self._store.skips(job.id, after=last, limit=PAGE):
            yield skips
            last = skips[-1].source_id
        after: Finding | None = None
        while findings := await self._findings.page(job.id, after=after, limit=PAGE):
            yield findings
            after = findings[-1]


def row(job: Job, line: Skip | Finding) -> tuple[str | int, ...]:
    """One line below HEADER."""
    if isinstance(line, Skip):
        why = line.reason.value + (f": {line.detail}" if line.detail else "")
        return "skipped", why, "", spoken(line.source_id), "", link(job.source, line.source_id), ""
    return (
        line.kind.value,
        line.detail,
        line.state.value,
        spoken(line.source_id) if line.source_id else "",
        line.target_id or "",
        link(job.source, line.source_id),
        link(job.target, line.target_id),
    )


def spoken(message_id: int) -> str:
    """As people know the message: one of the basic group that a supergroup was has a number of that group."""
    return str(message_id) if message_id >= 0 else f"{message_id - OLD_GROUP} of the old group"


def link(chat: Chat, message_id: int) -> str:
    """To a message, for who may read the chat; empty where Telegram has none."""
    if message_id <= 0 or chat.peer.kind is not PeerKind.CHANNEL or not chat.is_made:
        return ""
    return TargetLinks(chat.peer.id, chat.username).to(message_id, chat.topic_id)
