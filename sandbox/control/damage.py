"""Operations that spoil what stands in a chat, as people and other tools do."""

from __future__ import annotations

from typing import Any

from sandbox.control.server import Refused
from sandbox.control.specs import spec_from
from sandbox.control.views import peer_from
from sandbox.world import Box, Message, Peer, World

#: What a message posted once more has in common with the first.
REPEATED = (
    "text",
    "entities",
    "media",
    "reply_to",
    "topic",
    "fwd",
    "markup",
    "quote",
    "look",
    "webpage",
    "invert",
    "effect",
    "via_bot",
    "signature",
    "rich",
)


class Damage:
    def __init__(self, *, world: World) -> None:
        self._world = world

    def edit_message(self, chat: Any, message: int, text: Any) -> None:
        """Its author edits it: a text, or fields of the message."""
        peer = peer_from(chat)
        _, m = self._found(peer, message)
        self._world.edit(m.author or m.sender or 0, peer, message, **self._changes(text))

    def alter(self, chat: Any, message: int, **fields: Any) -> None:
        """Changes fields of a message without anybody being told, and without any mark of an edit."""
        peer = peer_from(chat)
        box, m = self._found(peer, message)
        topic, top = fields.pop("topic", m.topic), fields.pop("top", m.top)
        pinned = fields.pop("pinned", m.pinned)
        changes = spec_from(self._world, fields)
        for b, x in [*self._world.twins(box, m), (box, m)]:
            for name, value in changes.items():
                setattr(x, name, value)
            if (topic, top) != (x.topic, x.top):
                b.move(x, topic, top)
            x.pinned = pinned
            (b.pinned.add if pinned else b.pinned.discard)(x.id)
            x.touch()

    def repost(self, chat: Any, messages: list[int], author: int | None = None) -> list[int]:
        """Posts messages once more at the end, an album as an album; the new ids."""
        peer = peer_from(chat)
        found = [self._found(peer, i)[1] for i in messages]
        albums = {m.grouped_id: self._world.new_group_id() for m in found if m.grouped_id}
        specs = []
        for m in found:
            spec = {name: getattr(m, name) for name in REPEATED}
            specs.append(spec | {"grouped_id": albums.get(m.grouped_id) if m.grouped_id else None})
        who = author or found[0].author or found[0].sender
        return [m.id for _, _, m in self._world.commit(who, peer, specs)]

    def _changes(self, given: Any) -> dict[str, Any]:
        changes = spec_from(self._world, given)
        return changes if "entities" in changes or "text" not in changes else changes | {"entities": []}

    def _found(self, peer: Peer, message: int) -> tuple[Box, Message]:
        """In a channel's sequence; of other chats in that of a member who has such a message."""
        boxes = [self._world.boxes[peer]] if peer[0] == "channel" else self._boxes(peer)
        for box in boxes:
            m = box.by_id.get(message)
            if m is not None and m.peer == peer:
                return box, m
        raise Refused(f"There is no message {message} in this chat.")

    def _boxes(self, peer: Peer) -> list[Box]:
        members = self._world.chat(peer).members if peer[0] == "chat" else {}
        first = sorted(members, key=lambda user: members[user] != "creator")
        return [self._world.boxes["user", user] for user in first]
