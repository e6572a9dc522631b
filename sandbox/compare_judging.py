"""What of a message must be the same in its copy, judged by the pairs that a comparison found."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.compare_links import Addresses, Link, reading
from sandbox.compare_structure import topic_of
from sandbox.likeness import Fingerprint, MediaKeys, fingerprint
from sandbox.world import Media, Message, Peer

Reply = tuple[Peer | None, int] | None  # the chat, when it is another one, and the message


@dataclass(slots=True)
class Side:
    """A chat's messages in order, each with the number it is known by here, and what was read out of them."""

    peer: Peer
    messages: list[Message]
    keys: list[int]
    prints: list[Fingerprint] = field(default_factory=list)
    links: dict[int, tuple[Link, ...]] = field(default_factory=dict)  # by position

    def read(self, addresses: Addresses, media: MediaKeys) -> None:
        for n, m in enumerate(self.messages):
            found, links = fingerprint(m, addresses, media)
            self.prints.append(found)
            if links:
                self.links[n] = links


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the copies were ordered: with their authors' names, without replies; what else to look at."""

    keep_author: bool = False
    replies: bool = True
    strict: bool = False
    linkable: bool = True  # the target's messages have addresses


@dataclass(frozen=True, slots=True)
class Posts:
    """The channels on whose posts both sides comment, and where the posts' copies are."""

    source: Peer
    target: Peer
    copies: Mapping[int, int]


