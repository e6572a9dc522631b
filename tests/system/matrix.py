"""The fault matrix as values: which call of a job meets which trouble where, and how the job must end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from random import Random
from typing import Any

from sandbox.world import Peer

FORWARD, HISTORY = "messages.forwardMessages", "messages.getHistory"
#: Messages in a cell's source, and the batches that they make: 301 to 364 do, wherever their albums lie.
MESSAGES, BATCHES = 330, 4
BATCH = 100


class Call(StrEnum):
    """What the fault strikes."""

    PAGE = "page"  # reading the source
    SEND = "send"  # forwarding a batch
    SETTLE = "settle"  # reading the target after an answer was lost
    LOOK = "look"  # looking at messages that an answer left out: they were deleted meanwhile
    LOOK_IN_GROUP = "look in group"  # the same where the source is a basic group
    GREET = "greet"  # after the connection was lost, what is called first on the new one
    IDENTIFY = "identify"  # then who we are
    SYNCHRONISE = "synchronise"  # and where updates stand


_LOOKS = (Call.LOOK, Call.LOOK_IN_GROUP)
#: What a client calls when it connects.
CONNECTING = {
    Call.GREET: "help.getConfig",
    Call.IDENTIFY: "users.getUsers",
    Call.SYNCHRONISE: "updates.getState",
}


class Trouble(StrEnum):
    DROP_BEFORE = "drop before"
    DROP_AFTER = "drop after commit"
    ERROR_AFTER = "error after commit"
    DELAY = "delay"
    SERVER_ERROR = "500"
    FLOOD = "flood"
    SLOW_MODE = "slow mode"
    DUPLICATE = "duplicate"
    RIGHTS = "wrong rights"
    SOURCE_DELETED = "source deleted"
    TARGET_DELETED = "target deleted"
    REVOKED = "account revoked"
    SPAMMER = "peer flood"
    DUPLICATED = "key used twice"


class Place(StrEnum):
    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


#: Of the four batches, or pages.
INDEX = {Place.FIRST: 0, Place.MIDDLE: 2, Place.LAST: BATCHES - 1}
WAIT = 1  # seconds of a flood wait, a slow mode, a delay

#: Trouble of one call that passes by itself, as ControlClient.set_fault takes it.
FAULTS: dict[Trouble, dict[str, Any]] = {
    Trouble.DROP_BEFORE: {"action": "drop_before"},
    Trouble.DROP_AFTER: {"action": "drop_after"},
    Trouble.ERROR_AFTER: {"action": "error_after", "code": 500, "message": "INTERDC_2_CALL_ERROR"},
    # Nobody could be safe from a call that is carried out after its caller has died and been restarted.
    Trouble.DELAY: {"action": "delay", "seconds": WAIT, "discard": True},
    Trouble.SERVER_ERROR: {"action": "error", "code": 500, "message": "WORKER_BUSY_TOO_LONG_RETRY"},
    Trouble.FLOOD: {"action": "flood", "seconds": WAIT},
    Trouble.SLOW_MODE: {"action": "slow_mode", "seconds": WAIT},
    Trouble.DUPLICATE: {"action": "error", "code": 500, "message": "RANDOM_ID_DUPLICATE"},
}
#: After which a person has to log the account in again.
STOPPING: dict[Trouble, dict[str, Any]] = {
    Trouble.SPAMMER: {"action": "error", "code": 400, "message": "PEER_FLOOD"},
    Trouble.DUPLICATED: {"action": "error", "code": 406, "message": "AUTH_KEY_DUPLICATED"},
}


@dataclass(frozen=True, slots=True)
class Site:
    """A cell's own account and chats; `ids` are those of the source's messages that can be copied."""

    user: int
    source: Peer
    target: Peer
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ending:
    """`blamed` is the chat that the failure must name. `mends` is what a person does before it goes on."""

    status: str
    blamed: str | None = None  # source | target
    mends: str | None = None  # rights | login


COMPLETED = Ending("completed")


@dataclass(frozen=True, slots=True)
class Cell:
    call: Call
    trouble: Trouble
    place: Place

    def __str__(self) -> str:
        return f"{self.call} × {self.trouble} × {self.place}"

    @property
    def in_group(self) -> bool:
        """Whether the source is a basic group."""
        return self.call is Call.LOOK_IN_GROUP

    @property
    def ending(self) -> Ending:
        match self.trouble:
            case Trouble.RIGHTS if self.in_group:
                return COMPLETED  # who is put out of a basic group keeps its history
            case Trouble.RIGHTS:
                return Ending("failed", self._loser, "rights")
            case Trouble.SOURCE_DELETED:
                return Ending("failed", "source")
            case Trouble.TARGET_DELETED if self.call in _LOOKS and self.place is Place.LAST:
                return COMPLETED  # nothing was left to be sent
            case Trouble.TARGET_DELETED:
                return Ending("failed", "target")
            case Trouble.REVOKED | Trouble.SPAMMER | Trouble.DUPLICATED:
                return Ending("paused", mends="login")
            case _:
                return COMPLETED

    def faults(self, site: Site) -> Iterator[dict[str, Any]]:
        """As ControlClient.set_fault takes them: what brings the call about, then the trouble with it."""
        index = INDEX[self.place]
        sending = {"method": FORWARD, "target": site.target, "skip": index}
        match self.call:
            case Call.PAGE:
                struck = {"method": HISTORY, "target": site.source, "skip": index}
            case Call.SEND:
                struck = sending
            case Call.SETTLE:
                yield sending | {"action": "drop_after"}
                struck = {"method": HISTORY, "target": site.target}
            case Call.LOOK | Call.LOOK_IN_GROUP:
                doomed = {"chat": site.source, "user": site.user, "ids": self.deleted(site)}
                yield sending | {"action": "pass", "then": ["delete_messages", doomed]}
                method = "messages.getMessages" if self.in_group else "channels.getMessages"
                struck = {"method": method, "user": site.user}
            case _:
                yield sending | {"action": "drop_before"}
                struck = {"method": CONNECTING[self.call], "user": site.user}
        yield struck | self._trouble(site)

    def deleted(self, site: Site) -> list[int]:
        """Source messages that vanish in mid-job: some that surely are in the batch that is struck."""
        if self.call not in _LOOKS:
            return []
        start = INDEX[self.place] * BATCH
        return list(site.ids[start : start + 2])

    def _trouble(self, site: Site) -> dict[str, Any]:
        if (fault := (FAULTS | STOPPING).get(self.trouble)) is not None:
            return fault
        return {"action": "pass", "then": self._happening(site)}

    def _happening(self, site: Site) -> list[Any]:
        match self.trouble:
            case Trouble.RIGHTS:
                chat = site.source if self._loser == "source" else site.target
                stranger = self.call in (Call.PAGE, Call.SETTLE, *_LOOKS)  # a member may not post but read
                role = None if stranger else "member"
                return ["set_member", {"chat": chat, "user": site.user, "role": role}]
            case Trouble.SOURCE_DELETED:
                return ["delete_chat", {"chat": site.source}]
            case Trouble.TARGET_DELETED:
                return ["delete_chat", {"chat": site.target}]
            case _:
                return ["revoke", {"user": site.user}]

    @property
    def _loser(self) -> str:
        """The chat in which the rights are taken away: the one that the call is about."""
        return "source" if self.call in (Call.PAGE, *_LOOKS) else "target"


CELLS = [Cell(*cell) for cell in product(Call, Trouble, Place)]


def sample(size: int, random: Random) -> list[Cell]:
    """Every trouble and every call about as often as any other, and no cell twice."""
    cells = random.sample(CELLS, len(CELLS))
    troubles, calls = [*Trouble], [*Call]
    chosen: list[Cell] = []
    for n in range(size):
        trouble, call = troubles[n % len(troubles)], calls[(n + n // len(troubles)) % len(calls)]
        chosen.append(next(c for c in cells if (c.trouble, c.call) == (trouble, call) and c not in chosen))
    return chosen
