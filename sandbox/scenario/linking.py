"""Links from one message of a channel to another, in the ways in which people write them."""

from __future__ import annotations

from random import Random

from telethon.tl import types as t

from sandbox.scenario.writing import units
from sandbox.world import Channel, Message

WORDS = ("see here", "as we wrote", "前情提要", "the beginning 🚀")


def link(channel: Channel, message_id: int) -> str:
    if channel.username:
        return f"https://t.me/{channel.username}/{message_id}"
    return f"https://t.me/c/{channel.id}/{message_id}"


def add_link(m: Message, channel: Channel, message_id: int, random: Random) -> None:
    """Ends the message's text with a link: as an address in full, without https, or behind words."""
    url = link(channel, message_id)
    way = int(random.random() * 3)
    shown = (
        WORDS[int(random.random() * len(WORDS))] if way == 2 else url.removeprefix("https://" * (way == 1))
    )
    at, length = units(m.text) + bool(m.text), units(shown)
    entity = t.MessageEntityTextUrl(at, length, url) if way == 2 else t.MessageEntityUrl(at, length)
    m.text = f"{m.text}\n{shown}" if m.text else shown
    m.entities = [*m.entities, entity]
