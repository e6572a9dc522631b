"""What is put on messages without changing them: pins and votes."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people, unfiled
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import RpcFailure


@on(f.messages.UpdatePinnedMessageRequest)
def update_pinned_message(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    mark = c.mark(p)
    c.w.pin(c.me, p, r.id, pinned=not r.unpin, origin=c.session)
    return c.done(p, mark)


@on(f.messages.UnpinAllMessagesRequest)
def unpin_all_messages(c: Call, r: Any) -> Any:
    pts, count = c.w.unpin_all(c.me, c.peer(r.peer))
    return t.messages.AffectedHistory(pts, count, 0)


@on(f.messages.SendVoteRequest, users_only=True)
def send_vote(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    if any(len(o) != 1 for o in r.options):
        raise RpcFailure(400, "OPTION_INVALID")
    m = c.w.vote(c.me, p, r.msg_id, [o[0] - unfiled.option(0)[0] for o in r.options])
    assert m.media is not None  # vote() refuses whatever is no poll
    shown = media.media(m.media, c.me)
    update = t.UpdateMessagePoll(m.media.id, shown.results, people.peer(p), m.id, poll=shown.poll)
    return cv.envelope(c.w, c.me, [update], [m], [p])
