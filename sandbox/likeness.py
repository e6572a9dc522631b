"""What a message is recognised by, and when one message may be an altered copy of another."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sandbox.compare_links import Addresses, Link, reading
from sandbox.world import Media, Message

ALIKE = 0.6  # share of equal characters from which a text counts as an altered copy
LOOKED_AT = 400  # characters compared for that
#: What a poll or a to-do list has gathered rather than been made with.
GATHERED = {"votes", "close_date", "done"}
#: Of a live place it counts where it was: its copies stand still.
PLACE = ("lat", "long")


class Fingerprint(NamedTuple):
    """`text` and `entities` as they read in either chat, whatever they link to; `media` by MediaKeys."""

    text: str
    entities: tuple[bytes, ...]
    media: Any


class MediaKeys:
    """Equal keys for the same media: the same file, files of the same bytes and attributes, the same payload.

    A file that is not one of `known` is taken for the one of them that has its bytes and attributes, if there
    is exactly one: placeholders share their bytes, and are not the same for that.
    """

    def __init__(self, known: Iterable[Media], others: Iterable[Media]) -> None:
        files = {m.id: m for m in known if _is_file(m)}
        self._stand_for: dict[int, int] = {}
        new = {m.id: m for m in others if m.id not in files and m.data and _is_file(m)}
        if new:
            contents: dict[tuple[Any, ...], list[int]] = {}
            for m in files.values():
                contents.setdefault(_content(m), []).append(m.id)
            for m in new.values():
                same = contents.get(_content(m), [])
                if len(same) == 1:
                    self._stand_for[m.id] = same[0]

    def __call__(self, m: Media | None) -> Any:
        if m is None:
            return None
        if m.poll is not None:
            return "poll", self.canonical({k: v for k, v in m.poll.items() if k not in GATHERED})
        if m.payload is None:
            return self._stand_for.get(m.id, m.id)
        if m.kind == "geo_live":
            return "geo", self.canonical({k: m.payload.get(k) for k in PLACE})
        if m.kind == "dice":
            return m.kind, m.payload.get("emoticon")  # copies are thrown anew, and may show what others show
        return m.kind, self.canonical({k: v for k, v in m.payload.items() if k not in GATHERED})

    def canonical(self, value: Any) -> Any:
        """Something hashable and equal for what looks equal: nothing and no entry are the same."""
        if isinstance(value, dict):
            return tuple(sorted((k, self.canonical(v)) for k, v in value.items() if v or k == "correct"))
        if isinstance(value, list | tuple | set):
            return tuple(map(self.canonical, value))
        if isinstance(value, float):
            return round(value, 5)  # about a metre, as far as Telegram keeps it
        if isinstance(value, Media):
            return self(value)
        return bytes(value) if hasattr(value, "_bytes") else value


def _is_file(m: Media) -> bool:
    return m.poll is None and m.payload is None


def _content(m: Media) -> tuple[Any, ...]:
    return m.shape, m.data, m.mime, m.name, m.w, m.h, m.duration


def fingerprint(m: Message, addresses: Addresses, keys: MediaKeys) -> tuple[Fingerprint, tuple[Link, ...]]:
    """And the messages that its text links to, in the text's order."""
    media = keys(m.media) if m.media is not None else None
    if not m.entities:
        return Fingerprint(m.text, (), media), ()
    if found := reading(addresses, m.text, m.entities):
        return Fingerprint(found.text, found.entities, media), found.links
    return Fingerprint(m.text, tuple(sorted(bytes(e) for e in m.entities)), media), ()


def related(source: Fingerprint, other: Fingerprint) -> bool:
    """The same media or the same words, whatever else was changed."""
    if source.media is not None and source.media == other.media:
        return True
    return bool(source.text) and source.text == other.text


def alike(source: Message, other: Message) -> bool:
    """Similar words; or, where there are none, media of the same kind."""
    if source.text and other.text:
        matcher = SequenceMatcher(None, source.text[:LOOKED_AT], other.text[:LOOKED_AT], autojunk=False)
        return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
    if source.text or other.text or source.media is None or other.media is None:
        return False
    return source.media.kind == other.media.kind
