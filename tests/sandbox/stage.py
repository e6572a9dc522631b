"""The stage of the sandbox's own tests: two people, a public source and a private copy."""

from __future__ import annotations

from typing import Any

from sandbox.testing import Rig
from sandbox.world import Channel, User


class Stage(Rig):
    """Alice owns both channels; Bob reads the copy."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        w = self.world
        self.alice: User = w.add_user("Alice", phone="15550001", username="alice")
        self.bob: User = w.add_user("Bob", phone="15550002", username="bob")
        self.src: Channel = w.add_channel("Source", self.alice, username="source")
        self.dst: Channel = w.add_channel("Copy", self.alice)
        self.dst.members[self.bob.id] = "member"

    def texts(self, chat: Channel) -> list[str]:
        return [m.text for m in self.world.boxes["channel", chat.id].by_id.values() if not m.service]

    async def entity(self, client: Any, name: str) -> Any:
        return next(d.entity for d in await client.get_dialogs() if d.name == name)
