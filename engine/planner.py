"""Messages in, steps out, each by the cheapest way that is right. Pure.

Albums are never cut, what is not content becomes a skip, a step goes to one topic, and what has to differ
from its source is a step of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from domain.message import Skip, SourceMessage, is_beside
from domain.step import Step, StepItem, StepKind
from domain.wishes import EVERYTHING, Wishes

#: Messages in one forward: Telegram's limit (telegram-facts 1).
BATCH = 100
#: Messages that an order leaves out before the cursor is written down all the same.
PASSED = 1000


@dataclass(slots=True)
class Unit:
    """What must travel together: one message, or all that is left of an album; or messages passed over."""

    messages: tuple[SourceMessage, ...]
    through: int
    kind: StepKind = StepKind.FORWARD
    content: int = 0
    passed: int = 0

    @property
    def skips(self) -> int:
        return len(self.messages) - self.content


class Planner:
    """Takes source messages in ascending order and cuts them into steps.

    `name_of` gives a source message its random_id. A step ends before the album that would not fit, and
    an album counts as whole only once a message that is not in it (or the end) has been seen. `opened` are
    the topics that stand in the target already, for a job that makes them (None: it does not). With `threads`
    only comments are taken, each to be sent again as an answer.
    """

    def __init__(
        self,
        *,
        name_of: Callable[[int], int],
        wishes: Wishes = EVERYTHING,
        opened: Collection[int] | None = None,
        threads: bool = False,
        batch: int = BATCH,
    ) -> None:
        self._name_of, self._wishes, self._threads = name_of, wishes, threads
        self._opened = None if opened is None else set(opened)
        self._most = self._batch = batch
        self._units: deque[Unit] = deque()
        self._content = self._skips = self._passed = 0  # messages in self._units
        self._album: list[SourceMessage] = []
        self._album_kind, self._album_passed = StepKind.FORWARD, 0
        self._given_back: deque[Step] = deque()
        self._ended = False

    def one_at_a_time(self) -> None:
        """From now on a step is one message or album: the target is in slow mode."""
        self._most = self._batch = 1

    def hold(self, messages: int) -> None:
        """The next steps hold so many messages at most (an album goes whole all the same)."""
        self._batch = min(messages, self._most)

    def feed(self, messages: Iterable[SourceMessage], known: Collection[int] = ()) -> None:
        """`known`: of the messages that these refer to, those that have a copy or are on the way to it."""
        selection = self._wishes.selection
        everything = selection.is_everything
        for message in messages:
            if self._album and message.grouped_id != self._album[0].grouped_id:
                self._close_album()
            if not (everything or selection.takes(message)) or (self._threads and message.topic is None):
                self._pass(message)
                continue
            is_plain = message.answers is None and not message.links and not message.rebuild
            kind = StepKind.FORWARD if is_plain and not self._threads else self._way_of(message, known)
            if message.grouped_id is not None:
                self._album.append(message)
                if kind is StepKind.COPY:
                    self._album_kind = kind
            else:
                self._add((message,), kind)

    def opened(self, topic: int) -> None:
        """This topic stands in the target by now."""
        if self._opened is not None:
            self._opened.add(topic)

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
        full = self._content >= self._batch or self._skips >= self._batch or self._passed >= PASSED
        return not (self._ended or self._given_back or full)

    def next(self) -> Step | None:
        """The next step, numbered 0, or None when everything fed has been handed out.

        A step without items only carries skips; the cursor still moves over them.
        """
        if self._given_back:
            return self._given_back.popleft()
        if not self._units:
            return None
        topic = self._topic_to_open(self._units[0])
        return self._topic_step(topic) if topic is not None else self._messages_step()

    def _messages_step(self) -> Step | None:
        items: list[StepItem] = []
        skips: list[Skip] = []
        through = passed = 0
        kind, topic = StepKind.FORWARD, None
        is_mapped, batch = self._opened is not None, self._batch
        while self._units and len(skips) < batch and passed < PASSED:
            unit = self._units[0]
            if is_mapped and through and self._topic_to_open(unit) is not None:
                break
            if unit.content:
                first = unit.messages[0]
                if not items:
                    kind, topic = unit.kind, first.topic
                elif (
                    kind is StepKind.COPY
                    or unit.kind is not kind
                    or len(items) + unit.content > batch
                    or (is_mapped and first.topic != topic)
                    or (first.id < 0) != (items[0].source_id < 0)
                ):
                    break
            self._take()
            through = unit.through
            passed += unit.passed
            items += self._items(unit, kind)
            if unit.content < len(unit.messages):
                skips += [Skip(m.id, m.skip, m.skip_detail) for m in unit.messages if m.skip is not None]
        source_topic = topic if is_mapped else None
        return Step(0, kind, tuple(items), through, tuple(skips), source_topic=source_topic, passed=passed)

    def _items(self, unit: Unit, kind: StepKind) -> list[StepItem]:
        name_of = self._name_of
        if kind is StepKind.FORWARD:
            return [
                StepItem(
                    m.id,
                    name_of(m.id),
                    m.fingerprint,
                    m.grouped_id,
                    None,
                    self._owes_links(m),
                    bool(m.links) and self._owes_comments(m),
                )
                for m in unit.messages
                if m.skip is None
            ]
        return [
            StepItem(
                m.id,
                name_of(m.id),
                m.fingerprint,
                m.grouped_id,
                owes_links=self._owes_links(m),
                owes_comments=bool(m.links) and self._owes_comments(m),
                source=m,
            )
            for m in unit.messages
            if m.skip is None
        ]

    def _take(self) -> None:
        unit = self._units.popleft()
        self._content -= unit.content
        self._skips -= unit.skips
        self._passed -= unit.passed

    def _topic_to_open(self, unit: Unit) -> int | None:
        """The topic that must be made before this unit."""
        if self._opened is None or not unit.messages:
            return None
        first = unit.messages[0]
        topic = first.id if first.opens_topic else first.topic if unit.content else None
        return None if topic is None or topic in self._opened else topic

    def _topic_step(self, topic: int) -> Step:
        assert self._opened is not None
        self._opened.add(topic)
        unit, through, passed = self._units[0], 0, 0
        if unit.messages[0].opens_topic:
            self._take()
            through, passed = unit.through, 1
        item = StepItem(topic, self._name_of(topic), "")
        return Step(0, StepKind.TOPIC, (item,), through, source_topic=topic, subject=topic, passed=passed)

    def _way_of(self, message: SourceMessage, known: Collection[int]) -> StepKind:
        if self._wishes.keep_author and not self._threads:
            return StepKind.FORWARD  # with the author's header nothing can be changed
        if message.rebuild or self._threads:
            return StepKind.COPY
        if self._wishes.replies and message.answers is not None and message.answers in known:
            return StepKind.COPY
        if message.links and any(link < message.id and link in known for link in message.links):
            return StepKind.COPY
        return StepKind.FORWARD

    def _owes_links(self, message: SourceMessage) -> bool:
        """Whether it leads to itself or to what comes later: then an edit mends it when there is a copy."""
        if not message.links or (self._wishes.keep_author and not self._threads):
            return False
        has_place = self._wishes.selection.has_place
        return any(link >= message.id and has_place(link) for link in message.links)

    def _owes_comments(self, message: SourceMessage) -> bool:
        """Whether it is a post that leads to a comment."""
        return not (self._threads or self._wishes.keep_author) and any(map(is_beside, message.links))

    def _pass(self, message: SourceMessage) -> None:
        """An album of which only some are wanted stays one all the same."""
        self._passed += 1
        if self._album:
            self._album_passed += 1
        elif self._units and not self._units[-1].messages:
            self._units[-1].passed += 1
            self._units[-1].through = message.id
        else:
            self._units.append(Unit((), message.id, passed=1))

    def _close_album(self) -> None:
        if self._album:
            self._add(tuple(self._album), self._album_kind)
            self._units[-1].passed += self._album_passed
            self._album.clear()
            self._album_kind, self._album_passed = StepKind.FORWARD, 0

    def _add(self, messages: tuple[SourceMessage, ...], kind: StepKind) -> None:
        if self._opened is not None and messages[0].opens_topic and messages[0].id in self._opened:
            self._pass(messages[0])
            return
        content = 0
        for message in messages:
            if message.skip is None:
                content += 1
        if self._opened is not None and messages[0].opens_topic:
            unit = Unit(messages, messages[-1].id)
        else:
            unit = Unit(messages, messages[-1].id, kind, content)
        self._content += content
        self._skips += unit.skips
        self._units.append(unit)
