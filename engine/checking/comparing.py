"""One page of a source beside its copies: what is missing, different, edited or deleted since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from domain.finding import Finding, FindingKind
from domain.job import JobKind
from domain.message import SkipReason, SourceMessage
from engine.checking.lookup import messages_of
from engine.checking.subject import Subject
from engine.copies import Copies
from engine.expected import references
from engine.structure.refusals import reasons
from engine.telegram.account import TelegramAccount
from engine.telegram.forum import GENERAL
from engine.telegram.likeness import Due, differences, is_service
from storage.findings import FindingStore
from storage.message_map import Mapped
from storage.progress import ProgressStore

Rows = Mapping[int, Mapped]


@dataclass(frozen=True, slots=True)
class Compared:
    """`there` are the messages whose copies stand, right or not; `copies` is where links of the page lead."""

    findings: list[Finding] = field(default_factory=list)
    there: list[SourceMessage] = field(default_factory=list)
    missing: list[SourceMessage] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)


class Comparing:
    """`expected` are source messages without a copy that is still to come: of a step in flight."""

    def __init__(
        self,
        *,
        subject: Subject,
        account: TelegramAccount,
        store: ProgressStore,
        findings: FindingStore,
        expected: Iterable[int] = (),
    ) -> None:
        self._subject, self._account = subject, account
        self._store, self._findings = store, findings
        self._known = Copies(job=subject.job, map=store.map)
        self._expected = frozenset(expected)

    async def page(self, messages: Sequence[SourceMessage], *, after: int, through: int | None) -> Compared:
        """`messages`: all of the source behind `after` up to `through` (None: to its end), albums whole."""
        rows = await self._rows(after, through)
        target, opening = self._subject.job.target, self._subject.job.source.topic_id
        copies = await messages_of(self._account, target, (row.target_id for row in rows.values()))
        wanted = references(messages) | {m.topic for m in messages if m.topic is not None}
        known = {row.source_id: row for row in await self._known.rows(wanted)}
        there = {message.id for message in messages}
        found = Compared(copies={number: row.target_id for number, row in known.items()})
        for number, row in rows.items():
            # What opened the topic that is copied does not stand in it.
            if number not in there and number != opening and row.target_id in copies:
                found.findings.append(Finding(FindingKind.DELETED, number, row.target_id))
        await self._missing(messages, rows, copies, found)
        pairs = [(m, copies[rows[m.id].target_id]) for m in messages if _copy_of(m, rows, copies)]
        await self._different(pairs, rows, known, found)
        return found

    async def _rows(self, after: int, through: int | None) -> dict[int, Mapped]:
        """Those of the map in that stretch of the source."""
        rows: dict[int, Mapped] = {}
        while page := await self._store.map.page(self._subject.job.id, after=after, limit=500):
            rows |= {row.source_id: row for row in page if through is None or row.source_id <= through}
            after = page[-1].source_id
            if through is not None and after >= through:
                break
        return rows

    async def _missing(
        self, messages: Sequence[SourceMessage], rows: Rows, copies: Mapping[int, Any], found: Compared
    ) -> None:
        unmapped = [m for m in messages if m.id not in rows and self._is_due(m)]
        skipped = await self._findings.checks.skipped(self._subject.job.id, [m.id for m in unmapped])
        for message in messages:
            row = rows.get(message.id)
            if row is not None and row.target_id not in copies:
                found.findings.append(Finding(FindingKind.MISSING, message.id, row.target_id))
                found.missing.append(message)
        for message in unmapped:
            if message.id not in skipped:
                found.findings.append(Finding(FindingKind.MISSING, message.id))
                found.missing.append(message)

    def _is_due(self, message: SourceMessage) -> bool:
        if message.skip is SkipReason.SERVICE or message.id in self._expected:
            return False
        return self._subject.wants(message)

    async def _different(
        self, pairs: Sequence[tuple[SourceMessage, Any]], rows: Rows, known: Rows, found: Compared
    ) -> None:
        astray = _out_of_group(pairs, rows)
        differing: list[tuple[SourceMessage, Any, tuple[str, ...]]] = []
        for message, copy in pairs:
            found.there.append(message)
            words = differences(message.body, copy, self._due(message, rows[message.id], known))
            if message.id in astray:
                words += ("grouping",)
            if words:
                differing.append((message, copy, words))
        told = await self._told([message.id for message, _, _ in differing])
        for message, copy, words in differing:
            if left := [word for word in words if word not in told.get(message.id, ())]:
                kind = FindingKind.EDITED if _edited_since(message.body, copy) else FindingKind.DIFFERENT
                found.findings.append(Finding(kind, message.id, copy.id, " ".join(left)))

    async def _told(self, ids: Sequence[int]) -> dict[int, set[str]]:
        """In what copies could not be made as they should be: people know that already."""
        if not ids:
            return {}
        details = await self._findings.checks.not_applied(self._subject.job.id, ids)
        return {number: told_words(lines) for number, lines in details.items()}

    def _due(self, message: SourceMessage, row: Mapped, known: Rows) -> Due:
        subject = self._subject
        reply_to, reply_matters = self._reply(message, row, known)
        topic, topic_matters = self._topic(message, known)
        return Due(
            links=subject.links,
            made=subject.target.links,
            copies={number: known[number].target_id for number in message.links if number in known},
            moved=frozenset(n for n in message.links if n in known and known[n].late),
            reply_to=reply_to,
            reply_matters=reply_matters,
            topic=topic,
            topic_matters=topic_matters,
            previews=subject.target.taking.previews,
            same_chat=subject.job.source.peer.marked_id == subject.job.target.peer.marked_id,
            uploaded=subject.job.kind is JobKind.ADOPT,
        )

    def _reply(self, message: SourceMessage, row: Mapped, known: Rows) -> tuple[int | None, bool]:
        """(whom the copy answers, whether that can be said). None can answer what was sent after it."""
        if not self._subject.has_replies:
            return None, False
        if message.answers is None:  # of an album perhaps only one tells whom it answers
            return None, message.grouped_id is None and not self._subject.in_threads
        answered = known.get(message.answers)
        if answered is None or answered.target_id > row.target_id:
            return None, False
        return answered.target_id, True

    def _topic(self, message: SourceMessage, known: Rows) -> tuple[int | None, bool]:
        chosen = self._subject.job.target.topic_id
        if chosen is not None:
            return (None if chosen == GENERAL else chosen), True
        if self._subject.in_threads:
            return None, False
        if message.topic is None:
            return None, True
        made = known.get(message.topic)
        return (None, False) if made is None else (made.target_id, True)


def told_words(details: Iterable[str]) -> set[str]:
    """The words of "reply: why; links: why". Without the answer there is no quote either."""
    words = set(reasons(details))
    return words | {"quote"} if "reply" in words else words


def _copy_of(message: SourceMessage, rows: Rows, copies: Mapping[int, Any]) -> bool:
    """Whether there are two messages to compare. Of a topic's first message only the topic was copied."""
    row = rows.get(message.id)
    if row is None or message.skip is SkipReason.SERVICE:
        return False
    copy = copies.get(row.target_id)
    return copy is not None and not is_service(copy)


def _out_of_group(pairs: Sequence[tuple[SourceMessage, Any]], rows: Rows) -> set[int]:
    """Whose copies do not stand with the rest of their album, or stand in one though they should not.

    What was sent late stands alone on purpose.
    """
    astray: set[int] = set()
    in_place = [(m, copy) for m, copy in pairs if not rows[m.id].late]
    before: Any = None
    for _, unit in groupby(in_place, key=lambda pair: pair[0].grouped_id or -pair[0].id):
        album = list(unit)
        groups = Counter(copy.grouped_id for _, copy in album)
        kept, _ = max(groups.items(), key=lambda found: (found[0] is not None, found[1]))
        if len(album) > 1:
            astray.update(m.id for m, copy in album if copy.grouped_id is None or copy.grouped_id != kept)
        if kept is not None and kept == before:
            astray.update(m.id for m, _ in album)
        before = kept
    return astray


def _edited_since(source: Any, copy: Any) -> bool:
    """Whether the source was edited after the copy was made, and nobody has edited the copy after that.

    Telegram tells whole seconds: within one the source is believed to be the later.
    """
    edited = source.edit_date
    if edited is None or edited < copy.date:
        return False
    return copy.edit_date is None or copy.edit_date <= edited
