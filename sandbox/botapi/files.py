"""Files on the way in and out: uploads, file ids, and what kind of media a file is here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.botapi.errors import ApiError
from sandbox.world import Media, World

#: What an upload is taken for whatever its name says; documents keep their own type.
MIMES = {
    "photo": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "animation": "video/mp4",
    "sticker": "image/webp",
    "video_note": "video/mp4",
}
FILES = {*MIMES, "document"}
FILE_ID = re.compile(r"sbx(\d+)")


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    data: bytes


def known(world: World, file_id: str) -> Media | None:
    found = FILE_ID.fullmatch(file_id)
    return world.files.get(int(found[1])) if found else None


def take(world: World, kind: str, value: str, uploads: dict[str, Upload]) -> Media:
    """The media a request names: an upload is a new one, a file id the same one. Raises ApiError 400."""
    if value.startswith("attach://"):
        part = uploads.get(value.removeprefix("attach://"))
        if part is None:
            raise ApiError(400, "wrong file identifier/HTTP URL specified")
        if not part.data:
            raise ApiError(400, "file must be non-empty")
        return world.add_media(kind, part.data, name=_name(kind, part), mime=MIMES.get(kind, part.mime))
    if value.startswith(("http://", "https://")):
        raise ApiError(400, "failed to get HTTP URL content")  # nothing but loopback is reached from here
    media = known(world, value)
    if media is None:
        raise ApiError(400, "wrong file identifier/HTTP URL specified")
    was = media.shape
    if was != kind:
        raise ApiError(400, f"can't use file of type {_title(was)} as {_title(kind)}")
    return media


def _name(kind: str, part: Upload) -> str | None:
    return part.name if kind in ("document", "video", "audio", "animation") else None


def _title(kind: str) -> str:
    return kind.title().replace("_", "")


def to_json(media: Media) -> dict[str, Any]:
    """The field of a message that shows this file, as in {"video": {...}}; none for media without a file."""
    kind = media.shape
    if kind not in FILES:
        return {}
    file: dict[str, Any] = identity(media)
    size = {"width": media.w, "height": media.h}
    if kind == "photo":
        return {"photo": [file | size]}
    if kind == "sticker":
        shape = {"type": "regular", "is_animated": media.mime == "application/x-tgsticker", "is_video": False}
        return {"sticker": file | {"width": 512, "height": 512} | shape}
    file["mime_type"] = media.mime
    if media.name:
        file["file_name"] = media.name
    if kind in ("video", "animation"):
        file |= size
    if kind == "video_note":
        file["length"] = media.w
    if kind != "document":
        file["duration"] = media.duration
    shown = {kind: file}
    if kind == "animation":
        shown["document"] = {k: v for k, v in file.items() if k not in ("width", "height", "duration")}
    return shown


def identity(media: Media) -> dict[str, Any]:
    return {"file_id": f"sbx{media.id}", "file_unique_id": f"u{media.id}", "file_size": len(media.data)}
