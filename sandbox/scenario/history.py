"""Fills a channel with the mixture of a real one: what kinds of posts there are, and how often."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import Any

from sandbox.placeholders import placeholder, poll
from sandbox.scenario import words
from sandbox.scenario.linking import add_link
from sandbox.scenario.writing import Writer
from sandbox.world import Channel, Message, World

#: How often each kind of post is drawn. An album or a burst is one post and several messages.
WEIGHTS = {
    "text": 560,
    "photo": 190,
    "album": 20,
    "file": 60,
    "video": 40,
    "voice": 30,
    "sticker": 30,
    "animation": 20,
    "video_note": 6,
    "poll": 15,
    "burst": 10,
    "forwarded": 12,
    "service": 7,
}
REPLIES = 0.08  # share of texts and photos that answer one of the last messages
AHEAD = 0.2  # share of links that lead to a later message: written into the post when that one was there
HOLES = 0.015  # share of posts before which messages were deleted
EDITED = 0.02
SECONDS_BETWEEN = 900  # on average, between two posts

Fields = dict[str, Any]  # of Message


class History:
    """Writes into the channel's box directly: nobody listens yet, and nothing of it is news to anyone.

    `replies` and `links` are the shares of texts and photos that answer one of the last messages, and that
    link to one of the channel's messages; `pins` is the share of messages once pinned that are so still.
    """

    def __init__(
        self,
        *,
        world: World,
        channel: Channel,
        random: Random,
        began: int,
        replies: float = REPLIES,
        links: float = 0,
        pins: float = 0,
    ) -> None:
        self._world = world
        self._channel = channel
        self._box = world.boxes["channel", channel.id]
        self._random = random
        self._writer = Writer(random)
        self._date = began
        self._replies, self._links, self._pins = replies, links, pins
        self._unfinished: deque[Message] = deque()  # posts that wait for the message they will link to
        self._kinds = list(WEIGHTS)
        self._weights = list(WEIGHTS.values())

    def fill(self, messages: int) -> None:
        """Until the channel has exactly `messages` existing messages, those already there included."""
        order = self._box.order.setdefault(self._box.key, [])
        for i in order:
            self._box.by_id[i].date = self._date  # the channel itself was made before the first post
        while (room := messages - len(order)) > 0:
            if self._random.random() < HOLES:
                self._box.next_id += self._random.randint(1, 6)  # written once and deleted long ago
            pause = int(self._random.expovariate(1 / SECONDS_BETWEEN))
            self._date = min(self._date + pause, int(self._world.clock()))
            kind = self._random.choices(self._kinds, self._weights)[0]
            for fields in list(self._post(kind))[:room]:
                self._add(fields, self._links if kind in ("text", "photo") else 0)
            self._finish()
        self._box.log.clear()  # old messages are history, not updates

    def _add(self, fields: Fields, links: float) -> None:
        box = self._box
        linked = links > 0 and self._random.random() < links
        m = Message(box.next_id, box.key, None, self._date, **fields)
        if linked and self._random.random() < AHEAD:
            self._unfinished.append(m)
        elif linked:
            add_link(m, self._channel, self._one_of_the_last(200), self._random)
        box.add(m)
        box.next_id += 1

    def _finish(self) -> None:
        """Sooner or later the oldest of the unfinished posts gets its link, to what was written last."""
        if self._unfinished and self._random.random() < 0.1:
            m = self._unfinished.popleft()
            add_link(m, self._channel, self._box.order[self._box.key][-1], self._random)
            m.edit_date = self._date

    def _post(self, kind: str) -> Iterator[Fields]:
        match kind:
            case "text":
                yield self._text() | self._reply() | self._edit()
            case "photo":
                yield self._caption(0.6) | self._reply() | {"media": self._photo()}
            case "album":
                yield from self._album()
            case "burst":
                short = self._writer.one_of(words.SHORT)
                for _ in range(self._random.randint(2, 7)):
                    yield {"text": short}
            case "forwarded":
                yield self._text() | {"fwd": self._header()}
            case "service":
                yield self._service()
            case _:
                yield self._document(kind)

    def _text(self) -> Fields:
        text, entities = self._writer.text()
        return {"text": text, "entities": entities}

    def _caption(self, share: float) -> Fields:
        if self._random.random() > share:
            return {}
        text, entities = self._writer.text(1)
        return {"text": text, "entities": entities}

    def _reply(self) -> Fields:
        if self._random.random() >= self._replies or len(self._box.order[self._box.key]) < 2:
            return {}
        return {"reply_to": self._one_of_the_last(60)}

    def _one_of_the_last(self, reach: int) -> int:
        """Never the first, which says that the channel was made."""
        ids = self._box.order[self._box.key]
        return ids[-1 - int(self._random.random() * min(reach, len(ids) - 1))]

    def _edit(self) -> Fields:
        return {"edit_date": self._date + 60} if self._random.random() < EDITED else {}

    def _photo(self) -> Any:
        return placeholder(self._world, "photo", w=1280, h=self._writer.one_of((720, 960, 1280, 1707)))

    def _album(self) -> Iterator[Fields]:
        """Photos and videos, with words under the first or under none."""
        group = self._world.new_group_id()
        for n in range(self._random.randint(2, 10)):
            photo = self._random.random() < 0.8
            media = self._photo() if photo else placeholder(self._world, "video", w=1280, h=720)
            yield self._caption(0.7 if n == 0 else 0) | {"media": media, "grouped_id": group}

    def _header(self) -> Fields:
        return {"date": self._date - 3600, "from": ("channel", self._channel.id), "post": 1}

    def _service(self) -> Fields:
        ids = self._box.order[self._box.key]
        if self._random.random() < 0.7:
            pinned = ids[-1 - int(self._random.random() * min(20, len(ids)))]
            if self._pins and self._random.random() < self._pins and not self._box.by_id[pinned].service:
                self._box.by_id[pinned].pinned = True
                self._box.pinned.add(pinned)
            return {"service": "pin", "reply_to": pinned, "detail": pinned}
        title = self._writer.one_of(words.NEW_TITLES).replace("{title}", self._channel.title)
        return {"service": "title", "text": title}

    def _document(self, kind: str) -> Fields:
        if kind == "poll":
            question, answers = self._writer.one_of(words.POLLS)
            return {"media": poll(self._world, self._writer.numbered(question), list(answers))}
        if kind == "file":
            name, mime = self._writer.one_of(words.FILES)
            media = placeholder(self._world, "document", name=self._writer.numbered(name), mime=mime)
            return self._caption(0.4) | {"media": media}
        caption = 0.4 if kind in ("video", "animation") else 0.0
        duration = 1 + int(self._random.random() * 120)
        return self._caption(caption) | {"media": placeholder(self._world, kind, duration=duration)}
