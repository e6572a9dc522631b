"""Exported chats as channels and groups of the world."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sandbox.importing.messages import Converter
from sandbox.importing.people import People
from sandbox.importing.reading import ImportFailure, read_chats, title
from sandbox.world import Box, Channel, Group, Message, Topic, User, World

FIRST_ID = 1_600_000_001  # of chats whose own id is taken or is no channel's


def load(world: World, path: Path, *, owner: User, names: Sequence[str] = ()) -> list[Channel]:
    """Adds the chats of the export, all or those in `names`, with the ids the messages have there.

    Channels become channels, every other chat a supergroup (a forum, if it has topics) whose people are made
    as they appear. `owner` owns them. What a chat had before it became a supergroup (ids below 1 in
    the export) becomes the basic group it was, in new numbers: `migrated_from` of the channel. Raises
    ImportFailure when the file is not to be read or damaged.
    """
    people = People(world)
    return [_load(world, chat, owner, people) for chat in read_chats(path, names)]


def _load(world: World, chat: dict[str, Any], owner: User, people: People) -> Channel:
    broadcast = str(chat.get("type", "")).endswith("_channel")
    channel = world.add_channel(
        title(chat), owner, id=_free_id(world, chat.get("id")), megagroup=not broadcast
    )
    exported = [m for m in chat["messages"] if m["id"] > 0]
    before = [m for m in chat["messages"] if m["id"] <= 0]
    group = world.add_group(channel.title, owner) if before and not broadcast else None
    if group is not None:
        _fill_group(world, group, channel, before, owner, people)
    if not exported:
        return channel
    box = world.boxes["channel", channel.id]
    box.remove(1)  # the export has its own beginning
    converter = Converter(
        world=world,
        peer=box.key,
        title=channel.title,
        broadcast=broadcast,
        people=people,
        moved=group.id if group else 0,
    )
    for m in _converted(converter, exported, channel.title):
        if m.reply_to and m.reply_to < 0:  # what stands in the basic group cannot be answered here
            m.reply_to = None
        box.add(m)
        if m.service == "topic" and not broadcast:
            channel.become_forum()
            channel.topics[m.id] = Topic(m.id, m.text)
    box.next_id = exported[-1]["id"] + 1
    _pin(box, list(box.by_id.values()))
    box.log.clear()  # old messages are history, not updates
    return channel


def _pin(box: Box, found: list[Message]) -> None:
    """What was pinned once: exports do not tell when it ended."""
    for m in found:
        pinned = box.by_id.get(m.detail) if m.service == "pin" else None
        if pinned is not None and not pinned.service:
            pinned.pinned = True
            box.pinned.add(pinned.id)


def _fill_group(
    world: World,
    group: Group,
    channel: Channel,
    exported: list[dict[str, Any]],
    owner: User,
    people: People,
) -> None:
    """As `owner` sees it, whose numbers the export has not kept: basic groups share one sequence."""
    peer, box = ("chat", group.id), world.boxes["user", owner.id]
    box.remove(box.order[peer][0])  # the export has its own beginning
    converter = Converter(
        world=world, peer=peer, title=group.title, broadcast=False, people=people, moved=channel.id
    )
    numbers: dict[int, int] = {}
    for m in list(_converted(converter, exported, group.title)):
        numbers[m.id] = m.id = box.new_id()
        if m.reply_peer is None:
            m.reply_to = numbers.get(m.reply_to or 0)
        m.detail = m.reply_to if m.service == "pin" else m.detail
        m.out = m.sender == owner.id
        box.add(m)
    _pin(box, [box.by_id[i] for i in box.order[peer]])
    box.log.clear()
    group.migrated_to = channel.id
    channel.migrated_from = (group.id, box.order[peer][-1])


def _converted(converter: Converter, exported: list[dict[str, Any]], name: str) -> Iterator[Message]:
    last = 0
    try:
        for m in converter.convert(exported):
            last = m.id
            yield m
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as e:
        raise ImportFailure(
            f"The export is damaged: in {name!r} the message after {last} cannot be understood "
            f"({type(e).__name__}: {e}). Export the chat again."
        ) from e


def _free_id(world: World, wished: Any) -> int:
    if isinstance(wished, int) and 10**9 <= wished < 10**12 and wished not in world.channels:
        return wished
    return next(i for i in range(FIRST_ID, FIRST_ID + len(world.channels) + 1) if i not in world.channels)
