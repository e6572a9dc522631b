"""Chats of a real one's size with one thing in them that is easily broken: albums, topics."""

from __future__ import annotations

from random import Random

from sandbox.placeholders import placeholder
from sandbox.scenario.history import SECONDS_BETWEEN
from sandbox.scenario.writing import Writer
from sandbox.world import Message, Peer, User, World
from sandbox.world.topics import COLORS, PINNED_LIMIT

ALBUM_PHOTOS = 0.8  # the rest are videos
CLOSED = 0.1  # share of topics


def build_albums(world: World, owner: User, *, albums: int, seed: int = 1, singles: float = 0) -> Peer:
    """A channel of `albums` albums of two to ten photos and videos, often side by side.

    `singles`: share of albums after which a text stands.
    """
    random = Random(f"{seed}/albums")
    writer = Writer(random)
    channel = world.add_channel(f"Albums 相册 {seed}", owner)
    box = world.boxes["channel", channel.id]
    date = int(world.clock()) - albums * SECONDS_BETWEEN
    for _ in range(albums):
        date += SECONDS_BETWEEN
        group = world.new_group_id()
        for n in range(random.randint(2, 10)):
            kind = "photo" if random.random() < ALBUM_PHOTOS else "video"
            text, entities = writer.text(1) if n == 0 and random.random() < 0.5 else ("", [])
            media = placeholder(world, kind)
            box.add(
                Message(
                    box.next_id, box.key, None, date, text, entities, media, grouped_id=group, author=owner.id
                )
            )
        if random.random() < singles:
            box.add(Message(box.next_id, box.key, None, date, *writer.text(), author=owner.id))
    box.log.clear()  # old messages are history, not updates
    return box.key


def build_forum(
    world: World, owner: User, *, topics: int, messages: int, seed: int = 1, replies: float = 0.1
) -> Peer:
    """A forum of `topics` topics besides General, some closed, the last five pinned, and `messages` in them.

    A topic may be opened at any time before its first message; `replies` is the share of texts that answer
    the one before in their topic.
    """
    random = Random(f"{seed}/forum")
    writer = Writer(random)
    channel = world.add_channel(f"Forum 论坛 {seed}", owner, megagroup=True, forum=True)
    box = world.boxes["channel", channel.id]
    date = int(world.clock()) - (messages + topics) * SECONDS_BETWEEN
    last: dict[int, int] = {1: 0}
    opening = sorted(random.randrange(messages // 2 + 1) for _ in range(topics))
    for n in range(messages):
        while opening and opening[0] <= n:
            opening.pop(0)
            made = world.add_topic(
                channel, f"Topic {len(last)} 话题", owner, color=random.choice(COLORS), date=date
            )
            last[made.id] = 0
        date += SECONDS_BETWEEN
        topic = random.choice(list(last))
        answer = last[topic] if last[topic] and random.random() < replies else None
        text, entities = writer.text()
        place = topic if topic != 1 else None
        last[topic] = box.next_id
        m = Message(box.next_id, box.key, owner.id, date, text, entities, topic=place, reply_to=answer)
        m.author = owner.id
        box.add(m)
    made_topics = [i for i in last if i != 1]
    for i in made_topics:
        channel.topics[i].closed = random.random() < CLOSED
    channel.pinned_topics = made_topics[-PINNED_LIMIT:]
    box.log.clear()
    return box.key
