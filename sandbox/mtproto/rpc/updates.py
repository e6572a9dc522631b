"""Catching up: what happened since a pts."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Box, Message, Peer, RpcFailure
from sandbox.world.box import LogEntry

PAGE = 500  # entries of the account's own sequence in one answer
RECENT = 50  # log entries of a channel that decide whether it is mentioned


@on(f.updates.GetStateRequest)
def get_state(c: Call, r: Any) -> Any:
    return c.state()


def _split(c: Call, box: Box, entries: list[LogEntry]) -> tuple[list[Message], list[Any]]:
    new = [p for _, _, k, p in entries if k == "new" and p.id in box.by_id]
    other = [cv.update(c.w, c.me, box, k, pts, n, p) for pts, n, k, p in entries if k != "new"]
    return new, other


def _changed_since(box: Box, since: int) -> bool:
    recent = [p for *_, p in box.log[-RECENT:] if isinstance(p, Message)]
    return any((p.edit_date or p.date) >= since for p in recent)


@on(f.updates.GetDifferenceRequest)
def get_difference(c: Call, r: Any) -> Any:
    box = c.w.boxes["user", c.me]
    missed = box.since(r.pts)
    page = missed[:PAGE]
    since = int(r.date.timestamp()) if r.date else 0
    mine = [c.w.boxes["channel", ch.id] for ch in c.w.channels.values() if ch.has(c.me) and not ch.deleted]
    late = [b for b in mine if _changed_since(b, since)]
    if not missed and not late:
        return t.updates.DifferenceEmpty(media.when(c.now()), 0)
    new, other = _split(c, box, page)
    other += [t.UpdateChannelTooLong(b.key[1], b.pts) for b in late]
    users, chats = cv.around(c.w, c.me, new, [b.key for b in late])
    tl = [cv.message(c.w, c.me, m) for m in new]
    if len(page) < len(missed):
        state = t.updates.State(page[-1][0], 0, media.when(c.now()), 0, 0)
        return t.updates.DifferenceSlice(tl, [], other, chats, users, state)
    return t.updates.Difference(tl, [], other, chats, users, c.state())


@on(f.updates.GetChannelDifferenceRequest)
def get_channel_difference(c: Call, r: Any) -> Any:
    p = c.peer(r.channel)
    c.w.check(c.me, p, posting=False)
    box = c.w.boxes[p]
    if r.pts <= 0:
        raise RpcFailure(400, "PERSISTENT_TIMESTAMP_EMPTY")
    if not box.reaches(r.pts):
        return _too_long(c, p, box)
    missed = box.since(r.pts)
    if not missed:
        return t.updates.ChannelDifferenceEmpty(box.pts, final=True, timeout=30)
    page = missed[: max(1, r.limit)]
    new, other = _split(c, box, page)
    users, chats = cv.around(c.w, c.me, new, [p])
    tl = [cv.message(c.w, c.me, m) for m in new]
    final = len(page) == len(missed)
    return t.updates.ChannelDifference(page[-1][0], tl, other, chats, users, final=final, timeout=30)


def _too_long(c: Call, p: Peer, box: Box) -> Any:
    """What lies so far back is told no more: the newest page and where the sequence stands now."""
    newest, _ = box.history(p, limit=20)
    users, chats = cv.around(c.w, c.me, newest, [p])
    tl = [cv.message(c.w, c.me, m) for m in newest]
    top = newest[0].id if newest else 0
    quiet = t.PeerNotifySettings()
    dialog = t.Dialog(people.peer(p), top, *(top, top, 0, 0, 0, 0), quiet, pts=box.pts)
    return t.updates.ChannelDifferenceTooLong(dialog, tl, chats, users, final=True, timeout=30)
