"""Files: uploaded in parts, sent by reference, downloaded in pieces."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Media, RpcFailure


def take_media(c: Call, im: Any) -> Media:
    """The media an InputMedia means: one that exists, or a new one."""
    if isinstance(im, (t.InputMediaPhoto, t.InputMediaDocument)):
        return _referenced(c, im.id)
    if isinstance(im, (t.InputMediaUploadedPhoto, t.InputMediaUploadedDocument)):
        return _uploaded(c, im)
    if isinstance(im, t.InputMediaPoll):
        return _poll(c, im)
    if isinstance(im, t.InputMediaContact):
        return c.w.add_media("contact", payload=_fields(im, "phone_number first_name last_name vcard"))
    if isinstance(im, t.InputMediaGeoPoint):
        return c.w.add_media("geo", payload=_place(im))
    if isinstance(im, t.InputMediaVenue):
        where = _place(im) | _fields(im, "title address provider venue_id venue_type")
        return c.w.add_media("venue", payload=where)
    if isinstance(im, t.InputMediaDice):
        return c.w.add_media("dice", payload={"value": 1 + c.session.id % 6, "emoticon": im.emoticon})
    raise RpcFailure(400, "MEDIA_INVALID")


def _fields(im: Any, names: str) -> dict[str, Any]:
    return {name: getattr(im, name) for name in names.split()}


def _place(im: Any) -> dict[str, Any]:
    return {"lat": im.geo_point.lat, "long": im.geo_point.long}


def _poll(c: Call, im: Any) -> Media:
    right = im.correct_answers or []
    if im.poll.quiz and len(right) != 1:
        raise RpcFailure(400, "QUIZ_CORRECT_ANSWERS_EMPTY" if not right else "QUIZ_CORRECT_ANSWERS_TOO_MUCH")
    poll = {
        "question": im.poll.question.text,
        "answers": [a.text.text for a in im.poll.answers],
        "quiz": bool(im.poll.quiz),
        "multiple": bool(im.poll.multiple_choice),
        "public": bool(im.poll.public_voters),
        "correct": right[0] if right else None,
        "votes": {},
    }
    return c.w.add_media("poll", poll=poll)


def _referenced(c: Call, ref: Any) -> Media:
    m = c.w.files.get(ref.id)
    if m is None:
        raise RpcFailure(400, "MEDIA_INVALID")
    if ref.file_reference != media.reference(m):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
    if m.first:
        c.w.check_takeable(m.first.peer, [m.first])
    return m


def _uploaded(c: Call, im: Any) -> Media:
    parts = c.server.uploads.pop((c.auth.id, im.file.id), {})
    for i in range(im.file.parts):
        if i not in parts:
            raise RpcFailure(400, f"FILE_PART_{i}_MISSING")
    data = b"".join(parts[i] for i in range(im.file.parts))
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
    return media.media(take_media(c, r.media), c.me)


@on(f.upload.SaveFilePartRequest, f.upload.SaveBigFilePartRequest)
def save_part(c: Call, r: Any) -> Any:
    c.server.uploads.setdefault((c.auth.id, r.file_id), {})[r.file_part] = r.bytes
    return True


@on(f.upload.GetFileRequest)
def get_file(c: Call, r: Any) -> Any:
    m = c.w.files.get(getattr(r.location, "id", 0))
    if m is None:
        raise RpcFailure(400, "LOCATION_INVALID")
    if r.location.file_reference != media.reference(m):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
    kind = t.storage.FileJpeg() if m.kind == "photo" else t.storage.FileUnknown()
    return t.upload.File(kind, 0, m.data[r.offset : r.offset + r.limit])
