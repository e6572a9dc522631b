"""What a message tells of the comments below it."""

from __future__ import annotations

from telethon.tl import types as t

from sandbox.world import Message, World


def replies(w: World, m: Message) -> bytes:
    """The MessageReplies of a channel's post or of its appearance in the discussion group; b"" for others."""
    channel = w.channels[m.peer[1]]
    roots = [m] if m.appeared and channel.megagroup else w.roots_of(m)
    if not roots:
        return b""
    said = w.comments(roots[0])
    pts = w.boxes[roots[0].peer].pts
    shown = t.MessageReplies(
        len(said),
        pts,
        comments=not channel.megagroup or None,
        channel_id=None if channel.megagroup else channel.linked,
        max_id=said[-1] if said else None,
    )
    return bytes(shown._bytes())
