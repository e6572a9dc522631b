"""Texts with entities, drawn from a seed. Offsets are UTF-16 code units, as Telegram counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import Any, TypeVar

from telethon.tl import types as t

from sandbox.scenario import words

T = TypeVar("T")

ENTITIES: dict[str, Callable[[int, int], Any]] = {
    "bold": t.MessageEntityBold,
    "italic": t.MessageEntityItalic,
    "underline": t.MessageEntityUnderline,
    "strike": t.MessageEntityStrike,
    "spoiler": t.MessageEntitySpoiler,
    "code": t.MessageEntityCode,
    "pre": lambda offset, length: t.MessageEntityPre(offset, length, "python"),
    "quote": t.MessageEntityBlockquote,
    "link": lambda offset, length: t.MessageEntityTextUrl(offset, length, "https://example.org/story"),
    "url": t.MessageEntityUrl,
    "mention": t.MessageEntityMention,
    "hashtag": t.MessageEntityHashtag,
    "email": t.MessageEntityEmail,
    "emoji": lambda offset, length: t.MessageEntityCustomEmoji(offset, length, 5368324170671202286),
}


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text) + sum(c > "\uffff" for c in text)


@lru_cache(maxsize=8192)  # equal entities are one object: a hundred thousand messages share a few thousand
def entity(kind: str, offset: int, length: int) -> Any:
    return ENTITIES[kind](offset, length)


class Writer:
    def __init__(self, random: Random) -> None:
        self._random = random

    def text(self, sentences: int = 3) -> tuple[str, list[Any]]:
        """One to `sentences` sentences, a third of them with something styled."""
        parts: list[str] = []
        entities: list[Any] = []
        at = 0
        for n in range(1 + int(self._random.random() * sentences)):
            plain = self.sentence() if n == 0 else "\n" + self.sentence()
            parts.append(plain)
            at += units(plain)
            if self._random.random() < 0.33:
                kinds, styled = self.one_of(words.STYLED)
                length = units(styled)
                entities += [entity(kind, at + 1, length) for kind in kinds.split()]
                parts.append(f" {styled}")
                at += length + 1
        return "".join(parts), entities

    def sentence(self) -> str:
        return self.numbered(self.one_of(words.SENTENCES)) + self.one_of(words.TAILS)

    def numbered(self, phrase: str) -> str:
        return phrase.replace("{n}", str(int(self._random.random() * 100_000)))

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[int(self._random.random() * len(choices))]
