"""Trouble on order: rules that match calls and make something go wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from sandbox.world.model import Peer


@dataclass(eq=False)
class Fault:
    """Matches calls by method name (glob), user, target chat and count; then does one thing."""

    method: str
    action: str  # flood | error | drop_before | drop_after | delay
    seconds: float = 0
    code: int = 400
    message: str = ""
    user: int | None = None
    times: int = 1
    skip: int = 0
    hits: int = 0
    target: Peer | None = None

    def take(self, method: str, user: int | None, target: Peer | None = None) -> bool:
        if self.times <= 0 or not fnmatchcase(method, self.method):
            return False
        if self.user is not None and self.user != user:
            return False
        if self.target is not None and self.target != target:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        self.hits += 1
        return True
