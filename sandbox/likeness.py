"""What of a message must be the same in its copy, and when one message may be an altered copy of another."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from sandbox.world import Message

ALIKE = 0.6  # share of equal characters from which a text counts as an altered copy
LOOKED_AT = 400  # characters compared for that


class Fingerprint(NamedTuple):
    text: str
    entities: tuple[bytes, ...]
    media: int | None


def fingerprint(m: Message) -> Fingerprint:
    entities = tuple(sorted(bytes(e) for e in m.entities)) if m.entities else ()
    return Fingerprint(m.text, entities, m.media.id if m.media else None)


def differences(source: Message, copy: Message, *, regrouped: bool) -> list[str]:
    """What is not the same, in words; [] for a true copy."""
    a, b = fingerprint(source), fingerprint(copy)
    unlike = {
        "text": a.text != b.text,
        "entities": a.entities != b.entities,
        "media": a.media != b.media,
        "grouping": regrouped,
        "forward header": copy.fwd is not None,
    }
    return [what for what, is_so in unlike.items() if is_so]


def related(source: Message, other: Message) -> bool:
    """The same media or the same words, whatever else was changed."""
    if source.media and other.media and source.media.id == other.media.id:
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
