"""What a world is made of: people, chats, media, messages. Plain data that answers simple questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: ("user", id), ("channel", id) or ("chat", id); a chat is a basic group.
Peer = tuple[str, int]


class RpcFailure(Exception):
    """A refusal that a front end renders in its own error format."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass
class User:
    id: int
    first_name: str
    username: str | None = None
    phone: str | None = None
    bot: bool = False
    token: str | None = None
    password: str | None = None  # two-step verification
    commands: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Topic:
    id: int
    title: str


@dataclass
class Channel:
    """A broadcast channel or, with `megagroup`, a supergroup."""

    id: int
    title: str
    username: str | None = None
    megagroup: bool = False
    forum: bool = False
    noforwards: bool = False
    slowmode: int = 0  # seconds between two messages of a member who is no admin
    members: dict[int, str] = field(default_factory=dict)  # user id -> member|admin|creator|banned
    topics: dict[int, Topic] = field(default_factory=dict)

    def can_post(self, user_id: int) -> bool:
        role = self.members.get(user_id)
        return role in ("admin", "creator") or (role == "member" and self.megagroup)


@dataclass(eq=False, slots=True)
class Media:
    """One file or poll. Copies of a message share this very object: its id is the media's identity."""

    kind: str  # photo | document | poll
    id: int = 0
    data: bytes = b""
    mime: str = "application/octet-stream"
    name: str | None = None
    w: int = 640
    h: int = 480
    reference: int = 1  # raise it to expire every file_reference handed out before
    poll: dict[str, Any] | None = None  # question, answers[], quiz, correct, votes{}


@dataclass(eq=False, slots=True)
class Message:
    id: int
    peer: Peer  # the dialogue, as seen from the box that holds it
    sender: int | None  # user id; None for anonymous channel posts
    date: int
    text: str = ""
    entities: list[Any] = field(default_factory=list)
    media: Media | None = None
    reply_to: int | None = None
    topic: int | None = None
    grouped_id: int | None = None
    fwd: dict[str, Any] | None = None  # {"date", "from": Peer, "post": id}
    markup: Any = None
    edit_date: int | None = None
    out: bool = False  # only meaningful in user boxes
    service: str | None = None  # "create" | "topic": service messages cannot be forwarded
    author: int | None = None  # who really made it, also behind an anonymous channel post
    uid: int = 0  # shared by the copies of a private message
    version: int = 0
    wire: Any = None  # serialisation cache, owned by the MTProto front end: as everyone sees it
    wire_out: Any = None  # the same as its sender sees it

    def touch(self) -> None:
        """Call after any change: what was serialised before is no longer true."""
        self.version += 1
        self.wire = self.wire_out = None
