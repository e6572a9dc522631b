"""What plain forwards make of the gallery: they lose what is declared, replies, and the links to copies."""

from __future__ import annotations

import pytest

from sandbox.compare import Comparison, compare
from sandbox.scenario.gallery import Exhibit, Gallery, build_gallery
from sandbox.world import Channel, User, World

#: Copied, but not by forwarding them.
SENT_ANEW = {"quiz, not answered", "poll that shows who voted"}


class Forwarded:
    def __init__(self) -> None:
        self.world = World()
        self.owner: User = self.world.add_user("Owner")
        self.gallery: Gallery = build_gallery(self.world, self.owner)
        self.target: Channel

    def forward(self, e: Exhibit, *, drop_author: bool) -> None:
        """Entry by entry into a new chat of the same kind."""
        source = self.world.channels[e.peer[1]]
        self.target = self.world.add_channel("Target", self.owner, megagroup=source.megagroup)
        for entry in e.entries:
            if entry.fate == "copied" and entry.label not in SENT_ANEW:
                target = ("channel", self.target.id)
                random_ids = [i + 10**6 * self.target.id for i in entry.ids]
                self.world.forward(self.owner.id, e.peer, entry.ids, target, random_ids, drop_author)

    def compared(self, e: Exhibit, **options: bool) -> Comparison:
        skipped = [*e.skipped, *(i for x in e.entries if x.label in SENT_ANEW for i in x.ids)]
        target = ("channel", self.target.id)
        return compare(
            self.world, e.peer, target, skipped=skipped, declared=e.declared, pins=False, **options
        )


@pytest.fixture
def forwarded() -> Forwarded:
    return Forwarded()


def test_forwards_lose_only_what_is_declared_and_what_they_cannot_mend(forwarded: Forwarded) -> None:
    e = forwarded.gallery.channel
    forwarded.forward(e, drop_author=True)
    c = forwarded.compared(e, replies=False)
    assert (c.missing.count, c.foreign.count, c.doubled.count, c.out_of_order.count) == (0, 0, 0, 0)
    assert c.different > 10
    labels = {i: x.label for x in e.entries for i in x.ids}
    assert all("link" in labels[d.source_id] and d.what == ["link"] for d in c.differences)
    answers = forwarded.compared(e)
    assert answers.different > c.different + 20


def test_with_headers_replies_and_links_stay_behind_and_all_are_named(forwarded: Forwarded) -> None:
    e = forwarded.gallery.crowd
    forwarded.forward(e, drop_author=False)
    assert forwarded.compared(e, keep_author=True).same
    assert forwarded.compared(e).different == 300
    box = forwarded.world.boxes["channel", forwarded.target.id]
    one = next(m for m in box.by_id.values() if m.fwd)
    one.fwd = {"date": 1, "from": ("user", forwarded.owner.id), "post": None}
    c = forwarded.compared(e, keep_author=True)
    assert [(d.target_id, d.what) for d in c.differences] == [(one.id, ["forward header"])]


def test_without_headers_none_is_named(forwarded: Forwarded) -> None:
    e = forwarded.gallery.crowd
    forwarded.forward(e, drop_author=True)
    assert forwarded.compared(e, replies=False).same
    assert forwarded.compared(e, keep_author=True).different == 300
