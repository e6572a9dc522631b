"""Messages in a target that are nobody's copy: doubles, and copies that somebody sent again by hand.

Only what the account itself has sent is looked at: guests may say what they like. The contents are kept in
the database, eight bytes each, until the verify ends.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from domain.finding import Finding, FindingKind
from domain.message import SourceMessage
from engine.checking.comparing import Compared
from engine.checking.doubt import in_doubt
from engine.checking.lookup import messages_of
from engine.checking.notes import Note
from engine.checking.subject import Subject
from engine.telegram.account import TelegramAccount
from engine.telegram.convert import fingerprint
from engine.telegram.likeness import (
    content_of,
    copy_content,
    is_by_account,
    is_service,
    may_repeat,
    print_of,
)
from storage.findings import FindingStore
from storage.prints import Print
from storage.progress import ProgressStore


class Strangers:
    """`verify_id` is the job that looks. What other jobs send meanwhile turns out to be theirs at the end."""

    def __init__(
        self,
        *,
        verify_id: int,
        subject: Subject,
        account: TelegramAccount,
        store: ProgressStore,
        findings: FindingStore,
    ) -> None:
        self._verify_id, self._subject, self._account = verify_id, subject, account
        self._store, self._findings = store, findings
        self._copies: array[int] | None = None
        self._before: Any = None
        self._any: bool | None = None

    async def look(self, messages: Sequence[Any]) -> None:
        """Takes in the next messages of the target."""
        if self._copies is None:
            marked = self._subject.job.target.peer.marked_id
            self._copies = await self._findings.checks.copies_in(marked)
        contents = [m for m in messages if not is_service(m)]
        found = []
        for place, message in enumerate(contents):
            if is_by_account(message) and not self._is_copy(message.id):
                own = self._print(message)
                around = (self._before, contents[place + 1] if place + 1 < len(contents) else None)
                beside = any(other is not None and self._print(other) == own for other in around)
                found.append(Print(message.id, own, Note(beside=beside).number))
            self._before = message
        await self._findings.prints.put(self._verify_id, found)

    async def match(self, page: Compared) -> list[Finding]:
        """The page's findings; a missing copy that stands elsewhere is one that was moved."""
        if self._any is None:
            self._any = await self._findings.prints.newest(self._verify_id) is not None
        if not self._any:
            return page.findings
        marks = {m.id: self._prints_of(m, page) for m in page.missing + page.there}
        like: defaultdict[int, list[Print]] = defaultdict(list)
        for stranger in await self._findings.prints.like(
            self._verify_id, {p for ps in marks.values() for p in ps}
        ):
            like[stranger.print].append(stranger)
        notes = {s.message_id: Note.read(s.note) for found in like.values() for s in found}
        wanted = {s.message_id for m in page.missing for p in marks[m.id] for s in like[p]}
        nobodys = await self._nobodys(wanted)
        moved: dict[int, int] = {}
        for message in page.missing:
            strangers = (s for p in marks[message.id] for s in like[p] if s.message_id in nobodys)
            free = (s for s in strangers if notes[s.message_id].free_for(message.id))
            taken = min(free, key=lambda s: (not notes[s.message_id].taken, s.message_id), default=None)
            if taken is not None:
                moved[message.id] = taken.message_id
                notes[taken.message_id] = Note(message.id, taken=True)
        for message in sorted(page.there + page.missing, key=lambda m: m.id):
            for stranger in (s for p in marks[message.id] for s in like[p]):
                note = notes[stranger.message_id]
                notes[stranger.message_id] = note.seen_like(message.id, often_said=may_repeat(message.body))
        await self._findings.prints.put(
            self._verify_id,
            [
                Print(s.message_id, s.print, notes[s.message_id].number)
                for found in like.values()
                for s in found
            ],
        )
        return [
            Finding(FindingKind.MOVED, f.source_id, moved[f.source_id])
            if f.kind is FindingKind.MISSING and f.source_id in moved
            else f
            for f in page.findings
        ]

    async def doubles(self, after: Print | None) -> tuple[list[Finding], Print | None]:
        """The next doubles behind `after`, and where to go on (None: there are no more)."""
        page = await self._findings.prints.noted(self._verify_id, after=after, limit=100)
        likely = {p.message_id: note.like for p in page if (note := Note.read(p.note)).is_double}
        nobodys = await self._nobodys(likely)
        likely = {copy: source for copy, source in likely.items() if copy in nobodys}
        found = [Finding(FindingKind.DOUBLED, source, copy) for copy, source in sorted(likely.items())]
        return found, page[-1] if page else None

    async def _nobodys(self, ids: Collection[int]) -> set[int]:
        """Those that stand and are nobody's copy. What was on its way has its row by now, or is in doubt."""
        if not ids:
            return set()
        target = self._subject.job.target
        doubtful = await in_doubt(self._store, target)  # first: a step that ends meanwhile has its rows then
        taken = await self._findings.checks.taken(target.peer.marked_id, ids)
        there = await messages_of(self._account, target, set(ids) - taken)
        return {number for number, m in there.items() if is_service(m) or fingerprint(m) not in doubtful}

    def _prints_of(self, message: SourceMessage, page: Compared) -> set[int]:
        """As its copy would be found: with its links led to the copies, and as they were."""
        if is_service(message.body):
            return set()
        plain = print_of(content_of(message.body))
        if not message.links:
            return {plain}
        return {plain, print_of(content_of(message.body, self._subject.links, page.copies))}

    def _print(self, message: Any) -> int:
        return print_of(copy_content(message, self._subject.target.links))

    def _is_copy(self, number: int) -> bool:
        assert self._copies is not None
        place = bisect_left(self._copies, number)
        return place < len(self._copies) and self._copies[place] == number
