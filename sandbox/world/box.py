"""One id/pts sequence: a channel, or everything one account sees outside channels."""

from __future__ import annotations

import bisect
from collections.abc import Callable
from typing import Any

from sandbox.world.model import Message, Peer

LogEntry = tuple[int, int, str, Any]  # pts after it, pts_count, kind, payload
LOG_LIMIT = 20_000  # entries; what lies further back is "too long ago" for a difference


class Box:
    def __init__(self, key: Peer) -> None:
        self.key = key
        self.pts = 1  # 0 would be PERSISTENT_TIMESTAMP_EMPTY
        self.next_id = 1
        self.by_id: dict[int, Message] = {}
        self.order: dict[Peer, list[int]] = {}  # per dialogue, ascending ids
        self.log: list[LogEntry] = []
        self.pinned: set[int] = set()
        #: Ids by forum topic or by the message that opened their comment thread, ascending.
        self.threads: dict[int, list[int]] = {}
        #: A channel's post -> its own appearance in this discussion group.
        self.roots: dict[tuple[Peer, int], int] = {}

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def add(self, m: Message) -> int:
        """Put it at the end, whatever number it has, and return the pts after it."""
        self.by_id[m.id] = m
        ids = self.order.get(m.peer)
        if ids is None:
            ids = self.order[m.peer] = []
        ids.append(m.id)
        thread = m.topic or m.top
        if thread:
            self.threads.setdefault(thread, []).append(m.id)
        if m.fwd is not None and m.appeared:
            self.roots[m.fwd["saved_from"]] = m.id
        self.next_id = max(self.next_id, m.id + 1)
        return self.bump("new", m, 1)

    def remove(self, message_id: int) -> None:
        m = self.by_id.pop(message_id)
        ids = self.order[m.peer]
        del ids[bisect.bisect_left(ids, message_id)]
        thread = m.topic or m.top
        if thread:
            self.threads[thread].remove(message_id)
        if m.fwd is not None and m.appeared:
            self.roots.pop(m.fwd["saved_from"], None)
        self.pinned.discard(message_id)

    def move(self, m: Message, topic: int | None, top: int | None) -> None:
        """Put a message into another topic or comment thread, where it keeps its place in time."""
        if m.topic or m.top:
            self.threads[m.topic or m.top or 0].remove(m.id)
        m.topic, m.top = topic, top
        if topic or top:
            bisect.insort(self.threads.setdefault(topic or top or 0, []), m.id)

    def bump(self, kind: str, payload: Any, count: int) -> int:
        self.pts += count
        self.log.append((self.pts, count, kind, payload))
        if len(self.log) > 2 * LOG_LIMIT:
            del self.log[:LOG_LIMIT]
        return self.pts

    def since(self, pts: int) -> list[LogEntry]:
        """The log's entries after `pts`, oldest first."""
        return self.log[bisect.bisect_right(self.log, pts, key=lambda e: e[0]) :]

    def reaches(self, pts: int) -> bool:
        """Whether the log still tells everything that happened after `pts`."""
        return not self.log or pts >= self.log[0][0] - self.log[0][1]

    def last(self, peer: Peer) -> Message | None:
        ids = self.order.get(peer)
        return self.by_id[ids[-1]] if ids else None

    def history(
        self,
        peer: Peer,
        offset_id: int = 0,
        add_offset: int = 0,
        limit: int = 100,
        max_id: int = 0,
        min_id: int = 0,
        offset_date: int = 0,
        keep: Callable[[Message], bool] | None = None,
        among: list[int] | None = None,
    ) -> tuple[list[Message], int]:
        """A page, newest first, and how many there are in all. Arguments as messages.getHistory has them.

        `among`: only these ids, ascending.
        """
        ids = self.order.get(peer, []) if among is None else among
        if keep:
            ids = [i for i in ids if keep(self.by_id[i])]
        if offset_id:
            pos = bisect.bisect_left(ids, offset_id)  # ids[:pos] are older than the offset
        elif offset_date:
            pos = bisect.bisect_left(ids, offset_date, key=lambda i: self.by_id[i].date)
        else:
            pos = len(ids)
        hi = pos - add_offset  # the newest-first window is [hi - limit, hi)
        lo = hi - max(0, min(limit, 100))
        window = ids[max(lo, 0) : max(hi, 0)]
        page = [self.by_id[i] for i in reversed(window) if (not max_id or i < max_id) and i > min_id]
        return page, len(ids)
