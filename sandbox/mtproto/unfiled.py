"""Media that are no file: contacts, places, polls, to-do lists, stories, gifts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto import headers
from sandbox.world import Media


def media(m: Media) -> Any:
    """A MessageMedia; `payload` holds the constructor's arguments, times as Unix seconds."""
    p = dict(m.payload or {})
    match m.kind:
        case "contact":
            return t.MessageMediaContact(**{"last_name": "", "vcard": "", "user_id": 0} | p)
        case "geo" | "venue" | "geo_live":
            return _place(m, p)
        case "dice":
            return t.MessageMediaDice(**p)
        case "invoice":
            return t.MessageMediaInvoice(**{"start_param": ""} | p)
        case "todo":
            return _todo(p)
        case "story":
            return t.MessageMediaStory(headers.peer(p["peer"]), p["id"])
        case "giveaway":
            return t.MessageMediaGiveaway(**p | {"until_date": _when(p["until_date"])})
        case "giveaway_results":
            return t.MessageMediaGiveawayResults(**p | {"until_date": _when(p["until_date"])})
    return t.MessageMediaUnsupported()


def _when(ts: int) -> datetime:
    return datetime.fromtimestamp(ts, UTC)


def _place(m: Media, p: dict[str, Any]) -> Any:
    p["geo"] = t.GeoPoint(p.pop("long"), p.pop("lat"), m.id)
    if m.kind == "geo":
        return t.MessageMediaGeo(**p)
    if m.kind == "geo_live":
        return t.MessageMediaGeoLive(**{"period": 900} | p)
    return t.MessageMediaVenue(**{"provider": "", "venue_id": "", "venue_type": ""} | p)


def _todo(p: dict[str, Any]) -> Any:
    """`p`: title, title_entities, items [{"id", "text", "entities"}], what others may, done {item: user}."""
    items = [t.TodoItem(i["id"], _text(i["text"], i.get("entities"))) for i in p["items"]]
    todo = t.TodoList(
        _text(p["title"], p.get("title_entities")),
        items,
        others_can_append=p.get("others_can_append") or None,
        others_can_complete=p.get("others_can_complete") or None,
    )
    ticks = [t.TodoCompletion(i, t.PeerUser(u), _when(0)) for i, u in (p.get("done") or {}).items()]
    return t.MessageMediaToDo(todo, ticks or None)


def _text(text: str, entities: list[Any] | None = None) -> Any:
    return t.TextWithEntities(text, entities or [])


def poll(m: Media, viewer: int) -> Any:
    """A poll; its results, and a quiz's answer, only for those who voted, or when it is over."""
    p = m.poll or {}
    votes: dict[int, Any] = p.get("votes", {})
    voted = viewer in votes or p.get("closed")
    shown = t.Poll(
        m.id,
        _text(p["question"], p.get("question_entities")),
        [t.PollAnswer(_text(a, e), option(i)) for i, (a, e) in enumerate(_answers(p))],
        hash=0,
        quiz=p.get("quiz") or None,
        closed=p.get("closed") or None,
        multiple_choice=p.get("multiple") or None,
        public_voters=p.get("public") or None,
        close_period=p.get("close_period"),
        close_date=_when(p["close_date"]) if p.get("close_date") else None,
    )
    solved = bool(voted and p.get("solution"))
    results = t.PollResults(
        results=_results(p, votes, viewer) if voted else None,
        total_voters=len(votes),
        solution=p["solution"] if solved else None,
        solution_entities=p.get("solution_entities") or [] if solved else None,
    )
    return t.MessageMediaPoll(shown, results)


def _answers(p: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    entities = p.get("answers_entities") or [[] for _ in p["answers"]]
    return list(zip(p["answers"], entities, strict=True))


def _results(p: dict[str, Any], votes: dict[int, Any], viewer: int) -> list[Any]:
    return [
        t.PollAnswerVoters(
            option(i),
            chosen=i in chosen(votes.get(viewer)) or None,
            correct=(p.get("quiz") and i == p.get("correct")) or None,
            voters=sum(i in chosen(v) for v in votes.values()),
            recent_voters=[],
        )
        for i in range(len(p["answers"]))
    ]


def option(index: int) -> bytes:
    return bytes([48 + index])


def chosen(vote: Any) -> tuple[int, ...]:
    """A vote is an index or several."""
    if vote is None:
        return ()
    return (vote,) if isinstance(vote, int) else tuple(vote)
