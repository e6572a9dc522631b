"""parse_mode MarkdownV2, with every reserved character refused unless it is escaped or means something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.botapi.entities import make, ordered, utf16
from sandbox.botapi.errors import ApiError
from sandbox.botapi.links import link_entity

RESERVED = "_*[]()~`>#+-=|{}.!"
#: What opens an entity, longest first; `closes` below says what ends it.
OPENING = (
    ("```", "pre"),
    ("__", "underline"),
    ("||", "spoiler"),
    ("![", "custom_emoji"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("`", "code"),
    ("[", "text_link"),
)
CLOSING = {
    "pre": "```",
    "underline": "__",
    "spoiler": "||",
    "custom_emoji": "]",
    "italic": "_",
    "bold": "*",
    "strikethrough": "~",
    "code": "`",
    "text_link": "]",
}
NAMES = {"text_link": "TextUrl", "custom_emoji": "CustomEmoji", "pre": "Pre", "code": "Code"}


@dataclass
class Open:
    kind: str
    byte: int  # where it began, for the error
    offset: int  # UTF-16 units of the result before it
    at: int  # characters of the result before it
    language: str = ""


class MarkdownV2:
    """One text's parse: `parse()` once, then it is used up."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text = ""
        self.offset = 0
        self.opened: list[Open] = []
        self.found: list[Any] = []
        self.fresh = True  # no text on this line yet: a ">" starts a quotation

    def parse(self) -> tuple[str, list[Any]]:
        """Text and TL entities. Raises ApiError 400 in the server's words."""
        while self.position < len(self.source):
            self._step(self.source[self.position])
        if self.opened and self.opened[-1].kind == "blockquote":
            self._finish(self.opened.pop())
        if self.opened:
            last = self.opened[-1]
            name = NAMES.get(last.kind, last.kind.capitalize())
            raise _refused(f"Can't find end of {name} entity at byte offset {last.byte}")
        return self.text, ordered(self.found)

    def _step(self, c: str) -> None:
        inside = self.opened[-1].kind if self.opened else ""
        following = self.source[self.position + 1 : self.position + 2]
        if c == "\\" and following and 0 < ord(following) <= 126:
            self._take(following, 2)
        elif c == "\n" and self._in_quotation():
            self._line_in_quotation(inside)
        elif c not in ("`" if inside in ("code", "pre") else RESERVED):
            self._take(c, 1)
        elif inside == "blockquote" and self._at("||") and self.source[self.position + 2 :][:1] in ("", "\n"):
            self.position += 2
            self._finish(self.opened.pop(), expandable=True)
        elif inside and inside != "blockquote" and self._ends(inside):
            self.position += len(CLOSING[inside])
            self._finish(self.opened.pop())
        else:
            self._open(c)

    def _take(self, c: str, width: int) -> None:
        self.text += c
        self.offset += utf16(c)
        self.position += width
        self.fresh = c == "\n"

    def _at(self, mark: str) -> bool:
        return self.source.startswith(mark, self.position)

    def _ends(self, kind: str) -> bool:
        # "___" inside italics first closes an underline, if one is open; a lone "_" is what ends italics
        return self._at(CLOSING[kind]) and not (kind == "italic" and self._at("__"))

    def _in_quotation(self) -> bool:
        return any(o.kind == "blockquote" for o in self.opened)

    def _line_in_quotation(self, inside: str) -> None:
        """A quotation goes on while its lines start with ">"."""
        if self.source[self.position + 1 : self.position + 2] == ">":
            self._take("\n", 2)
            self.fresh = False
        elif inside == "blockquote":
            self._finish(self.opened.pop())
            self._take("\n", 1)
        else:
            self._take("\n", 1)

    def _open(self, c: str) -> None:
        byte = len(self.source[: self.position].encode())
        if c == ">" and self.fresh and not self.opened:
            self.opened.append(Open("blockquote", byte, self.offset, len(self.text)))
            self.position += 1
            return
        mark, kind = next(((m, k) for m, k in OPENING if self._at(m)), ("", ""))
        if not kind:
            raise _refused(f"Character '{c}' is reserved and must be escaped with the preceding '\\'")
        self.position += len(mark)
        language = self._language() if kind == "pre" else ""
        self.opened.append(Open(kind, byte, self.offset, len(self.text), language))

    def _language(self) -> str:
        """The word right behind ``` when a line break follows it; that one break belongs to the mark."""
        end = self.position
        while end < len(self.source) and self.source[end] != "`" and not self.source[end].isspace():
            end += 1
        language = ""
        if end > self.position and end < len(self.source) and self.source[end] != "`":
            language, self.position = self.source[self.position : end], end
        if self._at("\r\n"):
            self.position += 2
        elif self._at("\n") or self._at("\r"):
            self.position += 1
        return language

    def _finish(self, start: Open, expandable: bool = False) -> None:
        length = self.offset - start.offset
        address = self._address(start) if start.kind in ("text_link", "custom_emoji") else ""
        if not length:
            return
        if start.kind == "text_link":
            self.found += link_entity(address or self.text[start.at :], start.offset, length)
            return
        kind = "expandable_blockquote" if expandable else start.kind
        self.found.append(make(kind, start.offset, length, address or start.language))

    def _address(self, start: Open) -> str:
        """What stands in the brackets behind a link or an emoji."""
        address = ""
        if self._at("("):
            self.position += 1
            while self.position < len(self.source) and self.source[self.position] != ")":
                if self._at("\\"):
                    self.position += 1
                address += self.source[self.position : self.position + 1]
                self.position += 1
            if not self._at(")"):
                byte = len(self.source[: self.position].encode())
                raise _refused(f"Can't find end of a URL at byte offset {byte}")
            self.position += 1
        if start.kind == "custom_emoji":
            identifier = address.removeprefix("tg://emoji?id=")
            if not identifier.isdigit():
                raise _refused("Custom emoji entity must contain a tg://emoji URL")
            return identifier
        return address


def parse(source: str) -> tuple[str, list[Any]]:
    return MarkdownV2(source).parse()


def _refused(reason: str) -> ApiError:
    return ApiError(400, f"can't parse entities: {reason}")
