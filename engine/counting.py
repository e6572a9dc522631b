"""Counts what a plan holds: kinds and sizes, ways, skips, calls. Pure but for the sizes of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.kind import Kind
from domain.message import SkipReason, SourceMessage
from domain.preview import NAMED, Preview, Skipped, Tally
from domain.step import Step, StepKind
from domain.wishes import Wishes
from engine.planner import Planner
from engine.telegram.kinds import size_of
from engine.telegram.limits import Limits, is_too_long, loses_emoji

TOO_LONG = "too long for this account"
AS_IT_IS = "as it is, and with a header it can't be changed"
#: Bits in one piece of a Seen.
PIECE = 4096


class Seen:
    """A set of message ids, one bit each."""

    def __init__(self) -> None:
        self._pieces: dict[int, bytearray] = {}

    def add(self, number: int) -> None:
        piece, bit = divmod(number, PIECE)
        bits = self._pieces.get(piece)
        if bits is None:
            bits = self._pieces[piece] = bytearray(PIECE // 8)
        bits[bit >> 3] |= 1 << (bit & 7)

    def __contains__(self, number: int | None) -> bool:
        if number is None:
            return False
        piece, bit = divmod(number, PIECE)
        bits = self._pieces.get(piece)
        return bits is not None and bool(bits[bit >> 3] & 1 << (bit & 7))


class Counting:
    """Takes pages, oldest first; `tell` ends it."""

    def __init__(self, *, planner: Planner, wishes: Wishes, limits: Limits) -> None:
        self._planner, self._wishes, self._limits = planner, wishes, limits
        self._seen = Seen()
        self._kinds: dict[Kind, Tally] = {}
        self._skips: dict[tuple[SkipReason, str], Skipped] = {}
        self._album: int | None = None
        self._albums = self._replies = self._links = self._plain_emoji = 0
        self._forwarded = self._by_reference = self._topics = self._calls = 0

    def page(self, messages: Sequence[SourceMessage]) -> None:
        messages = [self._judged(message) for message in messages]
        takes = self._wishes.selection.takes
        named: set[int] = set()
        for message in messages:
            if takes(message):
                self._count(message)
                named.update(message.links)
                if message.answers is not None:
                    named.add(message.answers)
        self._planner.feed(messages, {number for number in named if number in self._seen})
        while not self._planner.wants_more and (step := self._planner.next()) is not None:
            self._add(step)

    def tell(self, preview: Preview) -> None:
        self._planner.end()
        while (step := self._planner.next()) is not None:
            self._add(step)
        preview.kinds = dict(sorted(self._kinds.items(), key=lambda one: -one[1].messages))
        preview.skips = sorted(self._skips.values(), key=lambda skipped: -skipped.count)
        preview.albums, preview.replies, preview.links = self._albums, self._replies, self._links
        preview.plain_emoji = self._plain_emoji
        preview.forwarded, preview.by_reference = self._forwarded, self._by_reference
        preview.topics, preview.calls = self._topics, self._calls

    def _judged(self, message: SourceMessage) -> SourceMessage:
        """What Telegram will refuse is as good as skipped. A header's text is its author's, however long."""
        if message.skip is not None:
            return message
        if self._wishes.keep_author:
            detail = AS_IT_IS if message.rebuild else ""
        else:
            detail = TOO_LONG if is_too_long(message.body, self._limits) else ""
        return replace(message, skip=SkipReason.REFUSED, skip_detail=detail) if detail else message

    def _count(self, message: SourceMessage) -> None:
        if message.skip is not None:
            return  # the plan tells which of these are skips
        self._seen.add(message.id)
        tally = self._kinds.setdefault(message.kind, Tally())
        tally.messages += 1
        tally.bytes += size_of(message.body)
        self._replies += self._wishes.replies and message.answers in self._seen
        self._plain_emoji += not self._wishes.keep_author and loses_emoji(message.body, self._limits)
        self._links += any(self._leads_to_a_copy(message.id, link) for link in message.links)
        if message.grouped_id is not None and message.grouped_id != self._album:
            self._albums += 1
        self._album = message.grouped_id

    def _leads_to_a_copy(self, message_id: int, link: int) -> bool:
        """What comes later is not read yet: it counts if it is wanted."""
        return link in self._seen or (link > message_id and self._wishes.selection.has_place(link))

    def copies(self, message_id: int) -> bool:
        """Whether it was counted as one that is copied."""
        return message_id in self._seen

    def _add(self, step: Step) -> None:
        for skip in step.skips:
            known = self._skips.setdefault((skip.reason, skip.detail), Skipped(skip.reason, skip.detail))
            known.count += 1
            if len(known.ids) < NAMED:
                known.ids.append(skip.source_id)
        if not step.items:
            return
        self._calls += 1 + sum(item.owes_links for item in step.items)
        match step.kind:
            case StepKind.TOPIC:
                self._topics += 1
            case StepKind.COPY:
                self._by_reference += len(step.items)
            case _:
                self._forwarded += len(step.items)
