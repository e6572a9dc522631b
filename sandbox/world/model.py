"""What a world is made of: people, chats, media, messages. Plain data that answers simple questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: ("user", id), ("channel", id) or ("chat", id); a chat is a basic group.
Peer = tuple[str, int]

#: What a document is when nothing but its type is known, as Telegram guesses it.
SHAPES = {
    "video/mp4": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "voice",
    "image/webp": "sticker",
    "application/x-tgsticker": "sticker",
}


#: The right without which nothing at all may be sent.
SEND = "send_messages"
#: The topic that every forum has and no message opened.
GENERAL = 1


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
    about: str = ""
    deleted: bool = False
    premium: bool = False


@dataclass
class Topic:
    """Number 1 is General: every forum has it, and no service message opened it."""

    id: int
    title: str
    closed: bool = False
    icon_color: int = 0x6FB9F0  # one of the six that Telegram allows
    icon_emoji: int | None = None  # a custom emoji's document id
    hidden: bool = False  # General alone


@dataclass(kw_only=True)
class Chat:
    """What every chat with members has."""

    about: str = ""
    noforwards: bool = False
    members: dict[int, str] = field(default_factory=dict)  # user id -> member|admin|creator|banned
    invites: dict[str, int] = field(default_factory=dict)  # the hash of t.me/+hash -> who made it
    deleted: bool = False
    photo: Media | None = None
    #: rights (as ChatBannedRights) that nobody has but admins
    barred: set[str] = field(default_factory=set)

    def has(self, user_id: int) -> bool:
        return self.members.get(user_id, "banned") != "banned"

    def is_admin(self, user_id: int) -> bool:
        return self.members.get(user_id) in ("admin", "creator")

    def barred_for(self, user_id: int) -> set[str]:
        """What this member may not send; admins may send everything."""
        return set() if self.is_admin(user_id) else self.barred


@dataclass
class Group(Chat):
    """A basic group: no sequence of its own, every member keeps a copy of its messages."""

    id: int
    title: str
    migrated_to: int | None = None  # channel id

    def can_post(self, user_id: int) -> bool:
        return self.has(user_id) and self.migrated_to is None and SEND not in self.barred_for(user_id)


@dataclass
class Channel(Chat):
    """A broadcast channel or, with `megagroup`, a supergroup."""

    id: int
    title: str
    username: str | None = None
    usernames: list[str] = field(default_factory=list)  # further ones, as Fragment sells them
    megagroup: bool = False
    forum: bool = False
    slowmode: int = 0  # seconds between two messages of a member who is no admin
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned_topics: list[int] = field(default_factory=list)  # in the order in which they are shown
    linked: int | None = None  # the channel's discussion group, or the group's channel
    migrated_from: tuple[int, int] | None = None  # basic group's id, its last message id
    last_post: dict[int, float] = field(default_factory=dict)  # user id -> when, for slow mode
    muted: set[int] = field(default_factory=set)  # members who may read but not write
    denied: dict[int, set[str]] = field(
        default_factory=dict
    )  # admin -> rights (as ChatAdminRights) they lack
    limited: dict[int, set[str]] = field(default_factory=dict)  # member -> rights that only they lack
    stars: int = 0  # what a message costs whoever is no admin
    gigagroup: bool = False  # a supergroup in which only admins write
    monoforum: bool = False  # a channel's direct messages

    def __post_init__(self) -> None:
        if self.forum:
            self.become_forum()

    def become_forum(self) -> None:
        """From now on it has topics; one of them at once."""
        self.forum = True
        self.topics.setdefault(GENERAL, Topic(GENERAL, "General"))

    def may(self, user_id: int, right: str) -> bool:
        """Whether they are an admin with this right; the creator has all."""
        return self.is_admin(user_id) and right not in self.lacking(user_id)

    def lacking(self, user_id: int) -> set[str]:
        """The rights that an admin was not given."""
        return set() if self.members.get(user_id) == "creator" else self.denied.get(user_id, set())

    def barred_for(self, user_id: int) -> set[str]:
        if not self.megagroup or self.is_admin(user_id):
            return set()
        return self.barred | self.limited.get(user_id, set())

    def forget_topic(self, topic: int) -> None:
        self.topics.pop(topic, None)
        if topic in self.pinned_topics:
            self.pinned_topics.remove(topic)

    def can_post(self, user_id: int) -> bool:
        if self.members.get(user_id) == "member":
            silenced = self.gigagroup or user_id in self.muted or SEND in self.barred_for(user_id)
            return self.megagroup and not silenced
        return self.is_admin(user_id) if self.megagroup else self.may(user_id, "post_messages")


@dataclass(eq=False, slots=True)
class Media:
    """One file or poll. Copies of a message share this very object: its id is the media's identity."""

    #: photo | document | video | video_note | animation | audio | voice | sticker | poll, or something
    #: without a file: contact | geo | venue | dice | game | invoice (told by `payload`)
    kind: str
    id: int = 0
    data: bytes = b""
    mime: str = "application/octet-stream"
    name: str | None = None
    w: int = 640
    h: int = 480
    reference: int = 1  # raise it to expire every file_reference handed out before, and whatever was cached
    poll: dict[str, Any] | None = None  # question, answers[], quiz, correct, votes{user: [index, ...]}
    duration: int = 1  # seconds
    payload: dict[str, Any] | None = None
    first: Message | None = field(default=None, repr=False)  # the message it came into the world with

    @property
    def shape(self) -> str:
        """The kind; for a document without a name, what its type says."""
        if self.kind != "document" or self.name:
            return self.kind
        return SHAPES.get(self.mime, self.kind)


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
    fwd: dict[str, Any] | None = None  # {"date", "from": Peer, "post": id, "saved_from": (Peer, id)}
    markup: Any = None
    edit_date: int | None = None
    out: bool = False  # only meaningful in user boxes
    #: create | topic | topic_edit | title | photo | pin | join | leave | migrate_to | migrate_from; None: an
    #: ordinary one
    service: str | None = None
    author: int | None = None  # who really made it, also behind an anonymous channel post
    uid: int = 0  # shared by the copies of a private message
    version: int = 0
    wire: Any = None  # serialisation cache, owned by the MTProto front end; copies share it
    noforwards: bool = False
    pinned: bool = False
    detail: Any = None  # what a service message is about: a user id, a message id, another chat's id
    quote: dict[str, Any] | None = None  # of the message replied to: {"text", "entities", "offset"}
    reply_peer: Peer | None = None  # where the message replied to stands, if not in this chat
    top: int | None = None  # the message that opened the comment thread (no forum topic)
    #: How this message shows its media: spoiler, ttl (seconds), cover (Media), timestamp (seconds)
    look: dict[str, Any] | None = None
    webpage: dict[str, Any] | None = None  # the link preview: {"url", "large", "small", "manual"}
    invert: bool = False  # caption or text above media or preview
    effect: int | None = None
    via_bot: int | None = None  # user id
    signature: str | None = None  # of a signed post
    rich: Any = None  # a TL RichMessage

    @property
    def appeared(self) -> bool:
        """Whether it is a channel's post as it appears by itself in the channel's discussion group."""
        return self.sender is None and self.fwd is not None and "saved_from" in self.fwd and not self.out

    def touch(self) -> None:
        """Call after any change: what was serialised before is no longer true."""
        self.version += 1
        self.wire = None
