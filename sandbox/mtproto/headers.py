"""What stands above a message: whom it answers, whom it was forwarded from, who appears as its sender."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from sandbox.world import Message, Peer

PEERS = {"user": t.PeerUser, "chat": t.PeerChat, "channel": t.PeerChannel}


def reply(m: Message) -> Any:
    """What a message answers, and in which topic or thread; None for nothing of these."""
    topic = m.topic if m.topic and m.topic != 1 else None
    thread = topic or m.top
    if not thread and not m.reply_to:
        return None
    return t.MessageReplyHeader(
        forum_topic=bool(topic) or None,
        reply_to_msg_id=m.reply_to or thread,
        reply_to_peer_id=peer(m.reply_peer),
        reply_to_top_id=thread if m.reply_to and m.reply_to != thread else None,
        **_quoted(m.quote) if m.quote else {},
    )


def _quoted(quote: dict[str, Any]) -> dict[str, Any]:
    return {
        "quote": True,
        "quote_text": quote["text"],
        "quote_entities": quote.get("entities") or None,
        "quote_offset": quote.get("offset"),
    }


def forwarded(fwd: dict[str, Any]) -> Any:
    """A header in full; `fwd` as in Message, with "name" for a hidden author, "author" of a signed post."""
    saved, number = fwd.get("saved_from") or (None, None)
    return t.MessageFwdHeader(
        datetime.fromtimestamp(fwd["date"], UTC),
        from_id=peer(fwd.get("from")),
        from_name=fwd.get("name"),
        channel_post=fwd.get("post"),
        post_author=fwd.get("author"),
        saved_from_peer=peer(saved),
        saved_from_msg_id=number,
    )


def appeared_as(m: Message) -> Peer:
    """Who a message without a person behind it is from: the channel whose post appeared in its group."""
    assert m.fwd is not None  # Message.appeared says so
    channel: Peer = m.fwd["saved_from"][0]
    return channel


def peer(p: Peer | None) -> Any:
    return PEERS[p[0]](p[1]) if p else None
