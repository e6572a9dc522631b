"""What a perfect cloner leaves behind, made inside the world without a call: for the comparison's tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telethon.tl import types as t

from sandbox.compare import SHIFT
from sandbox.compare_links import Addresses
from sandbox.scenario.writing import units
from sandbox.world import Channel, Message, Peer, Topic, World

AHEAD = 1000  # by how much a target's ids are larger
Ids = dict[int, int]


@dataclass
class TrueCopy:
    """`ids`: the source's message (or topic) -> the copy's; `below` the same of comments."""

    target: Channel
    ids: Ids
    below: Ids

    @property
    def peer(self) -> Peer:
        return "channel", self.target.id


def copy_chat(
    world: World, source: Peer, *, owner: int, skipped: set[int], before: Peer | None = None
) -> TrueCopy:
    """Into a new private channel of the same kind, with profile, topics, pins and comments."""
    chat = world.channels[source[1]]
    target = _target(world, chat, owner)
    made = TrueCopy(target, {}, {})
    if chat.linked is not None:
        group = _target(world, world.channels[chat.linked], owner)
        target.linked, group.linked = group.id, target.id
    if before is not None:
        box = world.box_for(owner, before)
        _fill(world, [box.by_id[i] for i in box.order[before]], made, before, SHIFT, skipped)
    box = world.boxes[source]
    _fill(world, [box.by_id[i] for i in box.order[source]], made, source, 0, skipped)
    target.pinned_topics = [made.ids[i] for i in chat.pinned_topics]
    places = {source: Place(made.peer, made.ids, made.below)}
    if chat.linked is not None:
        group = "channel", chat.linked
        below = _comment(world, chat, made)
        places[group] = Place(below.peer, below.ids, {})
        for i in made.below:
            relink(world, world.boxes[below.peer].by_id[below.ids[i]], places)
    for i, j in made.ids.items():  # links also lead forward
        if not (i in box.by_id and box.by_id[i].service):
            relink(world, world.boxes[made.peer].by_id[j], places)
    return made


def _target(world: World, chat: Channel, owner: int) -> Channel:
    fields = {"megagroup": chat.megagroup, "forum": chat.forum, "about": chat.about}
    target = world.add_channel(chat.title, world.users[owner], **fields)
    target.photo = chat.photo and world.add_media("photo", chat.photo.data)
    world.boxes["channel", target.id].next_id += AHEAD
    if chat.forum:
        target.topics[1] = replace(chat.topics[1])
    return target


def _fill(
    world: World, messages: list[Message], made: TrueCopy, source: Peer, shift: int, skipped: set[int]
) -> None:
    channel = world.channels.get(source[1]) if source[0] == "channel" else None
    for m in messages:
        key = m.id + shift
        if m.service == "topic" and channel is not None:
            fields = {"service": "topic", "text": m.text, "date": m.date}
            made.ids[key] = _send(world, made, m, fields)
            made.target.topics[made.ids[key]] = replace(channel.topics[m.id], id=made.ids[key])
        elif not m.service and key not in skipped:
            made.ids[key] = _send(world, made, m, _fields(m, made.ids, shift))


def _fields(m: Message, ids: Ids, shift: int) -> dict[str, Any]:
    names = ("text", "entities", "media", "look", "webpage", "invert", "rich", "pinned", "quote", "date")
    fields = {name: getattr(m, name) for name in names}
    fields["grouped_id"] = m.grouped_id and m.grouped_id + 10**9
    fields["topic"] = ids.get(m.topic or 0)
    if m.reply_peer is not None:
        return fields | {"reply_to": m.reply_to, "reply_peer": m.reply_peer}
    reply = ids.get((m.reply_to or 0) + shift)
    return fields | ({"reply_to": reply} if reply else {"quote": None})


def _send(world: World, made: TrueCopy, m: Message, fields: dict[str, Any]) -> int:
    owner = next(u for u, role in made.target.members.items() if role == "creator")
    ((_, _, copy),) = world.commit(owner, made.peer, [fields])
    return copy.id


def _comment(world: World, chat: Channel, made: TrueCopy) -> TrueCopy:
    ours, theirs = ("channel", chat.linked or 0), ("channel", made.target.linked or 0)
    roots = {
        world.roots_of(m)[0].id: world.roots_of(world.boxes[made.peer].by_id[made.ids[m.id]])[0].id
        for m in world.boxes["channel", chat.id].by_id.values()
        if m.id in made.ids and world.roots_of(m)
    }
    below = TrueCopy(world.channels[theirs[1]], dict(roots), {})
    for m in list(world.boxes[ours].by_id.values()):
        if m.top in roots:
            below.ids[m.id] = _send(world, below, m, _fields(m, below.ids, 0))
    made.below |= {i: j for i, j in below.ids.items() if i not in roots}
    return below


@dataclass(frozen=True)
class Place:
    """Where a chat's messages are now, and the comments below them."""

    target: Peer
    ids: Ids
    comments: Ids


def relink(world: World, copy: Message, places: Mapping[Peer, Place]) -> None:
    """Rewrites the copy's links to messages of the sources."""
    known = Addresses(world, list(places))

    def new(url: str) -> str | None:
        link = known.find(url)
        place = places[link.chat] if link is not None else None
        if link is None or place is None or link.message not in place.ids:
            return None
        comment = place.comments.get(link.comment or 0)
        query = "?single" if link.single else f"?comment={comment}" if comment else ""
        return f"https://t.me/c/{place.target[1]}/{place.ids[link.message]}{query}"

    shift, entities = 0, []
    for e in sorted(copy.entities, key=lambda e: e.offset):
        fields = dict(vars(e)) | {"offset": e.offset + shift}
        if isinstance(e, t.MessageEntityTextUrl):
            fields["url"] = new(e.url) or e.url
        elif isinstance(e, t.MessageEntityUrl):
            wide = copy.text.encode("utf-16-le")
            at, end = 2 * fields["offset"], 2 * (fields["offset"] + e.length)
            if address := new(wide[at:end].decode("utf-16-le")):
                copy.text = (wide[:at] + address.encode("utf-16-le") + wide[end:]).decode("utf-16-le")
                shift += units(address) - e.length
                fields["length"] = units(address)
        entities.append(type(e)(**fields))
    copy.entities = entities
    if copy.webpage and (address := new(copy.webpage["url"])):
        copy.webpage = copy.webpage | {"url": address}
    copy.touch()


def topic_named(channel: Channel, title: str) -> Topic:
    return next(x for x in channel.topics.values() if x.title == title)
