"""Exhibits: a chat, and for each thing in it what shall become of it in a copy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.scenario.writing import units
from sandbox.world import Message, Peer, World

Fields = dict[str, Any]  # of Message
COPIED, SKIPPED = "copied", "skipped"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to copy: a message, or several that belong together.

    `lost`: what no copy keeps, in the words of sandbox.compare's Difference; `reason` why it is skipped.
    """

    label: str
    ids: list[int]
    fate: str = COPIED
    lost: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`before`: the basic group whose history comes first (its entries stand in `earlier`); `comments`: the
    discussion group, whose entries stand in `below`."""

    name: str
    peer: Peer
    entries: list[Entry]
    before: Peer | None = None
    earlier: list[Entry] = field(default_factory=list)
    comments: Peer | None = None
    below: list[Entry] = field(default_factory=list)

    @property
    def skipped(self) -> list[int]:
        """Ids of what no copy can hold."""
        return [i for e in self.entries if e.fate == SKIPPED for i in e.ids]

    @property
    def declared(self) -> dict[int, list[str]]:
        """By message, what a copy may lack."""
        return {i: e.lost for e in self.entries if e.fate == COPIED and e.lost for i in e.ids}

    def of(self, label: str) -> list[int]:
        """The ids of the entry with this label."""
        return next(e.ids for e in self.entries if e.label == label)


class Shelf:
    """Puts things into one chat, a minute apart, as `owner` unless somebody else is named as `by`."""

    def __init__(self, *, world: World, peer: Peer, owner: int, began: int) -> None:
        self.world = world
        self.peer = peer
        self.owner = owner
        self.entries: list[Entry] = []
        self._date = began

    def put(
        self,
        label: str,
        *things: Fields,
        by: int | None = None,
        fate: str = COPIED,
        lost: Collection[str] = (),
        reason: str = "",
    ) -> list[int]:
        """One entry; several things are several messages. In the owner's numbering.

        Before every third one stood something that was deleted: no copy has its source's number.
        """
        if len(self.entries) % 3 == 0 and self.peer[0] == "channel":
            self.world.boxes[self.peer].next_id += 2
        ids = [self.say(by=by, **x) for x in things]
        self.entries.append(Entry(label, ids, fate, list(lost), reason))
        return ids

    def skip(self, label: str, *things: Fields, reason: str, by: int | None = None) -> list[int]:
        return self.put(label, *things, by=by, fate=SKIPPED, reason=reason)

    def album(
        self, label: str, *things: Fields, by: int | None = None, lost: Collection[str] = ()
    ) -> list[int]:
        group = self.world.new_group_id()
        now = self._date + MINUTE  # the messages of an album have one date
        return self.put(label, *(x | {"grouped_id": group, "date": now} for x in things), by=by, lost=lost)

    def say(self, *, by: int | None = None, **fields: Any) -> int:
        """A message that is no entry (a comment's thread, a line between two things); its id."""
        self._date = fields.setdefault("date", self._date + MINUTE)
        author = by or self.owner
        if author == self.owner or self.peer[0] == "channel":
            ((_, _, m),) = self.world.commit(author, self.peer, [fields])
            return m.id
        if fields.get("reply_to"):  # in a basic group everybody has numbers of their own
            answered = self.world.twins(
                self.world.boxes["user", self.owner], self.message(fields["reply_to"])
            )
            fields["reply_to"] = next(x.id for box, x in answered if box.key == ("user", author))
        self.world.commit(author, self.peer, [fields])
        return self._newest().id

    def service(self, what: str, text: str = "", **fields: Any) -> int:
        return self.say(service=what, text=text, **fields)

    def message(self, message_id: int) -> Message:
        return self.world.box_for(self.owner, self.peer).by_id[message_id]

    def change(self, message_id: int, **fields: Any) -> None:
        """As if it had been written so; for what could not be known when it was."""
        m = self.message(message_id)
        for name, value in fields.items():
            setattr(m, name, value)
        m.touch()

    def pin(self, *ids: int) -> None:
        """Each with the service message that says so."""
        for i in ids:
            self.change(i, pinned=True)
            self.world.box_for(self.owner, self.peer).pinned.add(i)
            self.service("pin", reply_to=i, detail=i)

    def _newest(self) -> Message:
        newest = self.world.box_for(self.owner, self.peer).last(self.peer)
        assert newest is not None  # something was just said
        return newest


def styled(text: str, *styles: Any) -> Fields:
    """`styles`: pairs of words in the text and what makes an entity of an offset and a length."""
    entities = []
    for part, make in styles:
        at = text.index(part)
        entities.append(make(units(text[:at]), units(part)))
    return {"text": text, "entities": entities}
