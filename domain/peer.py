"""Where a message lives: a peer as one account sees it, and the chat a job reads from or writes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Marked ids are the Bot API's: users positive, basic groups negated, channels and supergroups below this.
CHANNEL_MARK = -1_000_000_000_000


class PeerKind(StrEnum):
    USER = "user"
    GROUP = "group"  #: a basic group; its message ids belong to one account
    CHANNEL = "channel"  #: a channel or a supergroup


@dataclass(frozen=True, slots=True)
class Peer:
    """One chat's address. `access_hash` is worth something to one account only (0 for basic groups)."""

    kind: PeerKind
    id: int
    access_hash: int = 0

    @property
    def marked_id(self) -> int:
        """The single signed number that names this chat in the Bot API and in our database."""
        match self.kind:
            case PeerKind.USER:
                return self.id
            case PeerKind.GROUP:
                return -self.id
            case PeerKind.CHANNEL:
                return CHANNEL_MARK - self.id

    @classmethod
    def from_marked(cls, marked_id: int, access_hash: int = 0) -> Peer:
        if marked_id <= CHANNEL_MARK:
            return cls(PeerKind.CHANNEL, CHANNEL_MARK - marked_id, access_hash)
        if marked_id < 0:
            return cls(PeerKind.GROUP, -marked_id, access_hash)
        return cls(PeerKind.USER, marked_id, access_hash)


@dataclass(frozen=True, slots=True)
class Chat:
    """A source or a target: a peer, how people know it, and the forum thread if the job is about one."""

    peer: Peer
    title: str
    username: str | None = None
    topic_id: int | None = None

    @property
    def is_made(self) -> bool:
        """False for a target that its job makes first."""
        return self.peer.id != 0

    def is_same_place(self, other: Chat) -> bool:
        return self.peer.marked_id == other.peer.marked_id and self.topic_id == other.topic_id


#: Stands for a target until its job has made it.
NOT_MADE_YET = Peer(PeerKind.USER, 0)
