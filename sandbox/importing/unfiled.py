"""Exported media that are no file: polls, contacts, places, lists, games, and what nobody can copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox import placeholders
from sandbox.importing.text import plain
from sandbox.importing.values import LARGEST_ID, identity, number, seconds
from sandbox.world import Media, World

Exported = dict[str, Any]
MOST_ANSWERS = 100


def media_of(world: World, message: Exported) -> Media | None:
    """By the field that tells of it. A place that Telegram no longer knows is none."""
    for field, make in MAKERS.items():
        if field in message:
            return make(world, message)
    if (story := number(message.get("story_id"))) and (who := identity(message.get("story_peer_id"), "user")):
        return world.add_media("story", payload={"peer": ("user", who), "id": story})
    return None


def _poll(world: World, message: Exported) -> Media:
    poll = message["poll"]
    answers = [plain(answer.get("text")) for answer in poll.get("answers") or []]
    if len(answers) > MOST_ANSWERS:
        raise ValueError("no poll has that many answers")
    return placeholders.poll(
        world, plain(poll.get("question")), answers or ["?"], closed=bool(poll.get("closed"))
    )


def _contact(world: World, message: Exported) -> Media:
    """The card itself is a file of its own, and not read."""
    contact = message["contact_information"] or {}
    fields = ("first_name", "last_name", "phone_number")
    return world.add_media("contact", payload={f: plain(contact.get(f)) for f in fields})


def _todo(world: World, message: Exported) -> Media:
    """Who ticked what off is not exported."""
    todo = message["todo_list"]
    listed = todo.get("answers") or todo.get("items") or []
    items = [{"id": number(x.get("id") or n), "text": plain(x.get("text"))} for n, x in enumerate(listed, 1)]
    payload: dict[str, Any] = {"title": plain(todo.get("title")), "items": items}
    for may in ("others_can_append", "others_can_complete"):
        if todo.get(may):
            payload[may] = True
    return world.add_media("todo", payload=payload)


def _game(world: World, message: Exported) -> Media:
    """The short name is the end of the game's link: https://t.me/bot?game=name."""
    name = str(message.get("game_link") or "").rpartition("=")[2] or "game"
    title, about = plain(message.get("game_title")), plain(message.get("game_description"))
    return world.add_media("game", payload={"short_name": name, "title": title, "description": about})


def _place(world: World, message: Exported) -> Media | None:
    """Live places have a period, venues a name, and either may be without the point."""
    where = message.get("location_information") or {}
    payload = {"lat": float(where.get("latitude") or 0), "long": float(where.get("longitude") or 0)}
    if lasts := message.get("live_location_period_seconds"):
        return world.add_media("geo_live", payload=payload | {"period": number(lasts)})
    if "place_name" in message or "address" in message:
        named = {"title": plain(message.get("place_name")), "address": plain(message.get("address"))}
        return world.add_media("venue", payload=payload | named)
    return world.add_media("geo", payload=payload) if where else None


def _paid(world: World, message: Exported) -> Media:
    """What was for sale is not exported: a photo."""
    inside = [placeholders.placeholder(world, "photo")]
    return world.add_media("paid", payload={"stars": number(message["paid_stars_amount"]), "media": inside})


def _invoice(world: World, message: Exported) -> Media:
    """Telegram Desktop writes it as a string that holds JSON."""
    told = message["invoice_information"]
    try:
        told = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        told = {}
    fields = {
        "title": plain(told.get("title")),
        "description": plain(told.get("description")),
        "currency": plain(told.get("currency")) or "XTR",
        "total_amount": number(told.get("amount"), LARGEST_ID),
    }
    return world.add_media("invoice", payload=fields)


def _giveaway(world: World, message: Exported) -> Media:
    told = message["giveaway_information"]
    fields = {
        "channels": [number(i, LARGEST_ID) for i in told.get("channels") or []],
        "quantity": number(told.get("quantity")),
        "months": number(told.get("months")),
        "until_date": seconds(told, "until_date", 0),
    }
    return world.add_media("giveaway", payload=fields)


def _results(world: World, message: Exported) -> Media:
    """The winners' numbers may be of any kind of chat, and are left out."""
    told = message["giveaway_results"]
    fields = {
        "channel_id": number(told.get("channel"), LARGEST_ID),
        "launch_msg_id": number(told.get("launch_message_id")),
        "winners_count": number(told.get("winners_count")),
        "unclaimed_count": number(told.get("unclaimed_count")),
        "winners": [],
        "until_date": seconds(told, "until_date", 0),
    }
    return world.add_media("giveaway_results", payload=fields)


MAKERS: dict[str, Callable[[World, Exported], Media | None]] = {
    "poll": _poll,
    "contact_information": _contact,
    "location_information": _place,
    "place_name": _place,
    "todo_list": _todo,
    "game_title": _game,
    "paid_stars_amount": _paid,
    "invoice_information": _invoice,
    "giveaway_information": _giveaway,
    "giveaway_results": _results,
}
