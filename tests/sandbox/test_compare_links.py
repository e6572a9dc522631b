"""Replies and links must lead to the copies, however an address is written."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as t

from sandbox.compare import Comparison, compare
from sandbox.compare_links import Addresses, Link
from sandbox.scenario.writing import units
from sandbox.world import Channel, World


class Two:
    """A public source and a private target; the target's ids run 100 ahead."""

    def __init__(self) -> None:
        self.world = World()
        self.owner = self.world.add_user("Owner")
        self.source = self.world.add_channel("Source", self.owner, id=10**9 + 1, username="Source")
        self.target = self.world.add_channel("Target", self.owner, id=10**9 + 2)
        self.world.boxes["channel", self.target.id].next_id += 100

    def post(self, channel: Channel, **fields: Any) -> int:
        ((_, m),) = self.world.send(self.owner.id, ("channel", channel.id), [fields])
        return m.id

    def both(self, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        self.post(self.source, **ours)
        self.post(self.target, **theirs)

    def compared(self, **options: Any) -> Comparison:
        return compare(self.world, ("channel", self.source.id), ("channel", self.target.id), **options)

    def wrong(self, **options: Any) -> list[list[str]]:
        c = self.compared(**options)
        assert (c.missing.count, c.foreign.count, c.doubled.count, c.out_of_order.count) == (0, 0, 0, 0)
        assert c.same == (not c.different)
        return [d.what for d in c.differences]


@pytest.fixture
def two() -> Two:
    """Messages 2, 3, 4 are copied as 102, 103, 104."""
    two = Two()
    for text in ("a", "b", "c"):
        two.both({"text": text}, {"text": text})
    return two


def url(text: str, **more: Any) -> dict[str, Any]:
    return {"text": f"🚀 see {text} now", "entities": [t.MessageEntityUrl(7, units(text))], **more}


def behind(address: str) -> dict[str, Any]:
    return {"text": "see here", "entities": [t.MessageEntityTextUrl(4, 4, address)]}


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        (3, 103, []),
        (3, 104, ["reply"]),
        (3, None, ["reply"]),
        (None, 103, ["reply"]),
        (1, None, []),  # the creation of the channel has no copy
        (1, 101, ["reply"]),
        (900, None, []),
    ],
)
def test_replies(two: Two, ours: int | None, theirs: int | None, what: list[str]) -> None:
    two.both({"text": "answer", "reply_to": ours}, {"text": "answer", "reply_to": theirs})
    assert two.wrong() == ([what] if what else [])
    assert two.wrong(replies=False) == []


@pytest.mark.parametrize(
    ("theirs", "what"),
    [
        ({"text": "b", "offset": 0}, []),
        (None, ["quote"]),
        ({"text": "c"}, ["quote"]),
        ({"text": "b", "entities": [t.MessageEntityBold(0, 1)]}, ["quote"]),
    ],
)
def test_quotes(two: Two, theirs: Any, what: list[str]) -> None:
    quote = {"text": "b", "entities": [], "offset": 0}
    two.both({"text": "x", "reply_to": 3, "quote": quote}, {"text": "x", "reply_to": 103, "quote": theirs})
    assert two.wrong() == ([what] if what else [])


def test_a_reply_to_another_chat_is_kept_or_declared_lost(two: Two) -> None:
    ours = {"text": "x", "reply_to": 5, "reply_peer": ("channel", 77)}
    two.both(ours, ours)
    assert two.wrong() == []
    two.both(ours | {"text": "y"}, {"text": "y"})
    assert two.wrong() == [["reply"]]
    c = two.compared(declared={6: ["reply"]})
    assert (c.same, c.declared) == (True, 1)


PRIVATE = "t.me/c/1000000002"


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        ("https://t.me/source/3", f"https://{PRIVATE}/103", []),
        ("t.me/SOURCE/3", f"https://{PRIVATE}/103", []),
        ("http://telegram.me/source/3?single", f"{PRIVATE}/103?single", []),
        ("https://t.me/source/3?single", f"{PRIVATE}/103", ["link"]),
        ("https://t.me/c/1000000001/3", f"https://{PRIVATE}/103", []),
        ("https://t.me/c/1000000001/9/3", f"https://{PRIVATE}/103", []),
        ("tg://resolve?domain=source&post=3", f"https://{PRIVATE}/103", []),
        ("tg://privatepost?channel=1000000001&post=3", "tg://privatepost?channel=1000000002&post=103", []),
        ("https://t.me/source/3?comment=8", f"https://{PRIVATE}/103", []),
        ("https://t.me/source/3?comment=8", f"https://{PRIVATE}/103?comment=8", ["link"]),
        ("https://source.t.me/3", f"https://{PRIVATE}/103", []),
        ("https://t.me/source/3", f"https://{PRIVATE}/104", ["link"]),
        ("https://t.me/source/3", "https://t.me/source/3", ["link"]),
        ("https://t.me/source/3", "https://t.me/source/103", ["link"]),
        ("https://t.me/source/999", "https://t.me/source/999", []),
        ("https://t.me/source/999", f"https://{PRIVATE}/999", ["link"]),
        ("https://t.me/other/3", "https://t.me/other/3", []),
        ("https://t.me/source", "https://t.me/source", []),
        (f"https://{PRIVATE}/103", f"https://{PRIVATE}/103", []),
    ],
)
def test_links(two: Two, ours: str, theirs: str, what: list[str]) -> None:
    two.both(url(ours), url(theirs))
    two.both(behind(ours), behind(theirs))
    two.both({"text": "the end"}, {"text": "the end"})
    assert two.wrong() == ([what] * 2 if what else [])


