"""A channel's discussion group: its posts appear there by themselves, and comments hang on what appeared."""

from __future__ import annotations

import asyncio
from typing import Any

from sandbox.world.box import Box
from sandbox.world.editing import Editing
from sandbox.world.forwardable import header
from sandbox.world.model import Channel, Message, Peer, RpcFailure
from sandbox.world.sending import Item

#: What a post and its appearance in the group have in common; an edit of the one is an edit of the other.
SHARED = ("text", "entities", "media", "look", "webpage", "invert", "rich")


class Threads(Editing):
    appear_delay = 0.0  # seconds until a post appears; Telegram takes a moment, too

    def commit(
        self, sender: int | None, peer: Peer, specs: list[dict[str, Any]], origin: Any = None
    ) -> list[Item]:
        channel = self.channels[peer[1]] if peer[0] == "channel" else None
        if channel is None or channel.linked is None:
            return super().commit(sender, peer, specs, origin)
        if channel.megagroup:
            return super().commit(sender, peer, [self._threaded(peer, s) for s in specs], origin)
        made = super().commit(sender, peer, specs, origin)
        posts = [m for *_, m in made]
        if self.appear_delay:
            asyncio.get_running_loop().call_later(self.appear_delay, self.appear, channel, posts)
        else:
            self.appear(channel, posts)
        return made

    def _threaded(self, peer: Peer, spec: dict[str, Any]) -> dict[str, Any]:
        answers = None if spec.get("reply_peer") else spec.get("reply_to")
        return spec | {"top": self.thread_of(peer, answers)} if answers else spec

    def appear(self, channel: Channel, posts: list[Message]) -> list[Message]:
        """What Telegram does with new posts of a channel that has a discussion group; the group's messages.

        For posts that were put into a box without being sent.
        """
        group = self.channels.get(channel.linked or 0)
        there = self.boxes["channel", channel.id].by_id
        posts = [m for m in posts if not m.service and m.id in there]
        if group is None or not posts:
            return []
        albums: dict[int, int] = {}
        specs = []
        for m in posts:
            spec: dict[str, Any] = {name: getattr(m, name) for name in SHARED}
            spec |= {"fwd": header(m, saved=True), "date": m.date}
            if m.grouped_id:
                spec["grouped_id"] = albums.get(m.grouped_id) or self.new_group_id()
                albums[m.grouped_id] = spec["grouped_id"]
            specs.append(spec)
        return [m for *_, m in super().commit(None, ("channel", group.id), specs)]

    def thread_of(self, peer: Peer, reply_to: int | None) -> int | None:
        """The message that opened the comment thread into which such a reply goes, if any."""
        m = self.boxes[peer].by_id.get(reply_to or 0) if peer[0] == "channel" else None
        if m is None:
            return None
        return m.top or (self._opener(self.boxes[peer], m).id if m.appeared else None)

    def roots_of(self, post: Message) -> list[Message]:
        """A channel's post as it appeared in the group now linked; an album whole, its first one first."""
        channel = self.channels[post.peer[1]]
        if channel.linked is None or channel.megagroup:
            return []
        box = self.boxes.get(("channel", channel.linked))
        found = box and box.by_id.get(box.roots.get((post.peer, post.id), 0))
        return _album(box, found) if box and found else []

    def comments(self, m: Message) -> list[int]:
        """Ids of what was said under an appeared post (or anywhere below it), ascending; in its group."""
        box = self.boxes[m.peer]
        return box.threads.get(self._opener(box, m).id, [])

    def change(self, box: Box, m: Message, origin: Any = None, **changes: Any) -> int:
        pts = super().change(box, m, origin, **changes)
        shared = {k: v for k, v in changes.items() if k in SHARED or k == "edit_date"}
        root = self._appearance(box, m.id)
        if root is not None and shared:
            super().change(root[0], root[1], **shared)
        return pts

    def remove(self, box: Box, ids: list[int], origin: Any = None) -> None:
        roots = [r for i in ids if (r := self._appearance(box, i))]
        super().remove(box, ids, origin)
        for group, root in roots:  # comments stay behind, below nothing
            super().remove(group, [root.id])

    def link(self, actor: int, channel: Peer, group: Peer | None) -> None:
        """Give a channel its discussion group, or None; both know of it. Earlier posts do not appear."""
        self.check_admin(actor, channel, "change_info")
        c = self.channels[channel[1]]
        if c.megagroup:
            raise RpcFailure(400, "BROADCAST_ID_INVALID")
        if c.linked == (group and group[1]):
            raise RpcFailure(400, "LINK_NOT_MODIFIED")
        if group is not None:
            self._check_linkable(actor, group)
        if c.linked is not None:
            self.channels[c.linked].linked = None
        c.linked = None
        if group is not None:
            c.linked, self.channels[group[1]].linked = group[1], c.id

    def _check_linkable(self, actor: int, group: Peer) -> None:
        self.check_admin(actor, group, "pin_messages")  # every post that appears is pinned there
        g = self.channels[group[1]]
        if not g.megagroup or g.forum or g.linked is not None:
            raise RpcFailure(400, "MEGAGROUP_ID_INVALID")

    def _appearance(self, box: Box, post: int) -> tuple[Box, Message] | None:
        if box.key[0] != "channel" or self.channels[box.key[1]].linked is None or post not in box.by_id:
            return None
        found = self.roots_of(box.by_id[post])
        group = self.boxes[found[0].peer] if found else None
        saved = (box.key, post)
        mine = next((m for m in found if m.fwd and m.fwd["saved_from"] == saved), None)
        return (group, mine) if group is not None and mine is not None else None

    def _opener(self, box: Box, m: Message) -> Message:
        """Comments on an album hang on its first picture."""
        return _album(box, m)[0] if m.grouped_id else m


def _album(box: Box, m: Message) -> list[Message]:
    """The album's messages, which stand side by side; a message of no album alone."""
    if not m.grouped_id:
        return [m]
    near = range(m.id - 9, m.id + 10)
    return [x for i in near if (x := box.by_id.get(i)) is not None and x.grouped_id == m.grouped_id]
