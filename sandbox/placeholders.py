"""Media of the right kind with next to nothing in them, for worlds that are made rather than lived in."""

from __future__ import annotations

from typing import Any

from sandbox.world import Media, World

#: A JPEG of one grey pixel: all photos' bytes, shared by all of them.
PIXEL = bytes.fromhex(
    "ffd8ffdb0043000101010101010101010101010101010101010101010101010101010101010101010101010101010101"
    "01010101010101010101010101010101010101010101ffc0000b080001000101011100ffc40014000100000000000000"
    "00000000000000000001ffc40014100100000000000000000000000000000000ffda0008010100003f00d2cf20ffd9"
)
CONTENT = b"sandbox placeholder\n"
MIMES = {
    "photo": "image/jpeg",
    "document": "application/octet-stream",
    "sticker": "image/webp",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "animation": "video/mp4",
}


def placeholder(world: World, what: str, **fields: Any) -> Media:
    """A new medium of the kind `what` (a key of MIMES) with its own id; `fields` as in Media."""
    fields.setdefault("mime", MIMES[what])
    return world.add_media(what, PIXEL if what == "photo" else CONTENT, **fields)


def poll(world: World, question: str, answers: list[str], **fields: Any) -> Media:
    return world.add_media("poll", poll={"question": question, "answers": answers, "votes": {}, **fields})