def test_a_link_elsewhere_stays_as_it_is(two: Two) -> None:
    two.both(url("https://t.me/other/3"), url("https://t.me/other/4"))
    two.both(behind("https://t.me/other/3"), behind("https://t.me/other/4"))
    assert two.wrong() == [["text"], ["entities"]]


def test_what_stands_around_a_longer_link_moves_with_it(two: Two) -> None:
    def text(address: str, *, bold: int) -> dict[str, Any]:
        entities = [t.MessageEntityUrl(2, len(address)), t.MessageEntityBold(2 + len(address) + bold, 3)]
        return {"text": f"a {address} end", "entities": entities}

    two.both(text("t.me/source/3", bold=1), text(f"https://{PRIVATE}/103", bold=1))
    assert two.wrong() == []
    two.both(text("t.me/source/2", bold=1), text(f"https://{PRIVATE}/102", bold=0))
    assert two.wrong() == [["entities"]]


def test_links_forward_and_to_itself(two: Two) -> None:
    two.both(url("t.me/source/6"), url(f"{PRIVATE}/106"))
    two.both(url("t.me/source/6"), url(f"{PRIVATE}/106"))
    assert two.wrong() == []


def test_equal_messages_are_told_apart_by_what_they_answer(two: Two) -> None:
    for ours in (2, 3, 4):
        two.post(two.source, text="ok", reply_to=ours)
    for theirs in (103, 104):
        two.post(two.target, text="ok", reply_to=theirs)
    c = two.compared()
    assert (c.missing.first, c.different, c.out_of_order.count) == ([5], 0, 0)


def test_equal_messages_are_told_apart_by_their_links(two: Two) -> None:
    for n in (2, 3, 4):
        two.post(two.source, **url(f"t.me/source/{n}"))
    for n in (102, 104, 104):
        two.post(two.target, **url(f"{PRIVATE}/{n}"))
    c = two.compared()
    assert ([(d.source_id, d.what) for d in c.differences], c.missing.count) == ([(6, ["link"])], 0)


def test_addresses() -> None:
    two = Two()
    known = Addresses(two.world, [("channel", two.source.id), ("chat", 5)])
    chat = ("channel", two.source.id)
    assert known.find("https://t.me/source/7/8?comment=9&single") == Link(chat, 8, 7, 9, True)
    assert known.find("t.me/c/1000000001/8?thread=7") == Link(chat, 8, 7)
    assert known.find("tg://resolve?domain=Source&post=8&comment=9") == Link(chat, 8, None, 9)
    for address in (
        "https://t.me/source/x",
        "https://t.me/source/1/2/3",
        "https://t.me/c/1000000001",
        "https://example.org/t.me/source/8",
        "https://nott.me/source/8",
        "ftp://t.me/source/8",
        "https://t.me/",
        "https://t.me/s/source/8",
        "http://[t.me/source/8",
        "tg://join?invite=source&post=8",
    ):
        assert known.find(address) is None, address


def test_many_equal_answers_are_told_apart_quickly(two: Two) -> None:
    ids = [two.post(two.source, text=f"post {n}") for n in range(2_000)]
    copies = [two.post(two.target, text=f"post {n}") for n in range(2_000)]
    for n, i in enumerate(ids):
        two.post(two.source, text="ok", reply_to=i if n % 2 else None)
    for n, j in enumerate(copies):
        if n % 100 != 1:
            two.post(two.target, text="ok", reply_to=j if n % 2 and n % 7 else None)
    c = two.compared()
    lost = sum(1 for n in range(2_000) if n % 100 != 1 and n % 2 and n % 7 == 0)
    assert (c.missing.count, c.different) == (20, lost)
    assert all(d.what == ["reply"] for d in c.differences)
