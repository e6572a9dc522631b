"""Operations that build galleries and large chats: one of each structure, many albums, many topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sandbox.control.views import peer_from
from sandbox.scenario.gallery import Entry, Exhibit, Gallery, build_gallery
from sandbox.scenario.large import build_albums, build_forum
from sandbox.world import Peer, World


class Galleries:
    def __init__(self, *, world: World) -> None:
        self._world = world

    def build_gallery(self, owner: int) -> dict[str, Any]:
        """See sandbox.scenario.gallery; the people and the bot in it are new ones."""
        return asdict(build_gallery(self._world, self._world.users[owner]))

    def build_albums(self, owner: int, albums: int, seed: int = 1, singles: float = 0) -> Peer:
        """A channel of albums, see sandbox.scenario.large."""
        return build_albums(self._world, self._world.users[owner], albums=albums, seed=seed, singles=singles)

    def build_forum(
        self, owner: int, topics: int, messages: int, seed: int = 1, replies: float = 0.1
    ) -> Peer:
        """A forum, see sandbox.scenario.large."""
        user = self._world.users[owner]
        return build_forum(self._world, user, topics=topics, messages=messages, seed=seed, replies=replies)


def gallery_from(data: Mapping[str, Any]) -> Gallery:
    exhibits = {name: _exhibit(value) for name, value in data.items() if name != "owner"}
    return Gallery(owner=data["owner"], **exhibits)


def _exhibit(data: Mapping[str, Any]) -> Exhibit:
    fields = dict(data)
    for name in ("peer", "before", "comments"):
        fields[name] = fields[name] and peer_from(fields[name])
    for name in ("entries", "earlier", "below"):
        fields[name] = [Entry(**e) for e in fields[name]]
    return Exhibit(**fields)
