"""Trouble on order: rules that match calls and make something go wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from sandbox.world.model import Peer

ACTIONS = (
    "flood",  # FLOOD_WAIT of `seconds`
    "slow_mode",  # SLOWMODE_WAIT of `seconds`
    "error",  # `code` and `message`, nothing done
    "delay",  # runs for `seconds`, then commits and answers
    "drop_before",  # the connection breaks, nothing done
    "drop_after",  # done, and the connection breaks before the answer
    "error_after",  # done, and answered with `code` and `message`
    "hold_before",  # waits before doing anything until release()
    "hold_after",  # done, waits before the answer until release()
    "after_answer",  # done and answered; `hit` is set once the answer has left (MTProto alone)
    "pass",  # nothing goes wrong with the call itself: for `then`
)
#: What is done before the fault shows.
_COMMITTING = ("drop_after", "error_after", "hold_after", "after_answer")


@dataclass(eq=False)
class Fault:
    """Matches calls by method name (glob), user, target chat and count; then does one thing.

    Bot API methods are called "bot.sendMessage" here. `hit` is set as soon as a call has met the fault (and,
    for what comes after the commit, has committed); a held call goes on after `release()`.
    """

    method: str
    action: str
    seconds: float = 0
    code: int = 400
    message: str = ""
    user: int | None = None
    times: int = 1
    skip: int = 0
    hits: int = 0
    target: Peer | None = None
    commit_first: bool = False  # delay: commit at the start and not at the end
    discard: bool = False  # hold_before, delay: do nothing at all if the caller has gone meanwhile
    then: Callable[[], object] | None = field(default=None, repr=False)
    hit: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"no fault called {self.action!r}; there are: {', '.join(ACTIONS)}")

    def take(self, method: str, user: int | None, target: Peer | None = None) -> bool:
        """Whether this call meets the fault; counts it."""
        if self.times <= 0 or self.user not in (None, user) or self.target not in (None, target):
            return False
        if not fnmatchcase(method, self.method):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        self.hits += 1
        return True

    @property
    def commits_first(self) -> bool:
        return self.action in _COMMITTING or self.commit_first

    def met(self) -> None:
        """A call stands where the fault strikes."""
        if self.then is not None:
            self.then()
        self.hit.set()

    async def pause(self) -> None:
        """What a delayed or held call waits for."""
        if self.action == "delay":
            await asyncio.sleep(self.seconds)
        else:
            await self.released.wait()

    def release(self) -> None:
        self.released.set()
