"""What rare kinds are known again by: different ones differ, a message and its copy don't."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from telethon.tl import types as tl

from engine.telegram.convert import fingerprint
from tests.engine.draft_stage import PHOTO, POINT, drafted, message, words


def todo(*tasks: str, title: str = "Buy") -> Any:
    items = [tl.TodoItem(number, words(task)) for number, task in enumerate(tasks, 1)]
    return message(media=tl.MessageMediaToDo(tl.TodoList(words(title), items)))


def rich(*texts: str) -> Any:
    blocks = [tl.PageBlockParagraph(tl.TextBold(tl.TextPlain(text))) for text in texts]
    return message(rich_message=tl.RichMessage(blocks, [], []))


def game(number: int) -> Any:
    return message(media=tl.MessageMediaGame(tl.Game(number, 2, "g", "G", "", PHOTO)))


DIFFERENT = [
    message(""),
    message("text"),
    message("", media=tl.MessageMediaUnsupported()),
    message("text", media=tl.MessageMediaUnsupported()),
    message(media=tl.MessageMediaGeo(POINT)),
    message(media=tl.MessageMediaGeoLive(tl.GeoPoint(30.5, 50.26, 8), 60)),
    todo("milk"),
    todo("milk", "tea"),
    todo("milk", title="Sell"),
    message(media=tl.MessageMediaStory(tl.PeerUser(7), 3)),
    message(media=tl.MessageMediaStory(tl.PeerUser(7), 4)),
    message(media=tl.MessageMediaStory(tl.PeerChannel(7), 3)),
    game(1),
    game(2),
    rich("one"),
    rich("one", "two"),
]


def test_what_differs_is_told_apart() -> None:
    for one, other in combinations(DIFFERENT, 2):
        assert fingerprint(one) != fingerprint(other)


def test_the_links_of_a_rich_message_make_it_another() -> None:
    text = tl.TextAutoUrl(tl.TextPlain("t.me/source/9"))
    source = message(rich_message=tl.RichMessage([tl.PageBlockParagraph(text)], [], []))
    copy = drafted(source)
    assert copy.fingerprint == fingerprint(rich("https://t.me/c/600/1009"))
    assert copy.fingerprint != fingerprint(source)
