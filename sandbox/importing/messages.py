"""Exported messages to the world's: kinds, replies, topics, forwards, service messages, albums.

Left out is what no copy keeps, or the world does not know: reactions, performers, stickers' emoji.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from telethon.helpers import add_surrogate, del_surrogate
from telethon.tl import types as t

from sandbox.importing.albums import Albums
from sandbox.importing.buttons import rows_of
from sandbox.importing.media import look_of, media_of
from sandbox.importing.people import People
from sandbox.importing.text import text_and_entities, words_of
from sandbox.importing.values import identity, number, seconds, words
from sandbox.world import Message, Peer, World

Exported = dict[str, Any]
#: Of a message that holds nothing the export tells of: dice, stories.
NOTHING = "[empty message]"
#: Telegram Desktop's actions to the world's. Of all others (calls, themes, gifts, changed topics, of which
#: the export does not say which) only the name is shown.
ACTIONS = {
    "create_channel": "create",
    "create_group": "create",
    "topic_created": "topic",
    "edit_group_title": "title",
    "edit_group_photo": "photo",
    "delete_group_photo": "photo",
    "pin_message": "pin",
    "invite_members": "join",
    "join_group_by_link": "join",
    "join_group_by_request": "join",
    "remove_members": "leave",
    "migrate_to_supergroup": "migrate_to",
    "migrate_from_group": "migrate_from",
}


class Converter:
    """One chat's messages.

    `moved` is the id of the chat that this one became, or came from.
    """

    def __init__(
        self, *, world: World, peer: Peer, title: str, broadcast: bool, people: People, moved: int = 0
    ) -> None:
        self._world = world
        self._peer = peer
        self._title = title
        self._broadcast = broadcast
        self._people = people
        self._moved = moved
        self._date = 0  # of the message before
        self._topics: dict[int, int] = {}  # message -> the topic it stands in

    def convert(self, exported: list[Exported]) -> Iterator[Message]:
        """In the export's order, ids kept; a message may get its album's number when the next one comes."""
        albums = Albums(self._world)
        self._date = next((seconds(x, "date", 0) for x in exported if x.get("type") != "unsupported"), 0)
        for item in exported:
            m = self._service(item) if item.get("type") == "service" else self._ordinary(item)
            albums.add(m)
            yield m

    def _ordinary(self, item: Exported) -> Message:
        text, entities = text_and_entities(item)
        media = media_of(self._world, item)
        if media is None and not text:
            text = words_of(item.get("rich_message")) or NOTHING
        m = self._message(item, text)
        m.entities, m.media, m.look = self._named(text, entities), media, look_of(item) if media else None
        m.signature = words(item.get("author")) or None if self._broadcast else None
        m.fwd = self._header(item, m.date)
        m.markup = rows_of(item)
        m.via_bot = self._people.bot(str(item["via_bot"])) if item.get("via_bot") else None
        edited = seconds(item, "edited", 0)
        m.edit_date = edited if edited > m.date else None  # never, in old exports, is 1970
        if item.get("reply_to_message_id"):
            self._answer(m, number(item["reply_to_message_id"]), str(item.get("reply_to_peer_id") or ""))
        return m

    def _named(self, text: str, entities: list[Any]) -> list[Any]:
        """Who is mentioned by name is somebody here, too."""
        for e in entities:
            if isinstance(e, t.MessageEntityMentionName):
                name = del_surrogate(add_surrogate(text)[e.offset :][: e.length])
                e.user_id = self._people.person(f"user{e.user_id}", name)
        return entities

    def _answer(self, m: Message, replied: int, chat: str) -> None:
        """A message's topic is not exported: it is the one it answers, or that of the message it answers."""
        if chat:
            m.reply_peer = _peer(chat)
            m.reply_to = replied if m.reply_peer else None
            return
        m.topic = self._topics.get(replied)
        if m.topic:
            self._topics[m.id] = m.topic
        if replied != m.topic:
            m.reply_to = replied

    def _service(self, item: Exported) -> Message:
        action = str(item.get("action") or "information")
        m = self._message(item, words(item.get("title")) or self._title)
        m.service = ACTIONS.get(action, "other")
        if m.service == "pin" and item.get("message_id"):
            m.reply_to = m.detail = number(item["message_id"])
        elif m.service in ("join", "leave"):
            m.detail = self._who(item, "actor")
        elif m.service == "photo":
            m.media = media_of(self._world, item)  # none: it was taken away
        elif m.service == "topic":
            self._topics[m.id] = m.id
        elif m.service in ("migrate_to", "migrate_from") and self._moved:
            m.detail = self._moved
        elif m.service in ("other", "migrate_to", "migrate_from"):
            m.service, m.text = "other", words(action).replace("_", " ")
        return m

    def _message(self, item: Exported, text: str) -> Message:
        sender = None if self._broadcast else self._who(item, "actor" if "actor_id" in item else "from")
        self._date = seconds(item, "date", self._date)
        return Message(int(item["id"]), self._peer, sender, self._date, text, author=sender)

    def _who(self, item: Exported, field: str) -> int:
        name = str(item.get(field) or "Deleted Account")
        return self._people.person(str(item.get(f"{field}_id") or ""), name)

    def _header(self, item: Exported, date: int) -> dict[str, Any] | None:
        if "forwarded_from" not in item and not item.get("forwarded_from_id"):
            return None
        origin = str(item.get("forwarded_from_id") or "")
        if (chat := _peer(origin)) is not None and chat[0] == "channel":
            return {"date": date, "from": chat, "post": None}
        if origin:
            return {"date": date, "from": ("user", self._who(item, "forwarded_from")), "post": None}
        name = words(item["forwarded_from"]) or "Deleted Account"  # of one who does not want to be found
        return {"date": date, "from": None, "name": name, "post": None}


def _peer(exported_id: str) -> Peer | None:
    """Of "channel123"; None where it is no such thing."""
    for kind in ("channel", "chat", "user"):
        if exported_id.startswith(kind) and (found := identity(exported_id, kind)):
            return kind, found
    return None
