"""Messages built by hand for the tests of drafts, each as a real Telethon would have read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telethon.extensions import BinaryReader
from telethon.tl import types as tl

from engine.links import SourceLink, SourceLinks
from engine.telegram.draft import Draft, draft_of

HERE = tl.PeerChannel(500)
DAY = datetime(2026, 1, 1, tzinfo=UTC)
LINKS = SourceLinks(500, ["source"])
KNOWN = {7: tl.InputUser(7, 70)}
PHOTO = tl.Photo(
    11, 12, b"ref", DAY, [tl.PhotoSize("m", 320, 320, 900), tl.PhotoSize("x", 800, 800, 4000)], 2
)
COVER = tl.Photo(13, 14, b"cover", DAY, [], 2)
POINT = tl.GeoPoint(30.5, 50.25, 8, 9)


def passed(thing: Any) -> Any:
    """A TL object once over the wire and back: what can't be sent fails here."""
    return BinaryReader(bytes(thing)).tgread_object()


def wired(thing: Any) -> bytes:
    """A TL object as it goes over the wire, where a flag that is False and one that is None are the same."""
    assert bytes(passed(thing)) == bytes(thing)
    return bytes(thing)


def message(text: str = "", entities: list[Any] | None = None, **fields: Any) -> Any:
    return passed(tl.Message(1, HERE, date=DAY, message=text, entities=entities, **fields))


def document(*attributes: Any) -> Any:
    return tl.Document(21, 22, b"ref", DAY, "video/mp4", 5000, 2, list(attributes))


def shown(*attributes: Any, **look: Any) -> Any:
    """A message that shows a document."""
    return message(media=tl.MessageMediaDocument(document=document(*attributes), **look))


def words(text: str, *entities: Any) -> Any:
    return tl.TextWithEntities(text, list(entities))


def poll(*answers: str, question: str = "Why?", right: int | None = None, **flags: Any) -> Any:
    """A poll; `right` is the answer that this account may know, with a solution if it is a quiz."""
    given = [tl.PollAnswer(words(answer), bytes([65 + n])) for n, answer in enumerate(answers)]
    voters = [tl.PollAnswerVoters(bytes([65 + n]), correct=n == right or None) for n in range(len(answers))]
    known = right is not None
    results = tl.PollResults(
        results=voters if known else None,
        total_voters=3,
        solution="As in t.me/source/4" if known else None,
        solution_entities=[tl.MessageEntityUrl(6, 13)] if known else None,
    )
    return tl.MessageMediaPoll(tl.Poll(99, words(question), given, hash=5, **flags), results)


def copy_url(link: SourceLink) -> str | None:
    """Where the tests' links lead: messages below 100 have copies, 1000 above their ids."""
    return f"https://t.me/c/600/{link.message_id + 1000}" if link.message_id < 100 else None


def drafted(source: Any, **more: Any) -> Draft:
    return draft_of(source, links=LINKS, new_url=copy_url, user=KNOWN.get, **more)
