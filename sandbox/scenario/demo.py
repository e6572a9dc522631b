"""The demo's world: one person, one bot, and pairs of a full source and an empty target."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from sandbox.scenario import words
from sandbox.scenario.history import REPLIES, SECONDS_BETWEEN, History
from sandbox.world import Channel, Peer, User, World

BOT_NAME = "ferry_demo_bot"
FIRST_CHANNEL = 1_500_000_001  # ids of channels have ten digits at Telegram too
FIRST_COPY = 1_700_000_001  # of targets for channels from elsewhere
LINKS = 0.01  # share of texts and photos that link to another message of their channel
PERSON = 700_000_001
BOT = 700_000_002


@dataclass(frozen=True, slots=True)
class Pair:
    """One job to order: what to type after /clone, and the two chats that it means."""

    source_ref: str
    target_ref: str
    source: Peer
    target: Peer
    title: str


@dataclass(frozen=True, slots=True)
class Demo:
    person: User
    bot: User
    pairs: list[Pair]


def build(
    world: World,
    *,
    jobs: int = 5,
    messages: int = 20_000,
    seed: int = 1,
    replies: float = REPLIES,
    links: float = LINKS,
    pins: float = 0,
) -> Demo:
    """Adds it all to `world`: `jobs` source channels of exactly `messages` existing messages each.

    `replies`, `links` and `pins` as in History.

    The person owns every chat. Chats take turns in being public and private, so that every way of
    naming a chat (@name, t.me link, number) is used.
    """
    person, bot = people(world)
    first = next(n for n in count() if FIRST_CHANNEL + 2 * n not in world.channels)
    pairs = []
    for n in range(first, first + jobs):
        source = _source(world, person, n)
        began = int(world.clock() - messages * SECONDS_BETWEEN)
        random = Random(f"{seed}/{n - first}")
        history = History(
            world=world,
            channel=source,
            random=random,
            began=began,
            replies=replies,
            links=links,
            pins=pins,
        )
        history.fill(messages)
        pairs.append(_pair(world, person, n, source))
    return Demo(person, bot, pairs)


def people(world: World) -> tuple[User, User]:
    """The one who owns account and chats, and the bot; made when the world has none yet."""
    if PERSON in world.users:
        return world.users[PERSON], world.users[BOT]
    person = world.add_user("Wei 小渡", id=PERSON, username="wei_of_the_ferry", phone="99966110001")
    secret = hashlib.sha256(world.secret + BOT_NAME.encode()).hexdigest()
    bot = world.add_user("Ferry", id=BOT, username=BOT_NAME, bot=True, token=f"{BOT}:{secret[:35]}")
    return person, bot


def _source(world: World, person: User, n: int) -> Channel:
    title, username = _names(n)
    public = username if n % 2 == 0 else None
    return world.add_channel(title, person, id=FIRST_CHANNEL + 2 * n, username=public)


def _pair(world: World, person: User, n: int, source: Channel) -> Pair:
    copy_name = f"{_names(n)[1]}_copy" if n % 4 > 1 else None
    return pair_for(world, person, source, link=n % 4 == 1, id=FIRST_CHANNEL + 2 * n + 1, username=copy_name)


def _names(n: int) -> tuple[str, str]:
    """Title and username of the source number `n`."""
    title, username = words.SOURCES[n % len(words.SOURCES)]
    if n >= len(words.SOURCES):
        return f"{title} {n + 1}", f"{username}_{n + 1}"
    return title, username


def pair_for(world: World, person: User, source: Channel, *, link: bool = False, **fields: Any) -> Pair:
    """An empty target of the same sort as `source`; `link` names a private source by its link.

    `fields` as in Channel.
    """
    fields = {"megagroup": source.megagroup, "forum": source.forum, **fields}
    fields.setdefault("id", next(i for i in count(FIRST_COPY) if i not in world.channels))
    copy = world.add_channel(words.TARGET_TITLE.format(title=source.title), person, **fields)
    return Pair(
        reference(source, link=link),
        reference(copy, link=False),
        ("channel", source.id),
        ("channel", copy.id),
        source.title,
    )


def reference(channel: Channel, *, link: bool) -> str:
    """How people name the channel: @name; where it has none, a private link or the number bots know."""
    if channel.username:
        return f"@{channel.username}"
    return f"https://t.me/c/{channel.id}/1" if link else str(-(10**12) - channel.id)
