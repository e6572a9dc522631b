"""Files: uploaded in parts, sent by reference, downloaded in pieces."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Media, RpcFailure


def take_media(c: Call, im: Any) -> Media:
    """The media an InputMedia means: one that exists, or a new one from what was uploaded."""
    if isinstance(im, (t.InputMediaPhoto, t.InputMediaDocument)):
        return _referenced(c, im.id)
    if isinstance(im, (t.InputMediaUploadedPhoto, t.InputMediaUploadedDocument)):
        return _uploaded(c, im)
    if isinstance(im, t.InputMediaPoll):
        poll = {
            "question": im.poll.question.text,
            "quiz": im.poll.quiz,
            "answers": [a.text.text for a in im.poll.answers],
        }
        return c.w.add_media("poll", poll=poll)
    raise RpcFailure(400, "MEDIA_INVALID")


def _referenced(c: Call, ref: Any) -> Media:
    m = c.w.files.get(ref.id)
    if m is None:
        raise RpcFailure(400, "MEDIA_INVALID")
    if ref.file_reference != media.reference(m):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
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
    return c.w.add_media("document", data, mime=im.mime_type, name=names[0] if names else im.file.name)


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
