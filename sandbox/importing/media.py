"""Exported files to placeholders of the same kind, name and size on the screen. Thumbnails are left out."""

from __future__ import annotations

from typing import Any

from sandbox import placeholders
from sandbox.world import Media, World

#: Telegram Desktop's media_type to the world's kinds.
KINDS = {
    "sticker": "sticker",
    "voice_message": "voice",
    "video_message": "video_note",
    "video_file": "video",
    "animation": "animation",
    "audio_file": "audio",
}
#: What has no file, and would otherwise leave a message with nothing in it.
UNKNOWN = ("paid_media", "giveaway_information", "giveaway_results", "story", "invoice_information")


def media_of(world: World, message: dict[str, Any]) -> Media | None:
    """None for a message without any."""
    if "poll" in message:
        return _poll(world, message["poll"])
    if "contact_information" in message:
        return _contact(world, message)
    if "location_information" in message:
        return _place(world, message)
    if "todo_list" in message:
        return _todo(world, message["todo_list"])
    if "game_title" in message:
        return _game(world, message)
    if str(message.get("story_id") or "").isdigit() and _number(message.get("story_peer_id")):
        peer = ("user", _number(message["story_peer_id"]))
        return world.add_media("story", payload={"peer": peer, "id": int(message["story_id"])})
    if "photo" in message:
        return placeholders.placeholder(world, "photo", **_size(message))
    if "file" in message or "media_type" in message:
        return _file(world, message)
    return None


def look_of(message: dict[str, Any]) -> dict[str, Any] | None:
    """Behind a spoiler, or gone after so many seconds."""
    look: dict[str, Any] = {}
    if message.get("media_spoiler"):
        look["spoiler"] = True
    if seconds := message.get("self_destruct_period_seconds"):
        look["ttl"] = int(seconds)
    return look or None


def stands_for(message: dict[str, Any]) -> str:
    """The text of a message that holds only what a sandbox has no like of, so that it is not lost."""
    found = next((name for name in UNKNOWN if name in message), "empty message")
    return f"[{found.replace('_', ' ')}]"


def _file(world: World, message: dict[str, Any]) -> Media:
    kind = KINDS.get(str(message.get("media_type")), "document")
    name = message.get("file_name")
    if name is None and kind in ("document", "audio"):  # older exports have only the path
        path = str(message.get("file") or "")
        name = None if path.startswith("(") else path.rpartition("/")[2] or None
    fields: dict[str, Any] = {"name": name, **_size(message)}
    if mime := message.get("mime_type"):
        fields["mime"] = str(mime)
    if seconds := message.get("duration_seconds"):
        fields["duration"] = int(seconds)
    return placeholders.placeholder(world, kind, **fields)


def _size(message: dict[str, Any]) -> dict[str, int]:
    found = {"w": message.get("width"), "h": message.get("height")}
    return {name: int(value) for name, value in found.items() if value}


def _poll(world: World, poll: dict[str, Any]) -> Media:
    answers = [_plain(answer.get("text")) for answer in poll.get("answers", [])]
    return placeholders.poll(
        world, _plain(poll.get("question")), answers or ["?"], closed=bool(poll.get("closed"))
    )


def _contact(world: World, message: dict[str, Any]) -> Media:
    """The card itself is a file of its own, and not read."""
    contact = message["contact_information"]
    fields = ("first_name", "last_name", "phone_number")
    return world.add_media("contact", payload={f: str(contact.get(f) or "") for f in fields})


def _todo(world: World, todo: dict[str, Any]) -> Media:
    """Who ticked what off is not exported."""
    listed = todo.get("answers") or todo.get("items") or []
    items = [{"id": int(x.get("id") or n), "text": _plain(x.get("text"))} for n, x in enumerate(listed, 1)]
    payload: dict[str, Any] = {"title": _plain(todo.get("title")), "items": items}
    for ours, theirs in (
        ("others_can_append", "can_others_append"),
        ("others_can_complete", "can_others_complete"),
    ):
        if todo.get(ours) or todo.get(theirs):
            payload[ours] = True
    return world.add_media("todo", payload=payload)


def _game(world: World, message: dict[str, Any]) -> Media:
    """The short name is the end of the game's link: https://t.me/bot?game=name."""
    name = str(message.get("game_link") or "").rpartition("=")[2] or "game"
    title, about = str(message["game_title"]), str(message.get("game_description") or "")
    return world.add_media("game", payload={"short_name": name, "title": title, "description": about})


def _number(value: Any) -> int:
    """Of "user123456"; 0 where there is none."""
    number = str(value or "").removeprefix("user")
    return int(number) if number.isdigit() else 0


def _place(world: World, message: dict[str, Any]) -> Media:
    where = message["location_information"]
    payload: dict[str, Any] = {"lat": float(where["latitude"]), "long": float(where["longitude"])}
    if seconds := message.get("live_location_period_seconds"):
        return world.add_media("geo_live", payload=payload | {"period": int(seconds)})
    if "place_name" not in message:
        return world.add_media("geo", payload=payload)
    payload |= {"title": str(message["place_name"]), "address": str(message.get("address") or "")}
    return world.add_media("venue", payload=payload)


def _plain(value: Any) -> str:
    """Newer exports give text as a list of parts here too."""
    if isinstance(value, list):
        return "".join(x if isinstance(x, str) else str(x.get("text", "")) for x in value)
    return str(value or "")
