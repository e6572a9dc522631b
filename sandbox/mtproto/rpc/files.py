"""Files: uploaded in parts, sent by reference, downloaded in pieces."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc import kinds
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Media, RpcFailure


def taken(c: Call, im: Any) -> dict[str, Any]:
    """What an InputMedia makes of a message, as its fields: media that exists or a new one, and its look."""
    if isinstance(im, (t.InputMediaPhoto, t.InputMediaDocument)):
        return {"media": referenced(c, im.id), "look": _look(c, im)}
    if isinstance(im, (t.InputMediaUploadedPhoto, t.InputMediaUploadedDocument)):
        return {"media": _uploaded(c, im), "look": _look(c, im)}
    made = kinds.made_of(c, im)
    if made is None:
        raise RpcFailure(400, "MEDIA_INVALID")
    return {"media": made}


def _look(c: Call, im: Any) -> dict[str, Any] | None:
    """How the message shows the file; None for nothing special."""
    look: dict[str, Any] = {}
    if im.spoiler:
        look["spoiler"] = True
    if im.ttl_seconds:
        look["ttl"] = im.ttl_seconds
    if getattr(im, "video_cover", None):
        look["cover"] = referenced(c, im.video_cover)
    if getattr(im, "video_timestamp", None):
        look["timestamp"] = im.video_timestamp
    return look or None


def referenced(c: Call, ref: Any) -> Media:
    """The photo or document that exists; RpcFailure for an old reference or what may not be taken."""
    m = c.w.files.get(ref.id)
    if m is None:
        raise RpcFailure(400, "MEDIA_INVALID")
    if ref.file_reference != media.reference(m):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
    if m.first:
        c.w.check_takeable(c.me, m.first.peer, [m.first])
        if m.first.look and m.first.look.get("ttl"):  # self-destructing: nobody shall have it twice
            raise RpcFailure(400, "MEDIA_INVALID")
    return m


def _uploaded(c: Call, im: Any) -> Media:
    data = uploaded_bytes(c, im.file)
    if isinstance(im, t.InputMediaUploadedPhoto):
        return c.w.add_media("photo", data, mime="image/jpeg")
    names = [a.file_name for a in im.attributes if isinstance(a, t.DocumentAttributeFilename)]
    kind = media.shape_of(im.attributes)
    name = names[0] if names else None
    if kind in ("voice", "video_note", "sticker"):
        name = None
    elif kind == "document":
        name = name or im.file.name
    return c.w.add_media(kind, data, mime=im.mime_type, name=name, **_sizes(im.attributes))


def uploaded_bytes(c: Call, file: Any) -> bytes:
    """What an InputFile means; it can be used once."""
    parts = c.server.uploads.pop((c.auth.id, file.id), {})
    for i in range(file.parts):
        if i not in parts:
            raise RpcFailure(400, f"FILE_PART_{i}_MISSING")
    return b"".join(parts[i] for i in range(file.parts))


def _sizes(attributes: list[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for a in attributes:
        if isinstance(a, t.DocumentAttributeVideo):
            found |= {"w": a.w, "h": a.h, "duration": int(a.duration)}
        elif isinstance(a, t.DocumentAttributeAudio):
            found["duration"] = a.duration
    return found


@on(f.messages.UploadMediaRequest)
def upload_media(c: Call, r: Any) -> Any:
    made = taken(c, r.media)
    return media.media(made["media"], c.me, made.get("look"))


@on(f.upload.SaveFilePartRequest, f.upload.SaveBigFilePartRequest)
def save_part(c: Call, r: Any) -> Any:
    c.server.uploads.setdefault((c.auth.id, r.file_id), {})[r.file_part] = r.bytes
    return True


@on(f.upload.GetFileRequest)
def get_file(c: Call, r: Any) -> Any:
    of_chat = isinstance(r.location, t.InputPeerPhotoFileLocation)  # named without a reference
    m = c.w.files.get(r.location.photo_id if of_chat else getattr(r.location, "id", 0))
    if m is None:
        raise RpcFailure(400, "LOCATION_INVALID")
    if not of_chat and r.location.file_reference != media.reference(m):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
    kind = t.storage.FileJpeg() if m.kind == "photo" else t.storage.FileUnknown()
    return t.upload.File(kind, 0, m.data[r.offset : r.offset + r.limit])
