"""The fewest calls of a copy, counted by hand for histories that one can see through."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as t

from sandbox.fewest_calls import fewest_calls
from sandbox.world import World


class Source:
    """A channel with one message."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner")
        channel = self.world.add_channel("Source", self.owner, id=10**9 + 1, username="source")
        self.peer = ("channel", channel.id)
        self.first = self.post("first")

    def post(self, text: str = "", **fields: Any) -> int:
        return self.album([{"text": text} | fields])[0]

    def album(self, specs: list[dict[str, Any]]) -> list[int]:
        return [m.id for _, m in self.world.send(self.owner.id, self.peer, specs)]

    @property
    def sends(self) -> int:
        return fewest_calls(self.world, self.peer).sends


@pytest.fixture
def source() -> Source:
    return Source()


def photos(source: Source, count: int, **fields: Any) -> list[dict[str, Any]]:
    group = source.world.new_group_id()
    return [{"media": source.world.add_media("photo"), "grouped_id": group} | fields for _ in range(count)]


def test_plain_posts_go_by_the_hundred(source: Source) -> None:
    for _ in range(99):
        source.post("plain")
    assert source.sends == 1
    source.post("one more")
    assert source.sends == 2


def test_an_album_is_never_cut(source: Source) -> None:
    for _ in range(96):
        source.post("plain")
    source.album(photos(source, 4))
    assert source.sends == 2  # 97 and an album of four


def test_what_answers_goes_alone_and_cuts_the_run(source: Source) -> None:
    source.post("an answer", reply_to=source.first)
    source.post("plain")
    source.album(photos(source, 3, reply_to=source.first))
    source.post("answers what is gone", reply_to=10**6)
    found = fewest_calls(source.world, source.peer)
    assert (found.sends, found.replies) == (1 + 1 + 1 + 1 + 1, 4)


def test_links_back_are_sends_and_links_forward_are_edits(source: Source) -> None:
    source.post(f"back: https://t.me/source/{source.first}", entities=_link(6, source.first))
    assert source.sends == 2
    ahead = source.first + 3
    source.post(f"ahead: https://t.me/source/{ahead}", entities=_link(7, ahead))
    assert fewest_calls(source.world, source.peer).edits == 0  # it leads nowhere as yet
    assert source.post("here") == ahead
    found = fewest_calls(source.world, source.peer)
    assert (found.sends, found.edits, found.links) == (3, 1, 2)


def test_pins_and_pages_are_counted(source: Source) -> None:
    source.world.pin(source.owner.id, source.peer, source.first)
    found = fewest_calls(source.world, source.peer)
    assert (found.pins, found.pages) == (1, 2)  # one page, and one that finds the end
    assert found.total == found.pages + found.sends + 1


def _link(offset: int, message_id: int) -> list[Any]:
    return [t.MessageEntityUrl(offset, len(f"https://t.me/source/{message_id}"))]
