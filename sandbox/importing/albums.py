"""Which exported neighbours were one album: exports do not tell."""

from __future__ import annotations

from typing import Any

from sandbox.world import Message, World

LONGEST = 10
#: Kinds that Telegram puts into one album together.
FAMILIES = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}


class Albums:
    """Give it the messages in their order; it numbers those that belong together."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before: Message | None = None
        self._members = 0

    def add(self, m: Message) -> None:
        before, self._before = self._before, m
        if before is None or self._members >= LONGEST or not belong_together(before, m):
            self._members = 1
            return
        group = before.grouped_id or self._world.new_group_id()
        before.grouped_id = m.grouped_id = group
        self._members += 1


def belong_together(a: Message, b: Message) -> bool:
    """Whether two neighbours were one album.

    They were if nothing stands between them, not even a deleted id, and they have the same second, the same
    sender and the same origin, answer the same message in the same topic, and are of kinds that can share an
    album. Files that somebody forwarded in one go look the same and become an album too.
    """
    if a.media is None or b.media is None or a.service or b.service:
        return False
    family = FAMILIES.get(a.media.shape)
    return (
        family is not None
        and family == FAMILIES.get(b.media.shape)
        and b.id == a.id + 1
        and _place(a) == _place(b)
        and not any((m.look or {}).get("ttl") or m.markup for m in (a, b))
    )


def _place(m: Message) -> Any:
    """Buttons and photos that destroy themselves are for single messages alone."""
    origin = m.fwd and (m.fwd["from"], m.fwd.get("name"))
    return m.date, m.sender, m.via_bot, m.reply_peer, m.reply_to, m.topic, origin
