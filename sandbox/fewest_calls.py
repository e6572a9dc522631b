"""By how few calls a channel can be copied whole: what a cloner's own number is measured by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sandbox.compare_links import Addresses, preview_link, reading
from sandbox.world import Message, Peer, World

#: Messages in one page of history, and in one forward.
BATCH = 100


@dataclass(frozen=True, slots=True)
class FewestCalls:
    """`pages`: to read 100 messages each, and one that finds the end. `sends`: forwards of at most 100
    messages, and single sends of what must differ from its source. `edits`: of links forward in time.

    `replies` and `links` are how many messages answer one of the channel, or link to one.
    """

    pages: int
    sends: int
    edits: int
    pins: int
    replies: int
    links: int

    @property
    def total(self) -> int:
        return self.pages + self.sends + self.edits + self.pins


def fewest_calls(world: World, source: Peer) -> FewestCalls:
    """To copy `source` in order into an empty chat, so that replies, links and pins are as they were.

    A forward takes any messages that follow each other, but cuts no album. What answers a message, or links
    to an earlier one, is sent by itself (an album as one): its copy must name another message. A link to the
    message itself or to a later one can only be set right by an edit, once there is such a copy. What nobody
    can forward is taken for something that can be: it does not stand in the demo's channels.
    """
    box = world.boxes[source]
    messages = [box.by_id[i] for i in box.order.get(source, [])]
    content = [m for m in messages if not m.service]
    ids = {m.id for m in content}
    answers = {m.id for m in content if m.reply_peer is None and m.reply_to in ids}
    linked = {number: found & ids for number, found in _links(Addresses(world, [source]), content).items()}

    def is_single(m: Message) -> bool:
        return m.id in answers or any(i < m.id for i in linked.get(m.id, ()))

    return FewestCalls(
        pages=-(-len(messages) // BATCH) + 1,
        sends=_sends(content, is_single),
        edits=sum(any(i >= number for i in found) for number, found in linked.items()),
        pins=sum(m.pinned for m in content),
        replies=len(answers),
        links=sum(map(bool, linked.values())),
    )


def _sends(content: Sequence[Message], is_single: Callable[[Message], bool]) -> int:
    sends, room = 0, 0
    for _, found in groupby(content, lambda m: (m.grouped_id, 0) if m.grouped_id else (m.id, 1)):
        unit = list(found)
        if any(map(is_single, unit)):
            sends, room = sends + 1, 0
        elif len(unit) <= room:
            room -= len(unit)
        else:
            sends, room = sends + 1, BATCH - len(unit)
    return sends


def _links(addresses: Addresses, content: Iterable[Message]) -> dict[int, set[int]]:
    """By message: those of the same channel that it links to."""
    found: dict[int, set[int]] = {}
    for m in content:
        read = reading(addresses, m.text, m.entities)
        links = {link.message for link in read.links} if read else set()
        if shown := preview_link(addresses, m):
            links.add(shown.message)
        if links:
            found[m.id] = links
    return found
