"""A gallery, and what a perfect cloner would make of it: the stage of the gallery's tests."""

from __future__ import annotations

from typing import Any

from sandbox.compare import Comparison, compare
from sandbox.scenario.gallery import Exhibit, Gallery, build_gallery
from sandbox.world import Message, World
from tests.sandbox.true_copy import TrueCopy, copy_chat


class Hall:
    """A gallery, and a true copy of one exhibit in it."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner", phone="1")
        self.gallery: Gallery = build_gallery(self.world, self.owner)

    def exhibit(self, name: str) -> Exhibit:
        return next(e for e in self.gallery.exhibits if e.name == name)

    def copied(self, name: str) -> TrueCopy:
        e = self.exhibit(name)
        return copy_chat(self.world, e.peer, owner=self.owner.id, skipped=set(e.skipped), before=e.before)

    def compared(self, name: str, copy: TrueCopy, **options: Any) -> Comparison:
        e = self.exhibit(name)
        options = {"profile": True, "comments": e.comments is not None, "skipped": e.skipped} | options
        return compare(self.world, e.peer, copy.peer, viewer=self.owner.id, before=e.before, **options)

    def copy_of(self, copy: TrueCopy, name: str, label: str, number: int = 0) -> Message:
        return self.world.boxes[copy.peer].by_id[copy.ids[self.exhibit(name).of(label)[number]]]
