"""Changing messages that are there: edit, delete, pin."""

from __future__ import annotations

from typing import Any

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.model import Message, Peer, RpcFailure
from sandbox.world.sending import Sending


class Editing(Sending):
    def edit(
        self, user_id: int, peer: Peer, msg_id: int, origin: Any = None, **changes: Any
    ) -> tuple[int, Message]:
        """`changes` are Message's fields. Returns (pts, message) as the editor sees it."""
        box, m = self._found(user_id, peer, msg_id)
        if m.service:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        post = m.sender is None and self.chat(peer).is_admin(user_id)
        if m.author != user_id and not post:
            raise RpcFailure(403, "MESSAGE_AUTHOR_REQUIRED")
        if all(getattr(m, k) == v for k, v in changes.items()):
            raise RpcFailure(400, "MESSAGE_NOT_MODIFIED")
        changes["edit_date"] = int(self.clock())
        return self.change(box, m, origin, **changes), m

    def change(self, box: Box, m: Message, origin: Any = None, **changes: Any) -> int:
        """Set fields of a message and of all its copies, and tell everybody; returns the pts in `box`."""
        pts = 0
        for b, x in [*self.twins(box, m), (box, m)]:
            for k, v in changes.items():
                setattr(x, k, v)
            x.touch()
            pts = b.bump("edit", x, 1)
            self.emit(Event("edit", b, [(pts, 1, x)], origin))
        return pts

    def delete(self, user_id: int, peer: Peer, ids: list[int], origin: Any = None) -> tuple[int, int]:
        """Returns the box's pts and how many messages went; every side's copy goes with them."""
        box = self.box_for(user_id, peer)
        gone = [i for i in ids if i in box.by_id]
        free = peer[0] != "channel" or self.chat(peer).is_admin(user_id)
        if not free and any(box.by_id[i].author != user_id for i in gone):
            raise RpcFailure(403, "MESSAGE_DELETE_FORBIDDEN")
        for i in gone:
            m = box.by_id[i]
            for b, x in self.twins(box, m):
                b.remove(x.id)
                self.emit(Event("delete", b, [(b.bump("delete", [x.id], 1), 1, [x.id])]))
            self._copies.pop(m.uid, None)
            box.remove(i)
            if m.service == "topic":
                self.channels[peer[1]].topics.pop(i, None)
        if gone:
            pts = box.bump("delete", gone, len(gone))
            self.emit(Event("delete", box, [(pts, len(gone), gone)], origin))
        return box.pts, len(gone)

    def pin(
        self,
        user_id: int,
        peer: Peer,
        msg_id: int,
        *,
        pinned: bool = True,
        silent: bool = False,
        origin: Any = None,
    ) -> tuple[int, list[int]]:
        """Pin (or unpin) a message; a service message says so unless `silent`. (pts, ids) for the caller."""
        box, m = self._found(user_id, peer, msg_id)
        if peer[0] != "user":
            self.check_admin(user_id, peer)
        if m.pinned == pinned:
            raise RpcFailure(400, "CHAT_NOT_MODIFIED")
        pts = self._mark(box, [m], pinned, origin)
        if pinned and not silent:
            self.commit(user_id, peer, [{"service": "pin", "reply_to": m.id}], origin)
        return pts, [m.id]

    def unpin_all(self, user_id: int, peer: Peer, origin: Any = None) -> tuple[int, int]:
        """Returns the box's pts and how many messages were unpinned."""
        if peer[0] != "user":
            self.check_admin(user_id, peer)
        box = self.box_for(user_id, peer)
        found = [m for i in box.order.get(peer, []) if (m := box.by_id[i]).pinned]
        if found:
            self._mark(box, found, False, origin)
        return box.pts, len(found)

    def pinned(self, viewer: int, peer: Peer) -> list[int]:
        """Ids of the pinned messages, oldest first."""
        box = self.box_for(viewer, peer)
        return [i for i in sorted(box.pinned) if i in box.by_id and box.by_id[i].peer == peer]

    def _mark(self, box: Box, found: list[Message], pinned: bool, origin: Any) -> int:
        pts = box.pts
        for m in found:
            for b, x in [*self.twins(box, m), (box, m)]:
                x.pinned = pinned
                x.touch()
                (b.pinned.add if pinned else b.pinned.discard)(x.id)
                payload = {"peer": x.peer, "ids": [x.id], "pinned": pinned}
                pts = b.bump("pin", payload, 1)
                self.emit(Event("pin", b, [(pts, 1, payload)], origin))
        return pts

    def _found(self, user_id: int, peer: Peer, msg_id: int) -> tuple[Box, Message]:
        self.check(user_id, peer, posting=False)
        box = self.box_for(user_id, peer)
        m = box.by_id.get(msg_id)
        if m is None or m.peer != peer:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        return box, m
