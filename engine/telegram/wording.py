"""How the texts of a message are worded in its copy: links lead to copies, names to people who are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from engine.links import NewUrl, SourceLinks
from engine.telegram.entities import KnownUser, as_input, rewrite


@dataclass(frozen=True, slots=True)
class Wording:
    links: SourceLinks  #: knows the links to messages of the source
    new_url: NewUrl  #: where each of them leads now
    user: KnownUser  #: whom the account may mention

    def of(self, text: str, entities: Sequence[Any] | None) -> tuple[str, list[Any], int]:
        """(text, entities to send, number of those lost)."""
        rewritten, moved = rewrite(text, entities or (), self.links, self.new_url)
        return rewritten, *as_input(moved, self.user)

    def of_words(self, words: Any) -> Any:
        """The same for a TextWithEntities."""
        return tl.TextWithEntities(*self.of(words.text, words.entities)[:2])

    def url(self, url: str) -> str:
        link = self.links.find(url)
        return (self.new_url(link) if link else None) or url
