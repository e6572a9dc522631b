"""Whom an account may mention: people whom it has seen lately, with their access hashes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telethon.tl import types as tl

#: People remembered; the longest unseen are forgotten first. A page of a large group names up to a hundred.
REMEMBERED = 5000


class KnownUsers:
    def __init__(self) -> None:
        self._hashes: dict[int, int] = {}

    def see(self, users: Iterable[Any]) -> None:
        """A `min` user's hash is worth nothing (core.telegram.org/api/min)."""
        known = self._hashes
        for user in users:
            if isinstance(user, tl.User) and user.access_hash is not None and not user.min:
                known.pop(user.id, None)
                known[user.id] = user.access_hash
        while len(known) > REMEMBERED:
            del known[next(iter(known))]

    def __call__(self, user_id: int) -> Any | None:
        """The InputUser, or None for somebody unknown."""
        known = self._hashes.get(user_id)
        return None if known is None else tl.InputUser(user_id, known)
