"""A chat's title, description and photo."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc.files import uploaded_bytes
from sandbox.mtproto.rpc.making import changed, chat_of
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Media, Peer, RpcFailure


@on(f.channels.EditTitleRequest)
def edit_title(c: Call, r: Any) -> Any:
    return _retitle(c, c.peer(r.channel), r.title)


@on(f.messages.EditChatTitleRequest)
def edit_chat_title(c: Call, r: Any) -> Any:
    return _retitle(c, chat_of(c, r.chat_id), r.title)


def _retitle(c: Call, p: Peer, title: str) -> Any:
    mark = c.mark(p)
    c.w.set_title(c.me, p, title, c.session)
    return c.done(p, mark)


@on(f.messages.EditChatAboutRequest)
def edit_chat_about(c: Call, r: Any) -> Any:
    c.w.set_about(c.me, c.peer(r.peer), r.about)
    return True


@on(f.channels.EditPhotoRequest)
def edit_photo(c: Call, r: Any) -> Any:
    return _rephoto(c, c.peer(r.channel), r.photo)


@on(f.messages.EditChatPhotoRequest)
def edit_chat_photo(c: Call, r: Any) -> Any:
    return _rephoto(c, chat_of(c, r.chat_id), r.photo)


def _rephoto(c: Call, p: Peer, given: Any) -> Any:
    c.w.check_admin(c.me, p, "change_info")  # before an upload is used up
    photo = _taken(c, given)
    mark = c.mark(p)
    c.w.set_photo(c.me, p, photo, c.session)
    return c.done(p, mark, changed(c, p).updates)


def _taken(c: Call, given: Any) -> Media | None:
    if isinstance(given, t.InputChatPhotoEmpty):
        return None
    if isinstance(given, t.InputChatPhoto):
        return _referenced(c, given.id)
    if given.file is None:
        raise RpcFailure(400, "PHOTO_FILE_MISSING")
    return Media("photo", data=uploaded_bytes(c, given.file), mime="image/jpeg")


def _referenced(c: Call, ref: Any) -> Media:
    found = c.w.files.get(getattr(ref, "id", 0))
    if found is None or found.kind != "photo" or ref.access_hash != media.access_hash(found):
        raise RpcFailure(400, "PHOTO_INVALID")
    if ref.file_reference != media.reference(found):
        raise RpcFailure(400, "FILE_REFERENCE_EXPIRED")
    if found.first and not found.first.service:  # a chat's own photo is nobody's content
        c.w.check_takeable(c.me, found.first.peer, [found.first])
    return found
