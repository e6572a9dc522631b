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
        if m.author != user_id and not self._may_edit_post(user_id, m):
            raise RpcFailure(403, "MESSAGE_AUTHOR_REQUIRED")
        if all(getattr(m, k) == v for k, v in changes.items()):
            raise RpcFailure(400, "MESSAGE_NOT_MODIFIED")
        changes["edit_date"] = int(self.clock())
        return self.change(box, m, origin, **changes), m

    def _may_edit_post(self, user_id: int, m: Message) -> bool:
        if m.sender is not None or m.peer[0] != "channel" or m.appeared:
            return False
        return self.channels[m.peer[1]].may(user_id, "edit_messages")

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
        channel = self.channels[peer[1]] if peer[0] == "channel" else None
        free = channel is None or channel.may(user_id, "delete_messages")
        if not free and any(box.by_id[i].author != user_id for i in gone):
            raise RpcFailure(403, "MESSAGE_DELETE_FORBIDDEN")
        self.remove(box, gone, origin)
        return box.pts, len(gone)

    def remove(self, box: Box, ids: list[int], origin: Any = None) -> None:
        """Take messages that are there away from everybody, whoever may."""
        for i in ids:
            m = box.by_id[i]
            for b, x in self.twins(box, m):
                b.remove(x.id)
                self.emit(Event("delete", b, [(b.bump("delete", [x.id], 1), 1, [x.id])]))
            self._copies.pop(m.uid, None)
            box.remove(i)
            if m.service == "topic":
                self.channels[m.peer[1]].forget_topic(i)
        if ids:
            pts = box.bump("delete", ids, len(ids))
            self.emit(Event("delete", box, [(pts, len(ids), ids)], origin))

    def pin(
        self,
        user_id: int,
        peer: Peer,
        msg_id: int,
        *,
        pinned: bool = True,
        origin: Any = None,
    ) -> tuple[int, list[int]]:
        """Pin (or unpin) a message; (pts, ids) for the caller.

        A service message says so, however silently it is done: that only spares people the notification.
        """
        box, m = self._found(user_id, peer, msg_id)
        self._check_pins(user_id, peer)
        if m.service:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        if m.pinned == pinned:
            raise RpcFailure(400, "CHAT_NOT_MODIFIED")
        pts = self._mark(box, [m], pinned, origin)
        if pinned:
            self.commit(user_id, peer, [{"service": "pin", "reply_to": m.id, "topic": m.topic}], origin)
        return pts, [m.id]

    def _check_pins(self, user_id: int, peer: Peer) -> None:
        """Pinning is a right of its own in groups; in channels it goes with editing."""
        if peer[0] == "chat":
            self.check_admin(user_id, peer)
        elif peer[0] == "channel":
            group = self.channels[peer[1]].megagroup
            self.check_admin(user_id, peer, "pin_messages" if group else "edit_messages")

    def unpin_all(self, user_id: int, peer: Peer, origin: Any = None) -> tuple[int, int]:
        """Returns the box's pts and how many messages were unpinned."""
        self.check(user_id, peer, posting=False)
        self._check_pins(user_id, peer)
        box = self.box_for(user_id, peer)
        found = [m for i in box.order.get(peer, []) if (m := box.by_id[i]).pinned]
        if found:
            self._mark(box, found, False, origin)
        return box.pts, len(found)

    def pinned(self, viewer: int, peer: Peer) -> list[int]:
        """Ids of the pinned messages, oldest first."""
        box = self.box_for(viewer, peer)
        return [i for i in sorted(box.pinned) if box.by_id[i].peer == peer]

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
