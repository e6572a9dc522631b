"""What people do with messages: send, edit, delete, forward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.model import Message, Peer, RpcFailure
from sandbox.world.state import State


class Acting(State):
    def send(
        self, sender: int, peer: Peer, specs: list[dict[str, Any]], origin: Any = None
    ) -> list[tuple[int, Message]]:
        """Commit messages (dicts of Message's fields) at once; (pts, message) as the sender sees them."""
        self.check(sender, peer, posting=True)
        for s in specs:
            rnd = s.get("random_id")
            if rnd is not None and (sender, rnd) in self.random_ids:
                raise RpcFailure(500, "RANDOM_ID_DUPLICATE")
        events: dict[Peer, Event] = {}
        mine: list[tuple[int, Message]] = []
        for s in specs:
            s = dict(s)
            rnd = s.pop("random_id", None)
            for box, m in self._copies(sender, peer, s):
                pts = box.add(m)
                ev = events.setdefault(box.key, Event("new", box, origin=origin))
                ev.items.append((pts, 1, m))
                if box is self.box_for(sender, peer):
                    mine.append((pts, m))
            if rnd is not None:
                self.random_ids[sender, rnd] = mine[-1][1].id
        for ev in events.values():
            self.emit(ev)
        return mine

    def _copies(self, sender: int, peer: Peer, s: dict[str, Any]) -> Iterator[tuple[Box, Message]]:
        now, uid = int(s.pop("date", None) or self.clock()), next(self._ids)
        if peer[0] == "channel":
            c, box = self.channels[peer[1]], self.boxes[peer]
            shown = sender if c.megagroup else None
            m = Message(box.next_id, peer, shown, now, uid=uid, author=sender, **s)
            box.next_id += 1
            yield box, m
            return
        for owner, other in {sender: peer[1], peer[1]: sender}.items():
            box = self.boxes["user", owner]
            out = owner == sender
            m = Message(box.next_id, ("user", other), sender, now, out=out, uid=uid, author=sender, **s)
            box.next_id += 1
            yield box, m

    def edit(
        self, user_id: int, peer: Peer, msg_id: int, origin: Any = None, **changes: Any
    ) -> tuple[int, Message]:
        box = self.box_for(user_id, peer)
        m = box.by_id.get(msg_id)
        if m is None or m.peer != peer:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        if all(getattr(m, k) == v for k, v in changes.items()):
            raise RpcFailure(400, "MESSAGE_NOT_MODIFIED")
        for b, x in [*self.twins(user_id, peer, m), (box, m)]:
            for k, v in changes.items():
                setattr(x, k, v)
            x.edit_date = int(self.clock())
            x.touch()
            pts = b.bump("edit", x, 1)
            self.emit(Event("edit", b, [(pts, 1, x)], origin))
        return pts, m

    def delete(self, user_id: int, peer: Peer, ids: list[int], origin: Any = None) -> tuple[int, int]:
        """Returns the box's pts and how many messages went."""
        box = self.box_for(user_id, peer)
        gone = [i for i in ids if i in box.by_id]
        for i in gone:
            for b, x in self.twins(user_id, peer, box.by_id[i]):
                b.remove(x.id)
                self.emit(Event("delete", b, [(b.bump("delete", [x.id], 1), 1, [x.id])]))
            box.remove(i)
        if gone:
            pts = box.bump("delete", gone, len(gone))
            self.emit(Event("delete", box, [(pts, len(gone), gone)], origin))
        return box.pts, len(gone)

    def twins(self, user_id: int, peer: Peer, m: Message) -> list[tuple[Box, Message]]:
        """The other sides' copies of a private message."""
        if peer[0] != "user" or peer[1] == user_id:
            return []
        box = self.boxes["user", peer[1]]
        ids = reversed(box.order.get(("user", user_id), []))
        return [(box, x) for i in ids if (x := box.by_id[i]).uid == m.uid][:1]

    def forward(
        self,
        user_id: int,
        src: Peer,
        ids: list[int],
        dst: Peer,
        random_ids: list[int],
        drop_author: bool = False,
        topic: int | None = None,
        origin: Any = None,
    ) -> list[tuple[int, Message]]:
        self.check(user_id, src, posting=False)
        if src[0] == "channel" and self.channels[src[1]].noforwards:
            raise RpcFailure(400, "CHAT_FORWARDS_RESTRICTED")
        box = self.box_for(user_id, src)
        groups: dict[int, int] = {}
        specs: list[dict[str, Any]] = []
        for i, rnd in zip(ids, random_ids, strict=True):
            m = box.by_id.get(i)
            if m is None or m.service:
                continue  # Telegram leaves silent holes here
            group = m.grouped_id and groups.setdefault(m.grouped_id, self.new_group_id())
            specs.append(
                {
                    "text": m.text,
                    "entities": m.entities,
                    "media": m.media,
                    "fwd": None if drop_author else _header(m),
                    "grouped_id": group,
                    "topic": topic,
                    "random_id": rnd,
                }
            )
        if not specs:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        return self.send(user_id, dst, specs, origin)


def _header(m: Message) -> dict[str, Any]:
    """Who a forwarded copy says it is from: the first author, through any number of forwards."""
    if m.fwd:
        return m.fwd
    if m.sender is None:
        return {"date": m.date, "from": m.peer, "post": m.id}
    return {"date": m.date, "from": ("user", m.sender), "post": None}
