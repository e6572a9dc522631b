"""Messages in, steps out. Pure: albums are never cut, and what is not content becomes a skip."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from domain.message import Skip, SourceMessage
from domain.step import Step, StepItem, StepKind

#: Messages in one forward: Telegram's limit (telegram-facts 1).
BATCH = 100

Unit = tuple[SourceMessage, ...]  #: what must travel together: one message, or all that is left of an album


class Planner:
    """Takes source messages in ascending order and cuts them into steps.

    `name_of` gives a source message its random_id. A step ends before the album that would not fit, and
    an album counts as whole only once a message that is not in it (or the end) has been seen.
    """

    def __init__(self, *, name_of: Callable[[int], int], batch: int = BATCH) -> None:
        self._name_of = name_of
        self._most = self._batch = batch
        self._units: deque[Unit] = deque()
        self._content = self._skips = 0  # messages in self._units
        self._album: list[SourceMessage] = []
        self._given_back: deque[Step] = deque()
        self._ended = False

    def one_at_a_time(self) -> None:
        """From now on a step is one message or album: the target is in slow mode."""
        self._most = self._batch = 1

    def hold(self, messages: int) -> None:
        """The next steps hold so many messages at most (an album goes whole all the same)."""
        self._batch = min(messages, self._most)

    def feed(self, messages: Iterable[SourceMessage]) -> None:
        for message in messages:
            if self._album and message.grouped_id != self._album[0].grouped_id:
                self._close_album()
            if message.grouped_id is not None:
                self._album.append(message)
            else:
                self._add((message,))

    def end(self) -> None:
        """No message follows: the last album is whole."""
        self._close_album()
        self._ended = True

    def give_back(self, step: Step) -> None:
        """Takes a step back that was planned but not sent; it comes out first."""
        self._given_back.appendleft(step)

    @property
    def wants_more(self) -> bool:
        """Whether the next step might hold more than what was fed so far."""
        full = self._content >= self._batch or self._skips >= self._batch
        return not (self._ended or self._given_back or full)

    def next(self) -> Step | None:
        """The next step, numbered 0, or None when everything fed has been handed out.

        A step without items only carries skips; the cursor still moves over them.
        """
        if self._given_back:
            return self._given_back.popleft()
        name_of = self._name_of
        items: list[StepItem] = []
        skips: list[Skip] = []
        through = 0
        while self._units and len(skips) < self._batch:
            unit = self._units[0]
            content = [message for message in unit if message.skip is None]
            if items and len(items) + len(content) > self._batch:
                break
            self._units.popleft()
            self._content -= len(content)
            self._skips -= len(unit) - len(content)
            items += [
                StepItem(message.id, name_of(message.id), message.fingerprint, message.grouped_id)
                for message in content
            ]
            if len(content) < len(unit):
                skips += [Skip(message.id, message.skip) for message in unit if message.skip is not None]
            through = unit[-1].id
        if not through:
            return None
        return Step(0, StepKind.FORWARD, tuple(items), through, tuple(skips))

    def _close_album(self) -> None:
        if self._album:
            self._add(tuple(self._album))
            self._album.clear()

    def _add(self, unit: Unit) -> None:
        self._units.append(unit)
        for message in unit:
            if message.skip is None:
                self._content += 1
            else:
                self._skips += 1


def units_of(items: Iterable[StepItem]) -> list[tuple[StepItem, ...]]:
    """Items grouped into what must travel together."""
    units: list[list[StepItem]] = []
    for item in items:
        same = units and item.grouped_id is not None and units[-1][0].grouped_id == item.grouped_id
        if same:
            units[-1].append(item)
        else:
            units.append([item])
    return [tuple(unit) for unit in units]


def halve(step: Step) -> tuple[Step, Step] | None:
    """Two steps that together are `step`, or None when it is a single message or album."""
    units = units_of(step.items)
    if len(units) < 2:
        return None
    middle = len(units) // 2
    front, back = _parts(step, [units[:middle], units[middle:]])
    return front, back


def one_each(step: Step) -> list[Step]:
    """A step for each message or album of `step`."""
    return _parts(step, [[unit] for unit in units_of(step.items)])


def _parts(step: Step, groups: list[list[tuple[StepItem, ...]]]) -> list[Step]:
    """`step` cut between `groups`; each skip goes with the part whose cursor passes over it."""
    parts: list[Step] = []
    begin = 0
    for number, group in enumerate(groups, 1):
        items = tuple(item for unit in group for item in unit)
        is_last = number == len(groups)
        through = step.through_id if is_last or step.late else items[-1].source_id
        skips = tuple(
            skip for skip in step.skips if begin < skip.source_id and (is_last or skip.source_id <= through)
        )
        parts.append(replace(step, items=items, through_id=through, skips=skips))
        begin = through
    return parts
