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
UNKNOWN = ("paid_media", "giveaway_information", "giveaway_results", "todo_list", "story", "game_title")


def media_of(world: World, message: dict[str, Any]) -> Media | None:
    """None for a message without any."""
    if "poll" in message:
        return _poll(world, message["poll"])
    if "contact_information" in message:
        contact = message["contact_information"]
        fields = ("first_name", "last_name", "phone_number")
        return world.add_media("contact", payload={f: str(contact.get(f) or "") for f in fields})
    if "location_information" in message:
        return _place(world, message)
    if "photo" in message:
        return placeholders.placeholder(world, "photo", **_size(message))
    if "file" in message or "media_type" in message:
        return _file(world, message)
    return None


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


def _place(world: World, message: dict[str, Any]) -> Media:
    where = message["location_information"]
    payload: dict[str, Any] = {"lat": float(where["latitude"]), "long": float(where["longitude"])}
    if "place_name" not in message:
        return world.add_media("geo", payload=payload)
    payload |= {"title": str(message["place_name"]), "address": str(message.get("address") or "")}
    return world.add_media("venue", payload=payload)


def _plain(value: Any) -> str:
    """Newer exports give text as a list of parts here too."""
    if isinstance(value, list):
        return "".join(x if isinstance(x, str) else str(x.get("text", "")) for x in value)
    return str(value or "")
