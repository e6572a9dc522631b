"""Which source messages are on their way to a copy: read and wanted, but not done yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.message import SourceMessage
from domain.step import StepItem
from domain.wishes import Selection


class Expected:
    """With `topics` the messages that open them are, too: each gets one that opens the topic's copy."""

    def __init__(self, selection: Selection, *, topics: bool = False) -> None:
        self._selection, self._topics = selection, topics
        self._ids: set[int] = set()

    def read(self, messages: Sequence[SourceMessage]) -> None:
        takes = self._selection.takes
        if self._selection.is_everything:
            self._ids.update([message.id for message in messages if message.skip is None])
        else:
            self._ids.update([m.id for m in messages if m.skip is None and takes(m)])
        if self._topics:
            self._ids.update([m.id for m in messages if m.opens_topic])

    def done(self, through_id: int) -> None:
        """What the cursor has passed either has a copy or will have none, but for what is owed."""
        self._ids = {number for number in self._ids if number > through_id}

    def owed(self, items: Iterable[StepItem]) -> None:
        """These are sent next, although they were read in an earlier run or the cursor has passed them."""
        self._ids.update([item.source_id for item in items])

    def __contains__(self, number: object) -> bool:
        return number in self._ids


def references(messages: Iterable[SourceMessage]) -> set[int]:
    """The messages that these answer or link to."""
    found: set[int] = set()
    for message in messages:
        if message.answers is not None:
            found.add(message.answers)
        if message.links:
            found.update(message.links)
    return found
