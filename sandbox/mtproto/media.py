"""Media and buttons as TL objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from sandbox.world import Media

LONG_AGO = 1_700_000_000  # the date of everything that has none of its own
DC = 2  # the only data centre there is; files of another one would need another login


def when(ts: int) -> datetime:
    return datetime.fromtimestamp(ts, UTC)


def reference(m: Media) -> bytes:
    return b"ref%d" % m.reference


def media(m: Media, viewer: int) -> Any:
    """A MessageMedia; only a poll looks different to different viewers."""
    if m.kind == "photo":
        return t.MessageMediaPhoto(photo=photo(m))
    if m.kind == "poll":
        return _poll(m, viewer)
    if m.payload is not None:
        return _without_file(m)
    shape = m.shape
    return t.MessageMediaDocument(
        document=document(m),
        video=shape in ("video", "video_note", "animation") or None,
        round=shape == "video_note" or None,
        voice=shape == "voice" or None,
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


def _without_file(m: Media) -> Any:
    """Contact, place, dice and the like: `payload` holds the constructor's arguments."""
    p = dict(m.payload or {})
    if m.kind in ("geo", "venue"):
        p["geo"] = t.GeoPoint(p.pop("long"), p.pop("lat"), m.id)
    match m.kind:
        case "contact":
            return t.MessageMediaContact(**{"last_name": "", "vcard": "", "user_id": 0} | p)
        case "geo":
            return t.MessageMediaGeo(**p)
        case "venue":
            return t.MessageMediaVenue(**{"provider": "", "venue_id": "", "venue_type": ""} | p)
        case "dice":
            return t.MessageMediaDice(**p)
        case "game":
            return t.MessageMediaGame(t.Game(m.id, access_hash(m), photo=photo(m), **p))
        case "invoice":
            return t.MessageMediaInvoice(**{"start_param": ""} | p)
    return t.MessageMediaUnsupported()


def _poll(m: Media, viewer: int) -> Any:
    p = m.poll or {}
    votes: dict[int, Any] = p.get("votes", {})
    voted = viewer in votes or p.get("closed")
    answers = [t.PollAnswer(t.TextWithEntities(a, []), option(i)) for i, a in enumerate(p["answers"])]
    results = [
        t.PollAnswerVoters(
            option(i),
            chosen=i in chosen(votes.get(viewer)) or None,
            correct=(p.get("quiz") and i == p.get("correct")) or None,
            voters=sum(i in chosen(v) for v in votes.values()),
            recent_voters=[],
        )
        for i in range(len(answers))
    ]
    poll = t.Poll(
        m.id,
        t.TextWithEntities(p["question"], []),
        answers,
        hash=0,
        quiz=p.get("quiz") or None,
        closed=p.get("closed") or None,
        multiple_choice=p.get("multiple") or None,
        public_voters=p.get("public") or None,
    )
    shown = results if voted else None  # to those who voted
    return t.MessageMediaPoll(poll, t.PollResults(results=shown, total_voters=len(votes)))


def option(index: int) -> bytes:
    return bytes([48 + index])


def chosen(vote: Any) -> tuple[int, ...]:
    """A vote is an index or several."""
    if vote is None:
        return ()
    return (vote,) if isinstance(vote, int) else tuple(vote)


def markup(rows: list[list[dict[str, Any]]]) -> Any:
    """An inline keyboard; buttons are the Bot API's objects."""

    def kind(b: dict[str, Any]) -> Any:
        if "url" in b:
            return t.InlineButtonTypeUrl(b["url"])
        return t.InlineButtonTypeCallback(data=b.get("callback_data", "").encode())

    def row(buttons: list[dict[str, Any]]) -> Any:
        return t.KeyboardInlineButtonRow([t.KeyboardInlineButton(b["text"], kind(b)) for b in buttons])

    return t.ReplyInlineMarkup([row(r) for r in rows])
