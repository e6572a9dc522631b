"""Small chats in which a copy makes each call of a faithful copy a few times, quickly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.control import ControlClient
from sandbox.world import Peer

Fields = dict[str, Any]
FIRST = 2  # id of the first post: the chat itself was made by message 1
GENERAL = 1


class World(StrEnum):
    ANSWERS = "answers"  # replies, albums, links back and forth, pins
    FORUM = "forum"
    COMMENTS = "comments"  # a channel with its discussion group
    LIKE = "like"  # the target's title, description and photo become the source's
    NEW = "new"  # the target is made


@dataclass(frozen=True, slots=True)
class Place:
    """One account's source and target, and how a true copy looks.

    `target` is None while it is still to be made. `below` are the discussion groups. `order` and `compare`
    are the options of both; `services` counts the service messages of a finished copy, `namesakes` the chats
    that have the source's title then.
    """

    user: int
    title: str
    source: Peer
    target: Peer | None
    ids: Sequence[int]
    services: int
    namesakes: int = 1
    below: tuple[Peer, Peer] | None = None
    order: Mapping[str, Any] = field(default_factory=dict)
    compare: Mapping[str, Any] = field(default_factory=dict)


async def build(control: ControlClient, world: World, title: str) -> Place:
    """`title` stands in the titles of its chats, and in no others."""
    user = (await control.add_user(f"Owner of {title}")).id
    return await _BUILDERS[world](control, user, title)


def link(chat: Peer, message: int, *, topic: int = 0, hidden: bool = False) -> Fields:
    """A text that leads to a message."""
    url = f"https://t.me/c/{chat[1]}/{f'{topic}/' if topic else ''}{message}"
    if hidden:
        return {
            "text": "read it here",
            "entities": [{"type": "text_url", "offset": 8, "length": 4, "url": url}],
        }
    return {"text": f"see {url} 🚀", "entities": [{"type": "url", "offset": 4, "length": len(url)}]}


def _photo(**fields: Any) -> Fields:
    return {"media": {"kind": "photo", "data": "a picture"}, **fields}


async def _post(control: ControlClient, chat: Peer, user: int, *posts: Fields | list[Fields]) -> list[int]:
    """Lists are albums; the ids of all."""
    ids: list[int] = []
    for post in posts:
        album = isinstance(post, list)
        ids += await control.post(chat, user, post if isinstance(post, list) else [post], album=album)
    return ids


async def _answers(control: ControlClient, user: int, title: str) -> Place:
    source = await control.add_channel(f"Source of {title}", user)
    target = await control.add_channel(f"Target of {title}", user)
    ok, last = {"text": "ok"}, FIRST + 19
    ids = await _post(
        control,
        source,
        user,
        {"text": "begun"},  # 2
        ok,
        ok,
        {"text": "answer", "reply_to": 2},
        _photo(reply_to=3),  # 6
        [_photo(reply_to=4), _photo(reply_to=4)],
        link(source, 2),
        link(source, last),  # 10, forward in time
        {"text": "ok", "reply_to": 8},
        _photo(reply_to=5, text="look"),  # 12
        {**link(source, 6), "media": {"kind": "document", "name": "a.txt"}},
        [_photo(reply_to=11), _photo(reply_to=11)],
        {**link(source, 16, hidden=True), "reply_to": 3},  # 16, to itself
        [_photo(reply_to=2, **link(source, 2)), _photo(reply_to=2)],
        link(source, last, hidden=True),
        ok,  # 20
        {"text": "the end", "reply_to": 20},
    )
    assert ids[-1] == last
    for pinned in (2, 6, 11):
        await control.pin(source, pinned)
    return Place(user, title, source, target, ids, services=1 + 3)


async def _forum(control: ControlClient, user: int, title: str) -> Place:
    source = await control.add_channel(f"Source of {title}", user, megagroup=True, forum=True)
    target = await control.add_channel(f"Target of {title}", user, megagroup=True, forum=True)
    ids = await _post(control, source, user, {"text": "in General"})
    topics = []
    for name in ("Repairs", "Found", "Repairs"):
        topics.append(await control.add_topic(source, name))
        for topic in topics:
            ids += await _post(control, source, user, {"text": "ok", "topic": topic}, {"text": "ok"})
    (said,) = await _post(control, source, user, {"text": "who?", "topic": topics[0]})
    ids += [
        said,
        *await _post(
            control,
            source,
            user,
            {"text": "me", "topic": topics[0], "reply_to": said},
            {"topic": topics[2], **link(source, said, topic=topics[0])},
            [_photo(topic=topics[1]), _photo(topic=topics[1])],
        ),
    ]
    await control.set_topic(source, topics[1], closed=True)
    await control.set_topic(source, topics[2], closed=True)
    await control.set_topic(source, GENERAL, title="Quay")
    for topic in (topics[0], topics[2]):
        await control.set_topic(source, topic, pinned=True)
    await control.pin(source, said)
    return Place(user, title, source, target, ids, services=1 + 3 + 3 + 1)


async def _comments(control: ControlClient, user: int, title: str) -> Place:
    source, below = await _discussed(control, user, f"Source of {title}")
    target, copies_below = await _discussed(control, user, f"Target of {title}")
    ids = await _post(control, source, user, {"text": "one"}, [_photo(), _photo()], {"text": "two"})
    for n, post in enumerate((ids[0], ids[1], ids[3])):
        (said,) = await control.comment(source, post, user, [f"comment {n}"])
        await control.comment(source, post, user, ["ok", "ok"])
        await control.comment(source, post, user, ["why?"], reply_to=said)
    return Place(
        user, title, source, target, ids, services=1, below=(below, copies_below), compare={"comments": True}
    )


async def _discussed(control: ControlClient, user: int, title: str) -> tuple[Peer, Peer]:
    channel = await control.add_channel(title, user)
    group = await control.add_channel(f"{title}, talk", user, megagroup=True)
    await control.link_discussion(channel, group)
    return channel, group


async def _like(control: ControlClient, user: int, title: str) -> Place:
    source, ids = await _shown(control, user, title)
    target = await control.add_channel(f"Target of {title}", user)
    profile = {"profile": True}
    return Place(
        user, title, source, target, ids, services=1 + 2, namesakes=2, order=profile, compare=profile
    )


async def _new(control: ControlClient, user: int, title: str) -> Place:
    source, ids = await _shown(control, user, title)
    order = {"profile": True, "new_target": True, "new_title": f"Source of {title}"}
    return Place(
        user, title, source, None, ids, services=1 + 1, namesakes=2, order=order, compare={"profile": True}
    )


async def _shown(control: ControlClient, user: int, title: str) -> tuple[Peer, list[int]]:
    source = await control.add_channel(f"Source of {title}", user, about="All about it 渡口")
    ids = await _post(control, source, user, {"text": "one"}, {"text": "two", "reply_to": 2})
    await control.set_photo(source, f"the face of {title}")
    return source, ids


_BUILDERS: dict[World, Callable[[ControlClient, int, str], Awaitable[Place]]] = {
    World.ANSWERS: _answers,
    World.FORUM: _forum,
    World.COMMENTS: _comments,
    World.LIKE: _like,
    World.NEW: _new,
}