class Judge:
    """`copies`: source message (or topic, or root) by the source's number -> its copy's id.

    `topics` does so for topics, None but between forums; `threads` for what comments hang on, None but
    between discussion groups, which have `posts`; `comments` for the comments below the source's posts, None
    if nobody looked for them.
    """

    def __init__(
        self,
        source: Side,
        target: Side,
        copies: Mapping[int, int],
        wishes: Wishes,
        *,
        topics: Mapping[int, int] | None,
        threads: Mapping[int, int] | None,
        comments: Mapping[int, int] | None,
        posts: Posts | None,
        addresses: Addresses,
        media: MediaKeys,
    ) -> None:
        self._topics, self._threads, self._comments, self._posts = topics, threads, comments, posts
        self._source, self._target = source, target
        self._copies = copies
        self._wishes = wishes
        self._addresses = addresses
        self._media = media
        self._by_id = {m.id: m for m in target.messages}

    def source_key(self, i: int) -> Hashable:
        """What the copy's key must be, so that of equal messages the right ones are paired."""
        m = self._source.messages[i]
        links = tuple(self._wanted(x) for x in self._source.links.get(i, ()))
        topic = self._topics.get(topic_of(m)) if self._topics is not None else None
        return self._answers(i), links, topic, m.top and self._copies.get(m.top)

    def target_key(self, j: int) -> Hashable:
        m = self._target.messages[j]
        links = tuple((x.chat, x.message) for x in self._target.links.get(j, ()))
        return self._reply(m), links, topic_of(m) if self._topics is not None else None, m.top

    def differences(self, i: int, j: int, *, regrouped: bool) -> list[str]:
        """What is not the same, in words; [] for a true copy."""
        a, b = self._source.messages[i], self._target.messages[j]
        ours, theirs = self._source.prints[i], self._target.prints[j]
        wrong: list[str] = []
        if ours != theirs:
            pairs = zip(("text", "entities", "media"), ours, theirs, strict=True)
            wrong += [what for what, x, y in pairs if x != y]
        if a.media and b.media and a.media.kind != b.media.kind == "geo":
            wrong.append("media")  # it no longer moves
        if (
            a.media
            and b.media
            and a.media.kind == b.media.kind == "dice"
            and not _same_throw(a.media, b.media)
        ):
            wrong.append("media")
        if regrouped:
            wrong.append("grouping")
        if (self._header(a) if self._wishes.keep_author else None) != _shown_header(b):
            wrong.append("forward header")
        if a.reply_to or b.reply_to:
            wrong += self._judge_reply(i, j)
        if i in self._source.links and not self._links_lead(i, j):
            wrong.append("link")
        wrong += self._judge_place(a, b)
        wrong += self._judge_looks(a, b)
        return wrong + (_extras(a, b) if self._wishes.strict else [])

    def _header(self, m: Message) -> Any:
        """The first author's, through any number of forwards."""
        if m.fwd:
            return _shown_header(m)
        return (m.peer, m.id) if m.sender is None else (("user", m.sender), None)

    def _answers(self, i: int) -> Reply:
        """What the copy must answer."""
        m = self._source.messages[i]
        said = self._reply(m)
        if said is None or said[0] is not None:
            return said
        shift = self._source.keys[i] - m.id  # of an old basic group's numbers
        copy = self._copies.get(said[1] + shift)
        return (None, copy) if copy is not None else None

    def _reply(self, m: Message) -> Reply:
        """What a message answers; a topic's or a thread's beginning is its place rather than an answer."""
        if not m.reply_to or m.reply_to == m.topic or (self._threads is not None and m.reply_to == m.top):
            return None
        return None if m.reply_peer == m.peer else m.reply_peer, m.reply_to

    def _judge_reply(self, i: int, j: int) -> list[str]:
        if self._wishes.keep_author or not self._wishes.replies:
            return []
        a, b = self._source.messages[i], self._target.messages[j]
        wanted = self._answers(i)
        if wanted != self._reply(b):
            return ["reply"]
        return ["quote"] if wanted is not None and self._quote(a) != self._quote(b) else []

    def _quote(self, m: Message) -> Any:
        if not m.quote:
            return None
        text, entities = m.quote.get("text") or "", m.quote.get("entities") or []
        if found := reading(self._addresses, text, entities):
            return found.text, found.entities
        return text, tuple(sorted(bytes(e) for e in entities))

    def _links_lead(self, i: int, j: int) -> bool:
        ours, theirs = self._source.links[i], self._target.links.get(j, ())
        if len(ours) != len(theirs):  # then text or entities differ, and no one can tell which is which
            return self._source.prints[i] != self._target.prints[j]
        return all(self._right(a, b) for a, b in zip(ours, theirs, strict=True))

    def _wanted(self, link: Link) -> tuple[Peer, int]:
        """The chat and message to which the copy's link must lead; without a copy, where it always led."""
        copies, peer = self._copies, self._target.peer
        if self._to_post(link) and self._posts is not None:
            copies, peer = self._posts.copies, self._posts.target
        elif link.chat != self._source.peer:
            return link.chat, link.message
        copy = copies.get(link.message)
        if copy is None or not self._wishes.linkable or self._wishes.keep_author:
            return link.chat, link.message
        return peer, copy

    def _to_post(self, link: Link) -> bool:
        return self._posts is not None and link.chat == self._posts.source

    def _right(self, link: Link, copy: Link) -> bool:
        """The topic may be left out of the copy's address: it leads to the message all the same.

        A comment's copy must stand there, if it has one that was compared.
        """
        wanted = self._wanted(link)
        if wanted == (link.chat, link.message):
            return copy == link
        comments = self._copies if self._to_post(link) else self._comments
        there = self._by_id.get(copy.message) if copy.chat == self._target.peer else None
        places = (None, there and topic_of(there), there and there.top)
        return (
            (copy.chat, copy.message) == wanted
            and copy.single == link.single
            and copy.place in places
            and (comments is None or copy.comment == comments.get(link.comment or 0))
        )

    def _judge_place(self, a: Message, b: Message) -> list[str]:
        wrong = []
        if self._topics is not None and self._topics.get(topic_of(a)) != topic_of(b):
            wrong.append("topic")
        if self._threads is not None and self._threads.get(a.top or 0) != b.top:
            wrong.append("thread")
        return wrong

    def _judge_looks(self, a: Message, b: Message) -> list[str]:
        wrong = []
        if (a.webpage or b.webpage) and not self._same_preview(a.webpage or {}, b.webpage or {}):
            wrong.append("preview")
        if (a.look or b.look) and self._media.canonical(a.look or {}) != self._media.canonical(b.look or {}):
            wrong.append("look")
        if bool(a.invert) != bool(b.invert):
            wrong.append("position")
        if (a.rich is not None or b.rich is not None) and not self._same_rich(a.rich, b.rich):
            wrong.append("rich")
        return wrong

    def _same_preview(self, a: dict[str, Any], b: dict[str, Any]) -> bool:
        ours, theirs = (self._media.canonical({k: v for k, v in x.items() if k != "url"}) for x in (a, b))
        return ours == theirs and self._same_address(a.get("url"), b.get("url"))

    def _same_address(self, a: Any, b: Any) -> bool:
        if not (isinstance(a, str) and isinstance(b, str)):
            return bool(a == b)
        link, copy = self._addresses.find(a), self._addresses.find(b)
        return self._right(link, copy) if link and copy else a == b

    def _same_rich(self, a: Any, b: Any) -> bool:
        """A link inside may lead to the copy, or stand as it was."""
        if a is None or b is None:
            return a is b
        if bytes(a) == bytes(b):
            return True
        ours, theirs = list(_leaves(a.to_dict())), list(_leaves(b.to_dict()))
        return len(ours) == len(theirs) and all(
            x == y or self._same_address(x, y) for x, y in zip(ours, theirs, strict=True)
        )


def _same_throw(a: Media, b: Media) -> bool:
    return (a.payload or {}).get("value") == (b.payload or {}).get("value")


def _shown_header(m: Message) -> Any:
    """Who wrote it first: the peer, or whom no one can look up their name; and the post."""
    if not m.fwd:
        return None
    return m.fwd.get("from") or m.fwd.get("name"), m.fwd.get("post")


def _extras(a: Message, b: Message) -> list[str]:
    unlike = {
        "effect": a.effect != b.effect,
        "via bot": a.via_bot != b.via_bot,
        "buttons": (a.markup or None) != (b.markup or None),
        "signature": a.signature != b.signature,
    }
    return [what for what, is_so in unlike.items() if is_so]


def _leaves(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in _leaves(v)]
    if isinstance(value, list):
        return [leaf for v in value for leaf in _leaves(v)]
    return [value]
