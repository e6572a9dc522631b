"""What Telegram remembers of random ids: per account and target, for ever.

By its documentation a repeated id answers with the messages that are already there. No one here can ask the
real server, so there are harsher ways beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sandbox.world.model import Peer, RpcFailure

DOCUMENTED = "documented"  #: the earlier messages and their mapping; nothing is sent again
DUPLICATE = "duplicate"  #: one known id refuses the whole call
MAPPING_ONLY = "mapping_only"  #: the mapping without the messages
FORGOTTEN = "forgotten"  #: nothing is remembered: a repeat sends again
MODES = (DOCUMENTED, DUPLICATE, MAPPING_ONLY, FORGOTTEN)

_NONE: dict[int, int] = {}


class RandomIds:
    def __init__(self) -> None:
        self.mode = DOCUMENTED
        self.modes: dict[Peer, str] = {}  # targets that have another mode
        self._known: dict[tuple[int, Peer], dict[int, int]] = {}  # -> random id -> message id
        self._running: dict[tuple[int, Peer], set[int]] = {}

    def mode_for(self, target: Peer) -> str:
        return self.modes.get(target, self.mode)

    def known(self, account: int, target: Peer) -> dict[int, int]:
        """Random id -> message id of everything the account ever sent there."""
        if self.mode_for(target) == FORGOTTEN:
            return _NONE
        return self._known.get((account, target), _NONE)

    def remember(self, account: int, target: Peer, ids: Iterable[tuple[int, int]]) -> None:
        self._known.setdefault((account, target), {}).update(ids)

    def admit(self, account: int, target: Peer, ids: list[int]) -> None:
        """Raises RpcFailure where a call with these ids is refused as a whole."""
        if 0 in ids:
            raise RpcFailure(400, "RANDOM_ID_EMPTY")
        running = self._running.get((account, target))
        twice = len(set(ids)) < len(ids)
        if twice or (running and not running.isdisjoint(ids)):
            raise RpcFailure(500, "RANDOM_ID_DUPLICATE")
        if self.mode_for(target) == DUPLICATE and any(i in self.known(account, target) for i in ids):
            raise RpcFailure(500, "RANDOM_ID_DUPLICATE")

    @contextmanager
    def running(self, account: int, target: Peer, ids: list[int]) -> Iterator[None]:
        """While a call is on its way nobody else may use its ids."""
        held = self._running.setdefault((account, target), set())
        mine = set(ids) - held
        held |= mine
        try:
            yield
        finally:
            held -= mine
