"""Flood limits: buckets that the client cannot see, per account or per target, counted in messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from sandbox.world.model import Peer


@dataclass(eq=False)
class FloodLimit:
    """`messages` per `window` seconds for calls whose name matches `methods` (glob).

    "fixed": the window opens with its first message and is one bucket until it closes. "token": the bucket
    refills evenly. A call bigger than the bucket passes where the bucket is untouched.
    """

    methods: str
    messages: int
    window: float
    per: str = "account"  # account | target
    kind: str = "fixed"  # fixed | token
    account: int | None = None  # None: everybody's
    _buckets: dict[object, tuple[float, float]] = field(default_factory=dict, repr=False)

    def applies(self, method: str, account: int | None, target: Peer | None) -> bool:
        if not fnmatchcase(method, self.methods) or self.account not in (None, account):
            return False
        return self.per == "account" or target is not None

    def wait(self, account: int | None, target: Peer | None, count: int, now: float) -> float:
        """Seconds until `count` messages may pass; 0 if they may now."""
        start, used = self._level(account, target, now)
        if used == 0 or used + count <= self.messages:
            return 0.0
        if self.kind == "fixed":
            return start + self.window - now
        too_many = used + min(count, self.messages) - self.messages
        return too_many * self.window / self.messages

    def charge(self, account: int | None, target: Peer | None, count: int, now: float) -> None:
        start, used = self._level(account, target, now)
        self._buckets[self._key(account, target)] = (start, used + count)

    def _key(self, account: int | None, target: Peer | None) -> object:
        return account if self.per == "account" else target

    def _level(self, account: int | None, target: Peer | None, now: float) -> tuple[float, float]:
        """(since when, how many messages are in the bucket), as of now."""
        start, used = self._buckets.get(self._key(account, target), (now, 0.0))
        if self.kind == "token":
            return now, max(0.0, used - (now - start) * self.messages / self.window)
        return (start, used) if now - start < self.window else (now, 0.0)
