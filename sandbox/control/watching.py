"""Operations that look at the world, talk in it and judge what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import psutil
from telethon.sessions import StringSession

from sandbox.compare import Comparison, compare
from sandbox.control.journal import CountedWorld
from sandbox.control.server import Refused
from sandbox.control.views import MessageView, Statistics, peer_from
from sandbox.fewest_calls import FewestCalls, fewest_calls
from sandbox.mtproto.server import MTProtoServer

WINDOW = 200  # messages shown at once


class Watching:
    """`refused` counts the Bot API's answers of 429."""

    def __init__(self, *, world: CountedWorld, telegram: MTProtoServer, refused: Callable[[], int]) -> None:
        self._world = world
        self._telegram = telegram
        self._refused = refused

    def say(self, user: int, chat: Any, text: str) -> int:
        """The user types something; the new message's id in their view."""
        return self._world.send(user, peer_from(chat), [{"text": text}])[0][1].id

    async def press(
        self, user: int, chat: Any, message: int, data: str, seconds: float = 10
    ) -> dict[str, Any]:
        """The user presses a button; the bot's answer to it, or {} when none came in time."""
        _, answer = self._world.press(user, peer_from(chat), message, data.encode())
        try:
            return await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            return {}

    def messages(self, chat: Any, viewer: int, after: int = 0, limit: int = 50) -> list[MessageView]:
        """The newest `limit` messages behind the id `after`, oldest first."""
        peer = peer_from(chat)
        box = self._world.box_for(viewer, peer)
        ids = [i for i in box.order.get(peer, [])[-min(limit, WINDOW) :] if i > after]
        return [MessageView.of(box.by_id[i]) for i in ids]

    def count(self, chat: Any) -> int:
        """How many messages exist in a channel, service messages included."""
        return len(self._world.boxes[peer_from(chat)].by_id)

    def last_id(self, chat: Any) -> int:
        """The newest message's id in a channel; 0 when it is empty."""
        peer = peer_from(chat)
        return (self._world.boxes[peer].order.get(peer) or [0])[-1]

    def compare(
        self,
        source: Any,
        target: Any,
        declared: list[tuple[int, list[str]]] | None = None,
        before: Any = None,
        **options: Any,
    ) -> Comparison:
        """As sandbox.compare.compare; `declared` as pairs, for JSON's names are no numbers."""
        try:
            return compare(
                self._world,
                peer_from(source),
                peer_from(target),
                declared=dict(declared or ()),
                before=peer_from(before) if before else None,
                **options,
            )
        except TypeError as e:
            raise Refused(f"The arguments do not fit: {e}.") from e

    def statistics(self) -> Statistics:
        w = self._world
        return Statistics(
            users=len(w.users),
            channels=len(w.channels),
            messages=sum(len(w.boxes["channel", c].by_id) for c in w.channels),
            calls=sum(w.call_counts.values()),
            refused=self._refused(),
            flood_waits=w.flood_waits,
            connections=len(self._telegram.connections),
            memory=psutil.Process().memory_info().rss,
        )

    def calls(self, session: str | None = None) -> dict[str, int]:
        """Calls by method since the start (or the last clear_calls); the Bot API's begin with "bot.".

        With a `session` those of MTProto that were ever made with it.
        """
        if session is None:
            return dict(self._world.call_counts)
        return dict(self._telegram.learn(StringSession(session).auth_key.key).calls)

    def fewest_calls(self, source: Any) -> FewestCalls:
        """See sandbox.fewest_calls."""
        return fewest_calls(self._world, peer_from(source))

    def clear_calls(self) -> None:
        self._world.call_counts.clear()
