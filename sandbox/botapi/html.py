"""parse_mode HTML, as strict as the real server: Telethon's own parser forgives everything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.botapi.entities import make, ordered, utf16
from sandbox.botapi.errors import ApiError
from sandbox.botapi.links import link_entity

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
TAGS = {*SIMPLE, "a", "blockquote", "tg-emoji"}
TAG = re.compile(r"<(/?)([^\s>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)))?")
#: The server knows these four names and numeric references, nothing else.
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass
class Open:
    tag: str
    attributes: dict[str, str]
    at: int  # characters of the result before it
    offset: int  # the same in UTF-16 units


def parse(source: str) -> tuple[str, list[Any]]:
    """Text and TL entities. Raises ApiError 400 in the server's words for anything not well formed."""
    text, offset, found = "", 0, []
    opened: list[Open] = []
    position = 0
    while position < len(source):
        if source[position] != "<":
            end = source.find("<", position)
            piece = decode(source[position : end if end >= 0 else len(source)])
            text, offset, position = text + piece, offset + utf16(piece), end if end >= 0 else len(source)
            continue
        tag = TAG.match(source, position)
        byte = len(source[:position].encode())
        if tag is None:
            raise _refused(f"Unclosed start tag at byte offset {byte}")
        position = tag.end()
        name = tag[2].lower()
        if not tag[1]:
            opened.append(Open(name, _attributes(name, tag[3], byte), len(text), offset))
            continue
        if not opened:
            raise _refused(f"Unexpected end tag at byte offset {byte}")
        start = opened.pop()
        if name and name != start.tag:
            raise _refused(
                f'Unmatched end tag at byte offset {byte}, expected "</{start.tag}>", found "</{name}>"'
            )
        if offset > start.offset:
            found += _closed(start, opened, text[start.at :], offset - start.offset)
    if opened:
        raise _refused(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return text, ordered(_merged_pre(found))


def decode(piece: str) -> str:
    def one(m: re.Match[str]) -> str:
        if m[3]:
            return NAMED[m[3]]
        code = int(m[1], 16) if m[1] else int(m[2])
        return chr(code) if 0 < code < 0x110000 else m[0]

    return REFERENCE.sub(one, piece)


def _attributes(tag: str, source: str, byte: int) -> dict[str, str]:
    if tag not in TAGS:
        raise _refused(f'Unsupported start tag "{tag}" at byte offset {byte}')
    found, position = {}, 0
    source = source.rstrip()
    while position < len(source):
        m = ATTRIBUTE.match(source, position)
        if m is None:
            raise _refused(f'Empty attribute name in the tag "{tag}" at byte offset {byte}')
        found[m[1].lower()] = decode(next((v for v in m.groups()[1:] if v is not None), ""))
        position = m.end()
    if tag == "span" and found.get("class") != "tg-spoiler":
        raise _refused(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    if tag == "tg-emoji" and not found.get("emoji-id", "").isdigit():
        raise _refused(f"Invalid custom emoji identifier specified at byte offset {byte}")
    return found


def _closed(start: Open, around: list[Open], content: str, length: int) -> list[Any]:
    """The entity of a tag that has just ended; none where the server makes none."""
    given = start.attributes
    match start.tag:
        case "a":
            return link_entity(given.get("href") or content, start.offset, length)
        case "blockquote":
            kind = "expandable_blockquote" if "expandable" in given else "blockquote"
            return [make(kind, start.offset, length)]
        case "tg-emoji":
            return [make("custom_emoji", start.offset, length, given["emoji-id"])]
        case "code" if around and around[-1].tag == "pre" and given.get("class", "").startswith("language-"):
            return [make("pre", start.offset, length, given["class"].removeprefix("language-"))]
    return [make(SIMPLE[start.tag], start.offset, length)]


def _merged_pre(found: list[Any]) -> list[Any]:
    """<pre><code class="language-x"> is one block that knows its language, not two."""
    spoken = {(e.offset, e.length) for e in found if getattr(e, "language", "")}
    return [e for e in found if getattr(e, "language", None) != "" or (e.offset, e.length) not in spoken]


def _refused(reason: str) -> ApiError:
    return ApiError(400, f"can't parse entities: {reason}")
