"""Media as TL objects: those with a file here, all others in `unfiled`."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from telethon.tl import types as t

from sandbox.mtproto import unfiled
from sandbox.world import Media

LONG_AGO = 1_700_000_000  # the date of everything that has none of its own
DC = 2  # the only data centre there is; files of another one would need another login
PERSONAL = ("poll", "paid")  # look different to different viewers


@lru_cache(1024)  # the same few in every answer
def when(ts: int) -> datetime:
    return datetime.fromtimestamp(ts, UTC)


def reference(m: Media) -> bytes:
    return b"ref%d" % m.reference


def media(m: Media, viewer: int, look: dict[str, Any] | None = None) -> Any:
    """A MessageMedia; `look` as in Message. Those in PERSONAL depend on the viewer."""
    look = look or {}
    if m.kind == "photo":
        shown = None if look.get("expired") else photo(m)
        return t.MessageMediaPhoto(
            photo=shown, spoiler=look.get("spoiler") or None, ttl_seconds=look.get("ttl")
        )
    if m.kind == "poll":
        return unfiled.poll(m, viewer)
    if m.kind == "paid":
        return _paid(m, viewer)
    if m.kind == "game":
        return t.MessageMediaGame(t.Game(m.id, access_hash(m), photo=photo(m), **(m.payload or {})))
    if m.payload is not None or m.kind == "unsupported":
        return unfiled.media(m)
    return _file(m, look)


def _file(m: Media, look: dict[str, Any]) -> Any:
    shape, cover = m.shape, look.get("cover")
    return t.MessageMediaDocument(
        document=None if look.get("expired") else document(m),
        spoiler=look.get("spoiler") or None,
        video=shape in ("video", "video_note", "animation") or None,
        round=shape == "video_note" or None,
        voice=shape == "voice" or None,
        video_cover=photo(cover) if cover else None,
        video_timestamp=look.get("timestamp"),
        ttl_seconds=look.get("ttl"),
    )


def _paid(m: Media, viewer: int) -> Any:
    """Whoever posted or bought it sees what it is, all others only how big."""
    p = m.payload or {}
    mine = viewer in p.get("buyers", ()) or (m.first is not None and m.first.author == viewer)
    inside = [
        t.MessageExtendedMedia(media(x, viewer)) if mine else t.MessageExtendedMediaPreview(x.w, x.h)
        for x in p["media"]
    ]
    return t.MessageMediaPaidMedia(p["stars"], inside)


def preview(page: dict[str, Any]) -> Any:
    """The link preview that Message.webpage tells of."""
    url, picture = page["url"], page.get("photo")
    shown = t.WebPage(
        int.from_bytes(url.encode()[-7:], "little"),
        url,
        url.partition("://")[2] or url,
        0,
        type="article",
        has_large_media=bool(picture) or None,
        site_name=page.get("site_name"),
        title=page.get("title"),
        description=page.get("description"),
        photo=photo(picture) if picture else None,
    )
    return t.MessageMediaWebPage(
        shown,
        force_large_media=page.get("large") or None,
        force_small_media=page.get("small") or None,
        manual=page.get("manual") or None,
    )


def photo(m: Media) -> Any:
    size = t.PhotoSize("x", m.w, m.h, len(m.data))
    return t.Photo(m.id, access_hash(m), reference(m), when(LONG_AGO), [size], DC)


def document(m: Media) -> Any:
    attributes = _attributes(m)
    if m.name:
        attributes.append(t.DocumentAttributeFilename(m.name))
    return t.Document(m.id, access_hash(m), reference(m), when(LONG_AGO), m.mime, len(m.data), DC, attributes)


def access_hash(m: Media) -> int:
    return m.id ^ 0x5A5A


def shape_of(attributes: list[Any]) -> str:
    """The kind of media that these attributes of an upload make."""
    for a in attributes:
        if isinstance(a, t.DocumentAttributeSticker):
            return "sticker"
        if isinstance(a, t.DocumentAttributeAudio):
            return "voice" if a.voice else "audio"
        if isinstance(a, t.DocumentAttributeAnimated):
            return "animation"
    for a in attributes:
        if isinstance(a, t.DocumentAttributeVideo):
            return "video_note" if a.round_message else "video"
    return "document"


def _attributes(m: Media) -> list[Any]:
    match m.shape:
        case "video":
            return [t.DocumentAttributeVideo(m.duration, m.w, m.h, supports_streaming=True)]
        case "video_note":
            return [t.DocumentAttributeVideo(m.duration, m.w, m.h, round_message=True)]
        case "animation":
            return [t.DocumentAttributeVideo(m.duration, m.w, m.h), t.DocumentAttributeAnimated()]
        case "audio":
            return [t.DocumentAttributeAudio(m.duration, title=m.name)]
        case "voice":
            return [t.DocumentAttributeAudio(m.duration, voice=True, waveform=b"\0" * 8)]
        case "sticker":
            image = t.DocumentAttributeImageSize(512, 512)
            return [image, t.DocumentAttributeSticker("🙂", t.InputStickerSetEmpty())]
    return []
