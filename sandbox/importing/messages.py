"""Exported messages to the world's: kinds, replies, topics, forwards, service messages, albums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sandbox.importing.media import look_of, media_of, stands_for
from sandbox.importing.text import text_and_entities
from sandbox.world import Message, Peer, World

Exported = dict[str, Any]
LONGEST_ALBUM = 10
#: Kinds that Telegram puts into one album together.
FAMILIES = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
#: Telegram Desktop's actions to the world's; all others are shown as a change of title.
ACTIONS = {
    "create_channel": "create",
    "create_group": "create",
    "topic_created": "topic",
    "edit_group_title": "title",
    "edit_group_photo": "photo",
    "edit_channel_photo": "photo",
    "pin_message": "pin",
    "invite_members": "join",
    "join_group_by_link": "join",
    "join_group_by_request": "join",
    "remove_members": "leave",
    "migrate_to_supergroup": "migrate_to",
    "migrate_from_group": "migrate_from",
}


class Converter:
    """One chat's messages. `person` gives the user for an exported id and name, making them when new.

    `moved` is the id of the chat that this one became, or came from.
    """

    def __init__(
        self,
        *,
        world: World,
        peer: Peer,
        title: str,
        broadcast: bool,
        person: Callable[[str, str], int],
        moved: int = 0,
    ) -> None:
        self._world = world
        self._peer = peer
        self._title = title
        self._broadcast = broadcast
        self._person = person
        self._moved = moved
        self._topics: dict[int, int] = {}  # message -> the topic it stands in

    def convert(self, exported: list[Exported]) -> Iterator[Message]:
        """In the export's order, ids kept; a message may get its album's number when the next one comes."""
        before: Message | None = None
        members = 0
        for item in exported:
            m = self._service(item) if item.get("type") == "service" else self._ordinary(item)
            if before is not None and members < LONGEST_ALBUM and belong_together(before, m):
                group = before.grouped_id or self._world.new_group_id()
                before.grouped_id = m.grouped_id = group
                members += 1
            else:
                members = 1
            yield m
            before = m

    def _ordinary(self, item: Exported) -> Message:
        text, entities = text_and_entities(item)
        media = media_of(self._world, item)
        if media is None and not text:
            text = stands_for(item)
        m = self._message(item, text)
        m.entities, m.media, m.look = entities, media, look_of(item) if media else None
        m.signature = item.get("author") if self._broadcast else None
        m.fwd = self._header(item, m.date)
        if item.get("edited"):
            m.edit_date = _seconds(item, "edited")
        if "reply_to_peer_id" not in item and item.get("reply_to_message_id"):
            self._answer(m, int(item["reply_to_message_id"]))
        return m

    def _answer(self, m: Message, replied: int) -> None:
        """A message's topic is not exported: it is the one it answers, or that of the message it answers."""
        m.topic = self._topics.get(replied)
        if m.topic:
            self._topics[m.id] = m.topic
        if replied != m.topic:
            m.reply_to = replied

    def _service(self, item: Exported) -> Message:
        action = str(item.get("action"))
        m = self._message(item, str(item.get("title") or self._title))
        m.service = ACTIONS.get(action, "title")
        if m.service == "pin" and item.get("message_id"):
            m.reply_to = m.detail = int(item["message_id"])
        elif m.service in ("join", "leave"):
            m.detail = self._who(item, "actor")
        elif m.service == "topic":
            self._topics[m.id] = m.id
        elif m.service in ("migrate_to", "migrate_from"):
            m.detail = self._moved
        return m

    def _message(self, item: Exported, text: str) -> Message:
        sender = None if self._broadcast else self._who(item, "from")
        return Message(int(item["id"]), self._peer, sender, _seconds(item, "date"), text, author=sender)

    def _who(self, item: Exported, field: str) -> int:
        return self._person(str(item.get(f"{field}_id") or ""), str(item.get(field) or "Deleted Account"))

    def _header(self, item: Exported, date: int) -> dict[str, Any] | None:
        if "forwarded_from" not in item:
            return None
        origin = str(item.get("forwarded_from_id") or "")
        kind, number = ("channel", origin.removeprefix("channel"))
        if origin != number and number.isdigit():
            return {"date": date, "from": (kind, int(number)), "post": None}
        if origin:
            return {"date": date, "from": ("user", self._who(item, "forwarded_from")), "post": None}
        name = str(item["forwarded_from"] or "Deleted Account")  # of one who does not want to be found
        return {"date": date, "from": None, "name": name, "post": None}


def belong_together(a: Message, b: Message) -> bool:
    """Whether two neighbours were one album, of which exports do not tell.

    They were if nothing stands between them, not even a deleted id, and they have the same second, the same
    sender and the same origin, answer the same message in the same topic, and are of kinds that can share an
    album. Files that somebody forwarded in one go look the same and become an album too.
    """
    if a.media is None or b.media is None or a.service or b.service:
        return False
    family = FAMILIES.get(a.media.shape)
    return (
        family is not None
        and family == FAMILIES.get(b.media.shape)
        and b.id == a.id + 1
        and (a.date, a.sender, a.reply_to, a.topic) == (b.date, b.sender, b.reply_to, b.topic)
        and _origin(a) == _origin(b)
    )


def _origin(m: Message) -> Any:
    return m.fwd and (m.fwd["from"], m.fwd.get("name"))


def _seconds(item: Exported, field: str) -> int:
    """Exports before 2022 have only local time without a zone: taken as UTC."""
    if f"{field}_unixtime" in item:
        return int(item[f"{field}_unixtime"])
    return int(datetime.fromisoformat(item[field]).replace(tzinfo=UTC).timestamp())
