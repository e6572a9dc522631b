"""The gallery's groups: a forum, a discussion, a group that grew, a crowd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telethon.tl import types as t

from sandbox.scenario.gallery_media import Makers
from sandbox.scenario.gallery_threads import NOWHERE, hidden, joined, seen
from sandbox.scenario.shelf import Exhibit, Shelf
from sandbox.world import Channel, Topic, User, World
from sandbox.world.topics import FREE_ICONS

GENERAL = 1
#: Title, colour, icon, closed.
TOPICS: tuple[tuple[str, int, int | None, bool], ...] = (
    ("Timetable 时刻表", 0x6FB9F0, None, False),
    ("Repairs 🛠", 0xFFD67E, FREE_ICONS[3], True),
    ("Lost and found", 0xCB86DB, FREE_ICONS[7], False),
    ("Empty 空", 0x8EEE98, None, False),
    ("Lost and found", 0xFF93B2, None, False),
)
PINNED = (4, 2)  # of TOPICS, as they are shown


def forum(world: World, owner: User, others: Sequence[User], *, began: int) -> Exhibit:
    """Topics in every state, their messages interleaved; General renamed and hidden."""
    channel = world.add_channel("Harbour forum 论坛", owner, megagroup=True, forum=True)
    channel.members |= {u.id: "member" for u in others}
    shelf = Shelf(world=world, peer=("channel", channel.id), owner=owner.id, began=began)
    new = Makers(shelf)
    people = [owner, *others]
    topics: list[int] = []
    shelf.put("in General", {"text": "Welcome, all of you"})
    for n, (title, color, emoji, _) in enumerate(TOPICS):
        topics.append(_topic(shelf, channel, title, color, emoji))
        for m, topic in enumerate(topics):
            if TOPICS[m][0] == "Empty 空":
                continue
            by = people[(n + m) % len(people)].id
            shelf.put("interleaved", {"text": f"{n} said in {TOPICS[m][0]}", "topic": topic}, by=by)
            shelf.put("the same in every topic", {"text": "ok", "topic": topic}, by=by)
    (said,) = shelf.put("replied to", {"text": "Who has the key?", "topic": topics[0]})
    shelf.put("reply", {"text": "Me", "topic": topics[0], "reply_to": said}, by=others[0].id)
    shelf.put("reply to its topic", {"text": "First!", "topic": topics[2], "reply_to": topics[2]})
    shelf.put("reply across topics", {"text": "Moved here", "topic": topics[2], "reply_to": said})
    shelf.album("album", *({"media": new("photo"), "topic": topics[1]} for _ in range(3)))
    shelf.album("album in General", *({"media": new("photo")} for _ in range(2)), by=others[1].id)
    home = f"https://t.me/c/{channel.id}"
    for address in (f"{home}/{topics[0]}/{said}", f"{home}/{said}", f"{home}/{said}?thread={topics[0]}"):
        shelf.put("link with topic", seen("Key: {}", address) | {"topic": topics[4]})
        shelf.put("hidden link with topic", hidden(address))
    shelf.put("link to a topic", seen("All of {}", f"{home}/{topics[2]}") | {"topic": topics[0]})
    for topic, (_, _, _, closed) in zip(topics, TOPICS, strict=True):
        channel.topics[topic].closed = closed
    channel.pinned_topics = [topics[n] for n in PINNED]
    general = channel.topics[GENERAL]
    general.title, general.closed, general.hidden = "Quay 码头", True, True
    shelf.pin(said)
    return Exhibit("forum", shelf.peer, shelf.entries)


def _topic(shelf: Shelf, channel: Channel, title: str, color: int, emoji: int | None) -> int:
    id_ = shelf.service("topic", title, detail={"color": color, "emoji": emoji})
    channel.topics[id_] = Topic(id_, title, icon_color=color, icon_emoji=emoji)
    return id_


def discussed(world: World, owner: User, others: Sequence[User], *, began: int) -> Exhibit:
    """A channel and its discussion group: comments, replies among them, albums, a post without any."""
    channel = world.add_channel("Discussed posts 讨论", owner, username="gallery_discussed")
    group = world.add_channel("Discussion 评论", owner, megagroup=True)
    channel.linked, group.linked = group.id, channel.id
    group.members |= {u.id: "member" for u in others}
    posts = Shelf(world=world, peer=("channel", channel.id), owner=owner.id, began=began)
    below = Shelf(world=world, peer=("channel", group.id), owner=owner.id, began=began)
    new = Makers(posts)
    (first,) = posts.put("post with comments", {"text": "What do you think?"})
    album = posts.album("album with comments", *({"media": new("photo")} for _ in range(3)))
    posts.put("post without comments", {"text": "No comment"})
    (last,) = posts.put("another post", {"text": "And of this?"})
    roots = {i: world.roots_of(posts.message(i))[0].id for i in (first, album[0], last)}
    shown = roots[first]
    (good,) = below.put("comment", {"text": "Good", "reply_to": shown}, by=others[0].id)
    (why,) = below.put("reply to a comment", {"text": "Why?", "reply_to": good}, by=others[1].id)
    below.put("comment on an album", {"text": "The third one!", "reply_to": roots[album[0]]}, by=others[0].id)
    below.put("comment with a photo", {"media": new("photo"), "reply_to": roots[last]}, by=others[1].id)
    below.put("equal comments", {"text": "ok", "reply_to": shown}, {"text": "ok", "reply_to": roots[last]})
    quote = {"text": "Why", "entities": [], "offset": 0}
    below.put("comment with a quote", {"text": "Because", "reply_to": why, "quote": quote}, by=others[0].id)
    below.album("comment with an album", *({"media": new("photo"), "reply_to": shown} for _ in range(2)))
    link = seen("As in {}", f"https://t.me/c/{group.id}/{good}?thread={shown}")
    below.put("comment with a link", link | {"reply_to": roots[last]})
    below.say(text="Talk outside of all threads", by=others[0].id)
    _links_to_comments(posts, below, first, last, [good, why], root=roots[last])
    return Exhibit("discussed", posts.peer, posts.entries, comments=below.peer, below=below.entries)


def _links_to_comments(
    posts: Shelf, below: Shelf, first: int, last: int, said: Sequence[int], *, root: int
) -> None:
    """`said` are comments on `first`; what is said here stands below `last`, whose root is `root`."""
    home = "https://t.me/gallery_discussed"
    good, why = said
    posts.put("link to a comment", seen("Somebody said {}", f"{home}/{first}?comment={good}"))
    photo = {"media": Makers(posts)("photo")}
    posts.put("hidden link to a comment", hidden(f"t.me/gallery_discussed/{first}?comment={why}") | photo)
    two = [
        seen(words, f"{home}/{first}?comment={i}")
        for words, i in zip(("Read {}", "or {}!"), said, strict=True)
    ]
    posts.put("links to two comments", joined(*two))
    (early,) = posts.put("link to a comment on a later post", {"text": "to be written"})
    (later,) = posts.put("post with a comment that is linked to", {"text": "What now?"})
    posts.put("link to a comment that is not there", seen("It was {}", f"{home}/{first}?comment={NOWHERE}"))
    by = below.world.roots_of(posts.message(later))[0].id
    (back,) = below.put("link to a post", seen("You said {}", f"{home}/{first}") | {"reply_to": by})
    private = f"tg://privatepost?channel={posts.peer[1]}&post={last}"
    below.put("hidden link to a post", hidden(private) | {"reply_to": root})
    below.put("link to a post that is not there", seen("{}?", f"{home}/{NOWHERE}") | {"reply_to": root})
    answer = seen("He said {}", f"{home}/{first}?comment={good}") | {"reply_to": back}
    below.put("link to an earlier comment", answer)
    (ahead,) = below.put("link to a later comment", {"text": "to be written", "reply_to": root})
    (end,) = below.put("linked to from above", {"text": "The last word", "reply_to": root})
    below.change(ahead, **seen("More in {}", f"https://t.me/c/{posts.peer[1]}/{last}?comment={end}"))
    posts.change(early, **seen("Later: {}", f"{home}/{later}?comment={back}"))


def migrated(world: World, owner: User, others: Sequence[User], *, began: int) -> Exhibit:
    """A basic group that became a supergroup, with history in both."""
    group = world.add_group("Old crew 老船员", owner, others)
    old = Shelf(world=world, peer=("chat", group.id), owner=owner.id, began=began)
    new = Makers(old)
    (said,) = old.put("old message", {"text": "We were few then"})
    old.put("old reply", {"text": "Five of us", "reply_to": said}, by=others[0].id)
    old.album("old album", *({"media": new("photo")} for _ in range(3)), by=others[1].id)
    old.put("old file", {"media": new("document", name="crew.txt"), "text": "All names"})
    old.put("equal neighbours", {"text": "ok"}, {"text": "ok"}, {"text": "ok"})
    channel = world.migrate(owner.id, group)
    shelf = Shelf(world=world, peer=("channel", channel.id), owner=owner.id, began=began + 86_400)
    shelf.put("equal neighbours", {"text": "ok"}, {"text": "ok"})
    (now,) = shelf.put("message", {"text": "Now we are many"})
    shelf.put("reply", {"text": "Indeed", "reply_to": now}, by=others[0].id)
    shelf.put("link", seen("See {}", f"https://t.me/c/{channel.id}/{now}"))
    shelf.album("album", *({"media": new("photo")} for _ in range(2)))
    return Exhibit("migrated", shelf.peer, shelf.entries, before=old.peer, earlier=old.entries)


def crowd(world: World, owner: User, *, people: int, messages: int, began: int) -> Exhibit:
    """A supergroup in which everybody talks, and every fifth message answers somebody."""
    members = [world.add_user(f"Passenger {n} 乘客") for n in range(people)]
    channel = world.add_channel("Passengers 乘客群", owner, megagroup=True, username="gallery_crowd")
    channel.members |= {u.id: "member" for u in members}
    shelf = Shelf(world=world, peer=("channel", channel.id), owner=owner.id, began=began)
    said: list[int] = []
    for n in range(messages):
        answer: dict[str, Any] = {"reply_to": said[-1 - n % 4]} if n % 5 == 4 else {}
        words = f"ok {n % 3}" if n % 7 == 0 else f"Passenger {n} says {n * n} 号"
        by = members[n % people].id
        if n % 11 == 0:
            style = [t.MessageEntityBold(0, 2)]
            said += shelf.put("styled", {"text": words, "entities": style} | answer, by=by)
        else:
            said += shelf.put("text", {"text": words} | answer, by=by)
    return Exhibit("crowd", shelf.peer, shelf.entries)
