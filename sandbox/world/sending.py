"""New messages: into a channel's one sequence, or a copy into everybody's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.model import Message, Peer
from sandbox.world.random_ids import MAPPING_ONLY
from sandbox.world.rights import Rights

Item = tuple[int, int, Message]  # pts, pts_count, message


@dataclass(slots=True)
class Sent:
    """What became of one call, as its sender sees it; a message that was there before has pts_count 0."""

    items: list[Item] = field(default_factory=list)
    ids: list[tuple[int, int]] = field(default_factory=list)  # (random id, message id)


class Sending(Rights):
    def send(
        self, sender: int, peer: Peer, specs: list[dict[str, Any]], origin: Any = None
    ) -> list[tuple[int, Message]]:
        """Commit messages (dicts of Message's fields) at once; (pts, message) as the sender sees them."""
        return [(pts, m) for pts, _, m in self.deliver(sender, peer, specs, origin).items]

    def deliver(
        self,
        sender: int,
        peer: Peer,
        specs: list[dict[str, Any]],
        origin: Any = None,
        forwarding: bool = False,
    ) -> Sent:
        """As send; and a spec whose `random_id` was used before gets the message that it stands for."""
        self.check(sender, peer, posting=True)
        self.random_ids.admit(sender, peer, [s["random_id"] for s in specs if "random_id" in s])
        known = self.random_ids.known(sender, peer)
        fresh = [s for s in specs if s.get("random_id") not in known]
        self.check_kinds(sender, peer, fresh)
        self.check_pace(sender, peer, len(fresh), forwarding)
        made = self.commit(sender, peer, fresh, origin)
        sent = self._answer(sender, peer, specs, made)
        self.random_ids.remember(sender, peer, sent.ids)
        return sent

    def _answer(self, sender: int, peer: Peer, specs: list[dict[str, Any]], made: list[Item]) -> Sent:
        sent, fresh = Sent(), iter(made)
        box, known = self.box_for(sender, peer), self.random_ids.known(sender, peer)
        with_messages = self.random_ids.mode_for(peer) != MAPPING_ONLY
        for s in specs:
            rnd = s.get("random_id")
            if rnd in known:
                message_id = known[rnd]
                earlier = box.by_id.get(message_id)  # may have been deleted since
                if earlier is not None and with_messages:
                    sent.items.append((box.pts, 0, earlier))
            else:
                item = next(fresh)
                sent.items.append(item)
                message_id = item[2].id
            if rnd is not None:
                sent.ids.append((rnd, message_id))
        return sent

    def commit(
        self, sender: int | None, peer: Peer, specs: list[dict[str, Any]], origin: Any = None
    ) -> list[Item]:
        """Without asking whether it is allowed; `sender` None is the chat itself. The sender's view."""
        if not specs:
            return []
        if peer[0] == "channel":
            return self._into_channel(sender, peer, specs, origin)
        assert sender is not None  # every message outside channels is somebody's
        return self._into_boxes(sender, peer, specs, origin)

    def _into_channel(
        self, sender: int | None, peer: Peer, specs: list[dict[str, Any]], origin: Any
    ) -> list[Item]:
        box, now = self.boxes[peer], int(self.clock())
        shown = sender if self.channels[peer[1]].megagroup else None
        event = Event("new", box, origin=origin)
        for spec in specs:
            fields = dict(spec)
            fields.pop("random_id", None)
            date = fields.pop("date", None) or now
            m = Message(box.new_id(), peer, shown, date, author=sender, **fields)
            if m.media and m.media.first is None:
                m.media.first = m
            event.items.append((box.add(m), 1, m))
        self.emit(event)
        return event.items

    def _into_boxes(self, sender: int, peer: Peer, specs: list[dict[str, Any]], origin: Any) -> list[Item]:
        if peer[0] == "chat":
            owners = {i: peer for i, role in self.chats[peer[1]].members.items() if role != "banned"}
        else:
            owners = {sender: peer, peer[1]: ("user", sender)}
        now = int(self.clock())
        events = {i: Event("new", self.boxes["user", i], origin=origin) for i in owners}
        for spec in specs:
            fields = dict(spec)
            fields.pop("random_id", None)
            fields["date"] = fields.get("date") or now
            uid = next(self._ids)
            replied = self._answered(sender, fields)
            copies = self._copies[uid] = []
            for owner, dialogue in owners.items():
                box = self.boxes["user", owner]
                if replied:  # everybody has a number of their own for the message replied to
                    fields["reply_to"] = next((i for b, i in replied if b is box), None)
                m = Message(
                    box.new_id(), dialogue, sender, out=owner == sender, uid=uid, author=sender, **fields
                )
                if m.media and m.media.first is None:
                    m.media.first = m
                copies.append((box, m.id))
                events[owner].items.append((box.add(m), 1, m))
        for event in events.values():
            self.emit(event)
        return events[sender].items

    def _answered(self, sender: int, fields: dict[str, Any]) -> list[tuple[Box, int]]:
        """Everybody's copy of the message that is replied to; [] for one in another chat."""
        if fields.get("reply_peer"):
            return []
        return self._copies_of(self.boxes["user", sender].by_id.get(fields.get("reply_to") or 0))

    def _copies_of(self, m: Message | None) -> list[tuple[Box, int]]:
        return self._copies.get(m.uid, []) if m else []

    def twins(self, box: Box, m: Message) -> list[tuple[Box, Message]]:
        """The other sides' copies of a private message or of one in a basic group."""
        return [(b, b.by_id[i]) for b, i in self._copies_of(m) if b is not box and i in b.by_id]
