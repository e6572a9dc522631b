"""Exported files to placeholders of the same kind, name and size on the screen. Thumbnails are left out."""

from __future__ import annotations

from typing import Any

from sandbox import placeholders
from sandbox.importing import unfiled
from sandbox.importing.values import number, words
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


def media_of(world: World, message: dict[str, Any]) -> Media | None:
    """None for a message without any."""
    if message.get("type") == "unsupported":
        return world.add_media("unsupported")
    if (found := unfiled.media_of(world, message)) is not None:
        return found
    if "photo" in message or "photo_file_size" in message:  # a photo that has destroyed itself has no path
        return placeholders.placeholder(world, "photo", **_size(message))
    if "file" in message or "media_type" in message or "file_size" in message:
        return _file(world, message)
    return None


def look_of(message: dict[str, Any]) -> dict[str, Any] | None:
    """Behind a spoiler, or gone after so many seconds."""
    look: dict[str, Any] = {}
    if message.get("media_spoiler"):
        look["spoiler"] = True
    if seconds := message.get("self_destruct_period_seconds"):
        look["ttl"] = number(seconds)
    return look or None


def _file(world: World, message: dict[str, Any]) -> Media:
    kind = KINDS.get(str(message.get("media_type")), "document")
    name = words(message.get("file_name")) or None
    if name is None and kind in ("document", "audio"):  # older exports have only the path
        path = words(message.get("file"))
        name = None if path.startswith("(") else path.rpartition("/")[2] or None
    fields: dict[str, Any] = {"name": name, **_size(message)}
    if mime := message.get("mime_type"):
        fields["mime"] = words(mime)
    if seconds := message.get("duration_seconds"):
        fields["duration"] = number(seconds)
    return placeholders.placeholder(world, kind, **fields)


def _size(message: dict[str, Any]) -> dict[str, int]:
    found = {"w": message.get("width"), "h": message.get("height")}
    return {name: number(value) for name, value in found.items() if value}
