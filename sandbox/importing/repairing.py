"""Telegram Desktop's exports are not always JSON; what it gets wrong is known, and made good here."""

from __future__ import annotations

import re

BOM = b"\xef\xbb\xbf"
#: U+2028 and U+2029 are written escaped, and the last two bytes of the character once more.
SEPARATOR = re.compile(rb"(\\u202[89])\x80[\xa8\xa9]")
#: Control characters are written as in C: \x01. The second branch takes all other escapes as they come.
ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
#: Desktop 4.1 wrote custom emoji's files without quotation marks.
BARE = re.compile(r'("document_id": )([^"\s\d-][^\n"]*?)(?=,?\n)')


def repaired(raw: bytes) -> str:
    """The file's text as JSON. Bytes that are no text, as old versions wrote of buttons, become U+FFFD."""
    text = SEPARATOR.sub(rb"\1", raw.removeprefix(BOM)).decode(errors="replace")
    return BARE.sub(r'\1"\2"', ESCAPE.sub(_escape, text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u00{found[1]}" if found[1] else found[0]
