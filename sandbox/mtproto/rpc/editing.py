"""Changing one's own messages."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto.rpc.composing import check_length, composed, rich
from sandbox.mtproto.rpc.files import taken
from sandbox.mtproto.rpc.previews import asked_preview, previewed
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Message, Peer, RpcFailure
from sandbox.world.editable import check_editable
from sandbox.world.permissions import EMBED, check_kind


@on(f.messages.EditMessageRequest)
def edit_message(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=False)
    m = c.w.box_for(c.me, p).by_id.get(r.id)
    if m is None or m.peer != p:
        raise RpcFailure(400, "MESSAGE_ID_INVALID")
    changes = _changes(c, r, m)
    if changes.get("webpage") and p[0] != "user":
        check_kind(changes | {"media": None}, c.w.chat(p).barred_for(c.me) & {EMBED})
    check_editable(m, changes, age=c.now() - m.date, for_ever=_for_ever(c, p))
    pts, m = c.w.edit(c.me, p, r.id, c.session, **changes)
    return cv.updates(c.w, c.me, c.w.box_for(c.me, p), "edit", [(pts, 1, m)])


def _changes(c: Call, r: Any, m: Message) -> dict[str, Any]:
    """As Message's fields. A preview is made anew by every edit of a text, unless it is asked for."""
    changes: dict[str, Any] = {}
    asked = r.media if isinstance(r.media, t.InputMediaWebPage) else None
    if r.rich_message is not None:
        changes["rich"] = rich(c, r.rich_message)
    if r.media is not None and asked is None:
        changes |= {"look": None} | taken(c, r.media)
    captioned = m.media is not None or "media" in changes
    if r.message is not None:
        changes |= composed(c, r.message, r.entities)
        if not changes["text"] and not captioned and "rich" not in changes:
            raise RpcFailure(400, "MESSAGE_EMPTY")
        check_length(c, changes["text"], captioned=captioned)
        changes["invert"] = bool(r.invert_media)
    if captioned:
        return changes
    text, entities = changes.get("text", m.text), changes.get("entities", m.entities)
    if asked is not None:
        changes["webpage"] = asked_preview(c, asked, text, entities)
    elif r.message is not None:
        changes["webpage"] = None if r.no_webpage else previewed(c, text, entities)
    return changes


def _for_ever(c: Call, p: Peer) -> bool:
    """In channels, and in supergroups for their admins, messages can be edited however old they are."""
    return p == ("user", c.me) or (p[0] == "channel" and c.w.channels[p[1]].is_admin(c.me))
